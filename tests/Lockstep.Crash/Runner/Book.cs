using System.Collections.Concurrent;
using Lockstep.Engine.History;

namespace Lockstep.Crash.Runner;

/// <summary>An execution that was asked for.</summary>
internal sealed record Wanted(string Machine, string Name, int Seed)
{
    public string Id => $"{Machine}:{Name}";
}

/// <summary>What the outside world knows: what was acknowledged to it, and what it has seen. The store must agree with all of it.</summary>
internal sealed class Book
{
    /// <summary>Starts that were acknowledged.</summary>
    public ConcurrentDictionary<string, Wanted> Acknowledged { get; } = new();

    /// <summary>Outcomes that were acknowledged, by execution.</summary>
    public ConcurrentDictionary<string, bool> Reported { get; } = new();

    /// <summary>Tokens that wait to be reported, with their executions; a worker's death puts them back.</summary>
    public ConcurrentDictionary<string, string> Tokens { get; } = new();

    /// <summary>Histories as they were on disk at the last look, by execution.</summary>
    public Dictionary<string, IReadOnlyList<HistoryEvent>> Histories { get; } = [];

    /// <summary>
    /// Executions that have come to their right end, with the calls that were seen of each until then. What has ended is looked at again only
    /// when another call is seen, and after the last round.
    /// </summary>
    public Dictionary<string, int> Settled { get; } = [];
}
