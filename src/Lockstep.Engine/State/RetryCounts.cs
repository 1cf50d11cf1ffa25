using System.Collections.Immutable;

namespace Lockstep.Engine.State;

/// <summary>
/// How often each retrier of a state has been used in the current visit (States Language, "Retrying after error": a retrier counts for
/// itself, and leaving the state resets all).
/// </summary>
internal readonly struct RetryCounts
{
    private readonly ImmutableArray<int> _used;

    private RetryCounts(ImmutableArray<int> used) => _used = used;

    /// <summary>All retries of the visit; <c>$$.State.RetryCount</c>.</summary>
    public int Total => Used.Sum();

    /// <summary>Uses by retrier, in order; shorter than the list of retriers when the last ones were never used.</summary>
    public ImmutableArray<int> Used => _used.IsDefault ? [] : _used;

    /// <summary>Restores saved counts.</summary>
    public static RetryCounts Of(ImmutableArray<int> used) => used.IsDefaultOrEmpty ? default : new RetryCounts(used);

    /// <summary>How often a retrier has been used.</summary>
    public int Of(int retrier) => retrier < Used.Length ? Used[retrier] : 0;

    /// <summary>The counts after one more use of a retrier.</summary>
    public RetryCounts Add(int retrier)
    {
        var used = new int[Math.Max(Used.Length, retrier + 1)];
        Used.CopyTo(used);
        used[retrier]++;
        return new RetryCounts(ImmutableArray.Create(used));
    }
}
