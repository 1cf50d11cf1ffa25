using Lockstep.Engine;
using Lockstep.Json;

namespace Lockstep.Service.MapRuns;

/// <summary>Which children of a map run a listing shows; null members do not filter.</summary>
/// <param name="Status">Only those with this status. A child that waits for the redrive of its map run to come to it has another (PENDING_REDRIVE).</param>
/// <param name="IsRedriven">Only those that were redriven, or that were not.</param>
public sealed record MapRunChildFilter(ExecutionStatus? Status, bool? IsRedriven)
{
    /// <summary>Only those that did not succeed, and wait for the redrive of their map run to come to them; then there is no other status.</summary>
    public bool IsPendingRedrive { get; init; }

    /// <summary>The statuses of children that a redrive comes to.</summary>
    public static IReadOnlyList<ExecutionStatus> Unsuccessful { get; } = [ExecutionStatus.Failed, ExecutionStatus.TimedOut, ExecutionStatus.Aborted];

    /// <summary>Whether a child waits for the redrive of its map run to come to it.</summary>
    /// <param name="status">Its status.</param>
    /// <param name="stopped">When it ended; null while it runs.</param>
    /// <param name="redriven">Since when the map run runs again; null for one that is not redriven, or has ended.</param>
    public static bool IsPending(ExecutionStatus status, DateTimeOffset? stopped, DateTimeOffset? redriven) =>
        Unsuccessful.Contains(status) && stopped <= redriven;

    /// <summary>The items that a child has got: those of its batch.</summary>
    /// <param name="input">Its input; null when it is not known.</param>
    public static long ItemsOfBatch(JsonValue? input) => input is JsonObject batch && batch["Items"] is JsonArray items ? items.Count : 1;
}
