using Lockstep.Json;

namespace Lockstep.Targets.SampleFunctions;

/// <summary>One call of a sample function.</summary>
/// <param name="Input">The payload.</param>
/// <param name="Attempt">0 for the first try of the state; the scripted failures go by it, so they need no memory.</param>
public sealed record SampleCall(JsonValue Input, int Attempt);

/// <summary>How a sample function ended. The set is closed.</summary>
public abstract record SampleOutcome;

/// <summary>It succeeded.</summary>
/// <param name="Output">Its result.</param>
public sealed record SampleResult(JsonValue Output) : SampleOutcome
{
    /// <summary>A line for the person at the terminal, such as the link of an approval; null when there is none.</summary>
    public string? Announcement { get; init; }
}

/// <summary>It failed as a function fails: the type is what Retry and Catch match.</summary>
public sealed record SampleError(string Type, string Message) : SampleOutcome;
