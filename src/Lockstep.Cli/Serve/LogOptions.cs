using Lockstep.Cli.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Lockstep.Cli.Serve;

/// <summary>How the operator's log looks; it always goes to standard error, so that standard output has only what scripts rely on.</summary>
/// <param name="Level">The least level that is logged.</param>
/// <param name="Format">The form of a line.</param>
internal sealed record LogOptions(LogLevel Level, LogFormat Format)
{
    private const string LevelKey = "Lockstep:LogLevel";
    private const string FormatKey = "Lockstep:LogFormat";
    private const string Timestamp = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>Reads and checks; what cannot be used ends the command.</summary>
    public static LogOptions Read(Settings settings) =>
        new(Read(settings, LevelKey, LogLevel.Information), Read(settings, FormatKey, LogFormat.Json));

    /// <summary>Sets a log up.</summary>
    public void Apply(ILoggingBuilder logging)
    {
        if (Format == LogFormat.Json)
        {
            logging.AddJsonConsole(console =>
            {
                console.UseUtcTimestamp = true;
                console.TimestampFormat = Timestamp;
            });
        }
        else
        {
            logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = Timestamp + " ";
                console.ColorBehavior = LoggerColorBehavior.Disabled;
            });
        }

        logging.SetMinimumLevel(Level);
        logging.AddFilter("Microsoft", LogLevel.Warning);

        // The host logs a request by opening a span and a scope for it, which nobody reads and every start would pay for.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    private static T Read<T>(Settings settings, string key, T otherwise)
        where T : struct, Enum
    {
        if (settings.Find(key) is not { } text)
        {
            return otherwise;
        }

        return Enum.TryParse(text, ignoreCase: true, out T value) && Enum.IsDefined(value)
            ? value
            : throw new CommandFailure(
                ExitCode.InvalidConfiguration, $"{key} is \"{text}\", but has to be {string.Join(", ", Enum.GetNames<T>())}.");
    }
}

/// <summary>The form of a line of the log.</summary>
internal enum LogFormat
{
    /// <summary>One JSON object a line, for programs.</summary>
    Json,

    /// <summary>Time, level, category and message, for people.</summary>
    Text,
}
