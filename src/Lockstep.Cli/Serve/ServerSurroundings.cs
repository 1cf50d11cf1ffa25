using Lockstep.Cli.Composition;
using Lockstep.Cli.Telemetry;
using Microsoft.Extensions.Logging;

namespace Lockstep.Cli.Serve;

/// <summary>What is there before the platform and after it: the operator's log, and the export of telemetry, which reports to it.</summary>
internal sealed class ServerSurroundings : IDisposable
{
    private ServerSurroundings(ILoggerFactory log, TelemetryExport? export)
    {
        Log = log;
        Export = export;
    }

    /// <summary>The operator's log.</summary>
    public ILoggerFactory Log { get; }

    /// <summary>The export of telemetry; null when there is nowhere to export to.</summary>
    public TelemetryExport? Export { get; }

    /// <summary>Opens the log and starts exporting.</summary>
    public static ServerSurroundings Create(PlatformOptions options, LogOptions logging)
    {
        ILoggerFactory log = LoggerFactory.Create(logging.Apply);
        try
        {
            return new ServerSurroundings(log, TelemetryExport.Start(options.Telemetry, options.Limits, log.CreateLogger("Lockstep.Telemetry")));
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Export?.Dispose();
        Log.Dispose();
    }
}
