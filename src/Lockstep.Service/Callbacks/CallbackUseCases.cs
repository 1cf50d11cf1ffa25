using System.Globalization;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.Telemetry;

namespace Lockstep.Service.Callbacks;

/// <summary>Reporting the outcome of a task. The token is the whole credential: no API key is asked for, and none would help.</summary>
public sealed class CallbackUseCases(ITaskTokens tokens, IExecutionDriver driver, ServiceLimits limits, ServiceTelemetry? telemetry = null)
{
    /// <summary>What a token says; fails with InvalidToken when we have not signed it.</summary>
    public Result<TaskTokenClaims> Read(string token) => tokens.TryVerify(token, out TaskTokenClaims? claims)
        ? claims
        : new ServiceError(ErrorCodes.InvalidToken, "This is not a task token of this service. Send it exactly as it was handed out.") { Target = "token" };

    /// <summary>SendTaskSuccess.</summary>
    public ValueTask<Result<Accepted>> SucceedAsync(string token, JsonValue output, CancellationToken cancellation) =>
        output.Utf8Length <= limits.MaxPayloadBytes
            ? ReportAsync(token, new TaskSuccessReport(output), cancellation)
            : new ValueTask<Result<Accepted>>(new ServiceError(
                ErrorCodes.PayloadTooLarge,
                string.Create(
                    CultureInfo.InvariantCulture, $"The output has {output.Utf8Length} bytes as compact JSON; {limits.MaxPayloadBytes} are allowed."))
            {
                Target = "/output",
            });

    /// <summary>SendTaskFailure.</summary>
    public ValueTask<Result<Accepted>> FailAsync(string token, string? error, string? cause, CancellationToken cancellation) =>
        ReportTexts.Check(error, cause, limits) is { } tooLong
            ? new ValueTask<Result<Accepted>>(tooLong)
            : ReportAsync(token, new TaskFailureReport(error, cause), cancellation);

    /// <summary>SendTaskHeartbeat.</summary>
    public ValueTask<Result<Accepted>> HeartbeatAsync(string token, CancellationToken cancellation) =>
        ReportAsync(token, new TaskHeartbeatReport(), cancellation);

    private async ValueTask<Result<Accepted>> ReportAsync(string token, TaskReport report, CancellationToken cancellation)
    {
        Result<TaskTokenClaims> claims = Read(token);
        Result<Accepted> answer = claims.Succeeded ? await driver.DeliverAsync(claims.Value, report, cancellation) : claims.Error;
        telemetry?.CallbackAnswered(claims.Succeeded ? claims.Value.Execution : null, report, answer.Succeeded);
        return answer;
    }
}
