using Lockstep.Embedded.Hosting;
using Lockstep.Service.Executions;
using Microsoft.Extensions.Logging;

namespace Lockstep.Cli.Serve;

/// <summary>What the driver tells the operator, as structured log lines that name the tenant and the execution they concern.</summary>
internal sealed partial class OperatorLog(ILogger logger) : IEmbeddedLog
{
    /// <inheritdoc/>
    public void Warn(string message, Exception? cause = null, ExecutionKey? execution = null)
    {
        if (execution is { } key)
        {
            LogExecution(logger, message, key.Id, key.Tenant.Value, cause);
        }
        else
        {
            Log(logger, message, cause);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Message}")]
    private static partial void Log(ILogger logger, string message, Exception? cause);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Message}: execution {Execution} of tenant {Tenant}")]
    private static partial void LogExecution(ILogger logger, string message, string execution, string tenant, Exception? cause);
}
