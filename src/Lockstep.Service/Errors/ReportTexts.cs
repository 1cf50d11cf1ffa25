using System.Globalization;
using Lockstep.Service.Limits;

namespace Lockstep.Service.Errors;

/// <summary>The bounds of the error name and the cause that callers send (API reference, StopExecution and SendTaskFailure).</summary>
internal static class ReportTexts
{
    /// <summary>Null when both are within their limits.</summary>
    public static ServiceError? Check(string? error, string? cause, ServiceLimits limits) =>
        CheckOne(error, "error", limits.MaxErrorLength) ?? CheckOne(cause, "cause", limits.MaxCauseLength);

    private static ServiceError? CheckOne(string? text, string member, int limit) => text is null || text.Length <= limit
        ? null
        : new ServiceError(
            ErrorCodes.Validation, string.Create(CultureInfo.InvariantCulture, $"{member} has {text.Length} characters; {limit} are allowed."))
        {
            Target = "/" + member,
        };
}
