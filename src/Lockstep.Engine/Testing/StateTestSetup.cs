using Lockstep.Engine.Testing.Mocks;
using Lockstep.Json;

namespace Lockstep.Engine.Testing;

/// <summary>What one state is tested with.</summary>
public sealed record StateTestSetup
{
    /// <summary>Who the execution would be; the context object shows it.</summary>
    public required ExecutionIdentity Identity { get; init; }

    /// <summary>The limits that apply.</summary>
    public required ExecutionLimits Limits { get; init; }

    /// <summary>The time at which the state is entered.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The raw input of the state.</summary>
    public required JsonValue Input { get; init; }

    /// <summary>The variables that have a value when the state is entered.</summary>
    public JsonObject Variables { get; init; } = JsonObject.Empty;

    /// <summary>The context object; null for the one that an execution would have. Only beside a mock.</summary>
    public JsonObject? Context { get; init; }

    /// <summary>What stands for the call, or for what runs inside a Map or Parallel state; null for the real thing.</summary>
    public StateMock? Mock { get; init; }

    /// <summary>How often the retrier that applies to the error has been used before; null for never.</summary>
    public int? RetrierRetryCount { get; init; }

    /// <summary>The state inside a Map or Parallel state from which the mocked error comes; null for none in particular.</summary>
    public string? ErrorCausedByState { get; init; }

    /// <summary>How many iterations of the Map have failed; null for none.</summary>
    public int? MapIterationFailureCount { get; init; }

    /// <summary>What the ItemReader of the Map reads, as it stands at its source; null when nothing is known of it.</summary>
    public string? MapItemReaderData { get; init; }

    /// <summary>Whether anything is configured that only a mock gives a meaning.</summary>
    internal string? NamesOnlyForMocks =>
        Context is not null ? "Context"
        : RetrierRetryCount is not null ? "RetrierRetryCount"
        : ErrorCausedByState is not null ? "ErrorCausedByState"
        : MapIterationFailureCount is not null ? "MapIterationFailureCount"
        : MapItemReaderData is not null ? "MapItemReaderData"
        : null;
}
