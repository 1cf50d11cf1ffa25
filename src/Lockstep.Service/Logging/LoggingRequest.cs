using System.Collections.Immutable;
using Lockstep.Engine.History;
using Lockstep.Service.Errors;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Logging;

/// <summary>A logging configuration as a caller sends it.</summary>
/// <param name="Level">Which events; null for none.</param>
/// <param name="IncludeExecutionData">Whether inputs and outputs are logged with them.</param>
/// <param name="LogGroupArns">The destinations; null for one that names no log group.</param>
public sealed record LoggingRequest(LogLevel? Level, bool IncludeExecutionData, ImmutableArray<string?> LogGroupArns)
{
    private const string Prefix = "Invalid Logging Configuration: ";

    /// <summary>Checks it in the words of Step Functions, as far as those are known. Fails with InvalidLoggingConfiguration.</summary>
    public Result<LoggingConfiguration> Check(TenantId tenant)
    {
        LogLevel level = Level ?? LogLevel.Off;
        if (LogGroupArns.Length > 1 || (level != LogLevel.Off && LogGroupArns.Length == 0))
        {
            return Refuse("Must specify exactly one Log Destination.");
        }

        if (LogGroupArns.IsEmpty)
        {
            return new LoggingConfiguration(level, IncludeExecutionData, null);
        }

        if (LogGroupArns[0] is not { } arn || !LogGroupName.TryRead(arn, out TenantId owner, out _))
        {
            return Refuse("The Log Destination has to be the ARN of a log group, arn:aws:logs:REGION:ACCOUNT:log-group:NAME:*, and end with \":*\".");
        }

        return owner == tenant
            ? new LoggingConfiguration(level, IncludeExecutionData, arn)
            : Refuse("The Log Destination is a log group of another account.");
    }

    private static ServiceError Refuse(string message) =>
        new(ErrorCodes.InvalidLoggingConfiguration, Prefix + message) { Target = "/loggingConfiguration" };
}
