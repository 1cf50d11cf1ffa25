using Lockstep.Embedded.Hosting;
using Microsoft.Extensions.Logging;

namespace Lockstep.Cli.Serve;

/// <summary>What the driver tells the operator, as structured log lines.</summary>
internal sealed partial class OperatorLog(ILogger logger) : IEmbeddedLog
{
    /// <inheritdoc/>
    public void Warn(string message, Exception? cause = null) => Log(logger, message, cause);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Message}")]
    private static partial void Log(ILogger logger, string message, Exception? cause);
}
