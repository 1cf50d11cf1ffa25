using Lockstep.Engine.Testing;
using Lockstep.Engine.Testing.Mocks;
using Lockstep.Json;
using Lockstep.Service.Targets;

namespace Lockstep.Service.StateTests;

/// <summary>Asks what one state does (API reference, TestState).</summary>
/// <param name="Definition">The state, or, with a <see cref="StateName"/>, the machine that it belongs to.</param>
public sealed record StateTestRequest(string Definition)
{
    /// <summary>The state of the machine to test; null when the definition is the state.</summary>
    public string? StateName { get; init; }

    /// <summary>The role that the context object shows; null for the default.</summary>
    public string? RoleArn { get; init; }

    /// <summary>Whether what a connection adds to a call over HTTP is shown with its values.</summary>
    public bool RevealSecrets { get; init; }

    /// <summary>The raw input; null for an empty object.</summary>
    public JsonValue? Input { get; init; }

    /// <summary>The variables that have a value; null for none.</summary>
    public JsonObject? Variables { get; init; }

    /// <summary>The context object; null for the one that an execution would have.</summary>
    public JsonObject? Context { get; init; }

    /// <summary>What stands for the work of the state; null for the work itself.</summary>
    public StateMock? Mock { get; init; }

    /// <summary>How often the retrier that applies has been used; null for never.</summary>
    public int? RetrierRetryCount { get; init; }

    /// <summary>The state inside the tested one that a mocked error comes from; null for none in particular.</summary>
    public string? ErrorCausedByState { get; init; }

    /// <summary>How many iterations of a Map failed; null for none.</summary>
    public int? MapIterationFailureCount { get; init; }

    /// <summary>What an ItemReader reads; null when nothing is known of it.</summary>
    public string? MapItemReaderData { get; init; }
}

/// <summary>What a test came to.</summary>
/// <param name="Report">The outcome and the values on the way.</param>
/// <param name="Exchange">What went over HTTP; null when nothing did.</param>
public sealed record StateTestOutcome(StateTestReport Report, HttpExchange? Exchange)
{
    /// <summary>Shows it.</summary>
    public JsonObject ToJson(InspectionLevel level) => StateTestJson.Of(Report, level, Exchange?.ToJson());
}
