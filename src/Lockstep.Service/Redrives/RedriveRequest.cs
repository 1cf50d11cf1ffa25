using Lockstep.Json;
using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;

namespace Lockstep.Service.Redrives;

/// <summary>A validated request to redrive an execution. The driver applies the rules, as only it knows what the execution is about at that moment.</summary>
/// <param name="Key">The execution.</param>
/// <param name="Rules">The rules in force.</param>
public sealed record RedriveRequest(ExecutionKey Key, RedriveRules Rules)
{
    /// <summary>By which a repetition of the request is known; null when it has none.</summary>
    public string? ClientToken { get; init; }

    /// <summary>The input for the state that failed, in place of its own; null to keep it.</summary>
    public JsonValue? Input { get; init; }

    /// <summary>The revision that the execution is to run from now on; null to keep its own.</summary>
    public StateMachineRecord? Revision { get; init; }

    /// <summary>The version that names this revision, if one was asked for; else null.</summary>
    public long? Version { get; init; }
}

/// <summary>How a redrive was answered.</summary>
/// <param name="Execution">The execution as it is now.</param>
/// <param name="RedrivenAt">When it was redriven.</param>
/// <param name="Created">False when the same client token had redriven it before: the answer is idempotent.</param>
public sealed record RedriveOutcome(ExecutionRecord Execution, DateTimeOffset RedrivenAt, bool Created);
