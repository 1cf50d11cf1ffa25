namespace Lockstep.Asl.Evaluation;

/// <summary>The error names that the States Language predefines (appendix A), and the two that Step Functions adds.</summary>
public static class StatesErrorNames
{
    /// <summary>Matches any error but <see cref="DataLimitExceeded"/> and <see cref="Runtime"/>.</summary>
    public const string All = "States.ALL";

    /// <summary>A task ran longer than its timeout, or missed its heartbeat.</summary>
    public const string Timeout = "States.Timeout";

    /// <summary>A task missed its heartbeat; <see cref="Timeout"/> matches it too.</summary>
    public const string HeartbeatTimeout = "States.HeartbeatTimeout";

    /// <summary>A task failed; as a matcher, any error but <see cref="Timeout"/>.</summary>
    public const string TaskFailed = "States.TaskFailed";

    /// <summary>The caller lacks a permission.</summary>
    public const string Permissions = "States.Permissions";

    /// <summary><c>ResultPath</c> cannot be applied to the input.</summary>
    public const string ResultPathMatchFailure = "States.ResultPathMatchFailure";

    /// <summary>A path in <c>Parameters</c> cannot be applied.</summary>
    public const string ParameterPathFailure = "States.ParameterPathFailure";

    /// <summary>A branch of a Parallel state failed.</summary>
    public const string BranchFailed = "States.BranchFailed";

    /// <summary>An intrinsic function was called with arguments that it does not accept.</summary>
    public const string IntrinsicFailure = "States.IntrinsicFailure";

    /// <summary>A Map state failed because too many items did.</summary>
    public const string ExceedToleratedFailureThreshold = "States.ExceedToleratedFailureThreshold";

    /// <summary>The reader of a Map state could not read its items.</summary>
    public const string ItemReaderFailed = "States.ItemReaderFailed";

    /// <summary>The writer of a Map state could not write its results.</summary>
    public const string ResultWriterFailed = "States.ResultWriterFailed";

    /// <summary>A JSONata expression failed.</summary>
    public const string QueryEvaluationError = "States.QueryEvaluationError";

    /// <summary>The state cannot go on, for example because a path has nothing to select. Never retried, never caught by <see cref="All"/>.</summary>
    public const string Runtime = "States.Runtime";

    /// <summary>A value outgrew the payload limit, or a variable its own. Never caught by <see cref="All"/>.</summary>
    public const string DataLimitExceeded = "States.DataLimitExceeded";
}
