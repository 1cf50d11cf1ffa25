using System.Collections.Immutable;
using Lockstep.Json;

namespace Lockstep.Engine.Testing;

/// <summary>How the test of a state ended.</summary>
public enum StateTestStatus
{
    /// <summary>The state has an output.</summary>
    Succeeded,

    /// <summary>The state fails, and nothing handles the error.</summary>
    Failed,

    /// <summary>A retrier would try again.</summary>
    Retriable,

    /// <summary>A catcher leads to another state.</summary>
    CaughtError,
}

/// <summary>What handled an error.</summary>
/// <param name="CatchIndex">Position of the catcher; null when none did.</param>
/// <param name="RetryIndex">Position of the retrier; null when none did.</param>
/// <param name="RetryBackoffIntervalSeconds">Whole seconds that the retrier waits, before jitter; null without one.</param>
public sealed record HandledError(int? CatchIndex, int? RetryIndex, long? RetryBackoffIntervalSeconds);

/// <summary>What the test of a state came to (API reference, TestState).</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Output">The output; null when there is none.</param>
/// <param name="Error">The error's name; null when there was none or it has none.</param>
/// <param name="Cause">The error's cause; likewise.</param>
/// <param name="NextState">The state that follows; null when none does.</param>
/// <param name="Steps">The values on the way, in the order of <see cref="InspectedStep"/>.</param>
/// <param name="Handled">What handled the error; null when nothing did.</param>
public sealed record StateTestReport(
    StateTestStatus Status,
    JsonValue? Output,
    string? Error,
    string? Cause,
    string? NextState,
    ImmutableArray<KeyValuePair<InspectedStep, JsonValue>> Steps,
    HandledError? Handled);
