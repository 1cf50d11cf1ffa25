using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using Lockstep.Engine;
using Lockstep.Service.Executions;
using Lockstep.Service.MapRuns;
using Lockstep.Service.StateMachines;

namespace Lockstep.Api.Operations;

/// <summary>How values of the application are spelt on the wire: times as RFC 3339 in UTC with milliseconds, enumerations as AWS spells them.</summary>
public static class WireText
{
    /// <summary>Writes a time.</summary>
    public static void WriteTime(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, DateTimeOffset time) =>
        writer.WriteString(name, TimeOf(time));

    /// <summary>The text of a time.</summary>
    public static string TimeOf(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Writes JSON text as it is; nothing when there is none.</summary>
    public static void WriteJson(this Utf8JsonWriter writer, string name, string? json)
    {
        if (json is not null)
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(json, skipInputValidation: true);
        }
    }

    /// <summary>Writes a string; nothing when there is none.</summary>
    public static void WriteText(this Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }

    /// <summary>The word for a status.</summary>
    public static string Of(ExecutionStatus status) => status switch
    {
        ExecutionStatus.Running => "RUNNING",
        ExecutionStatus.Succeeded => "SUCCEEDED",
        ExecutionStatus.Failed => "FAILED",
        ExecutionStatus.TimedOut => "TIMED_OUT",
        ExecutionStatus.Aborted => "ABORTED",
        _ => throw new UnreachableException($"There is no status {status}."),
    };

    /// <summary>What a child of a map run shows as its status while it waits for a redrive to come to it.</summary>
    public const string PendingRedrive = "PENDING_REDRIVE";

    /// <summary>The words by which lists tell executions that were redriven from those that were not (ExecutionRedriveFilter).</summary>
    public static ImmutableArray<string> RedriveFilters { get; } = ["REDRIVEN", "NOT_REDRIVEN"];

    /// <summary>The word for the status of an execution.</summary>
    public static string StatusOf(ExecutionRecord execution) => execution.IsPendingRedrive ? PendingRedrive : Of(execution.Status);

    /// <summary>The children of a map run that words select.</summary>
    /// <param name="status">The word for a status, or <see cref="PendingRedrive"/>; null for all.</param>
    /// <param name="redriveFilter">One of <see cref="RedriveFilters"/>; null for all.</param>
    public static MapRunChildFilter ChildFilterOf(string? status, string? redriveFilter) =>
        new(status is null ? null : StatusOf(status), redriveFilter is null ? null : redriveFilter == RedriveFilters[0])
        {
            IsPendingRedrive = status == PendingRedrive,
        };

    /// <summary>The status that a word names; null when none.</summary>
    public static ExecutionStatus? StatusOf(string word) => word switch
    {
        "RUNNING" => ExecutionStatus.Running,
        "SUCCEEDED" => ExecutionStatus.Succeeded,
        "FAILED" => ExecutionStatus.Failed,
        "TIMED_OUT" => ExecutionStatus.TimedOut,
        "ABORTED" => ExecutionStatus.Aborted,
        _ => null,
    };

    /// <summary>The word for a type.</summary>
    public static string Of(WorkflowType type) => type switch
    {
        WorkflowType.Standard => "STANDARD",
        WorkflowType.Express => "EXPRESS",
        _ => throw new UnreachableException($"There is no type {type}."),
    };

    /// <summary>The type that a word names; null when none.</summary>
    public static WorkflowType? TypeOf(string word) => word switch
    {
        "STANDARD" => WorkflowType.Standard,
        "EXPRESS" => WorkflowType.Express,
        _ => null,
    };
}
