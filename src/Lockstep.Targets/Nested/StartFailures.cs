using Lockstep.Service.Errors;
using Lockstep.Service.Targets;

namespace Lockstep.Targets.Nested;

/// <summary>Failures of <c>states:startExecution</c>, by the names and in the form that AWS shows.</summary>
internal static class StartFailures
{
    private const string Prefix = "StepFunctions.";
    private const string Suffix = "Exception";
    private const string Unavailable = "AWSStepFunctions";

    /// <summary>A use case's failure.</summary>
    public static TaskRefused Of(TaskInvocation invocation, ServiceError error) => error.Code switch
    {
        ErrorCodes.PayloadTooLarge => Of(invocation, ErrorCodes.InvalidExecutionInput, error.Message),
        ErrorCodes.StorageUnavailable or ErrorCodes.ServiceStopping or ErrorCodes.InternalError => Of(invocation, Unavailable, error.Message),
        _ => Of(invocation, error.Code, error.Message),
    };

    /// <summary>A failure with AWS's code for it.</summary>
    public static TaskRefused Of(TaskInvocation invocation, string code, string message)
    {
        string name = code.EndsWith(Suffix, StringComparison.Ordinal) ? code : code + Suffix;
        string details =
            $"Service: AWSStepFunctions; Status Code: 400; Error Code: {code}; Request ID: {Failures.RequestIdOf(invocation)}; Proxy: null";
        return Failures.Of(invocation, Prefix + name, $"{message} ({details})");
    }
}
