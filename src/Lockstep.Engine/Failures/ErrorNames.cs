namespace Lockstep.Engine.Failures;

/// <summary>The predefined error names that the interpreter itself reports or matches (States Language, "Appendix A").</summary>
internal static class ErrorNames
{
    public const string All = "States.ALL";
    public const string DataLimitExceeded = "States.DataLimitExceeded";
    public const string HeartbeatTimeout = "States.HeartbeatTimeout";
    public const string NoChoiceMatched = "States.NoChoiceMatched";
    public const string ResultPathMatchFailure = "States.ResultPathMatchFailure";
    public const string Runtime = "States.Runtime";
    public const string TaskFailed = "States.TaskFailed";
    public const string Timeout = "States.Timeout";
}
