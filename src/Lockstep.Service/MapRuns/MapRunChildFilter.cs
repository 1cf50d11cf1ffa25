using Lockstep.Engine;

namespace Lockstep.Service.MapRuns;

/// <summary>Which children of a map run a listing shows; null members do not filter.</summary>
/// <param name="Status">Only those with this status. A child that waits for the redrive of its map run to come to it has another (PENDING_REDRIVE).</param>
/// <param name="IsRedriven">Only those that were redriven, or that were not.</param>
public sealed record MapRunChildFilter(ExecutionStatus? Status, bool? IsRedriven)
{
    /// <summary>Only those that did not succeed, and wait for the redrive of their map run to come to them; then there is no other status.</summary>
    public bool IsPendingRedrive { get; init; }
}
