using Lockstep.Asl.Evaluation;
using Lockstep.Asl.Resources;

namespace Lockstep.Asl.Model;

/// <summary>A Task state.</summary>
public sealed record TaskDefinition : WorkStateDefinition
{
    /// <inheritdoc/>
    public override StateType Type => StateType.Task;

    /// <summary><c>Resource</c>.</summary>
    public required TaskResource Resource { get; init; }

    /// <summary><c>TimeoutSeconds</c> or <c>TimeoutSecondsPath</c>.</summary>
    public ValueExpression? TimeoutSeconds { get; init; }

    /// <summary><c>HeartbeatSeconds</c> or <c>HeartbeatSecondsPath</c>.</summary>
    public ValueExpression? HeartbeatSeconds { get; init; }

    /// <summary><c>Credentials</c>.</summary>
    public ValueExpression? Credentials { get; init; }
}
