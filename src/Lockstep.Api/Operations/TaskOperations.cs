using System.Collections.Immutable;
using Lockstep.Api.Bodies;
using Lockstep.Api.Routing;
using Lockstep.Json;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;

namespace Lockstep.Api.Operations;

/// <summary>Reports of workers and callbacks. The token in the path is the whole credential.</summary>
public static class TaskOperations
{
    private const string Tag = "Tasks";

    private static readonly ImmutableArray<string> Errors = [ErrorCodes.InvalidToken, ErrorCodes.TaskDoesNotExist, ErrorCodes.TaskTimedOut];

    /// <summary>The routes.</summary>
    public static ImmutableArray<ApiRoute> Routes { get; } =
    [
        new("POST", "/v1/tasks/{token}/success", "SendTaskSuccess", "Reports that a task has succeeded.", SucceedAsync)
        {
            Tag = Tag,
            Access = RouteAccess.TaskToken,
            RequestSchema = "SendTaskSuccessRequest",
            Answers = [new(204, "Recorded.")],
            Errors = [.. Errors, ErrorCodes.InvalidOutput, ErrorCodes.PayloadTooLarge],
        },
        new("POST", "/v1/tasks/{token}/failure", "SendTaskFailure", "Reports that a task has failed.", FailAsync)
        {
            Tag = Tag,
            Access = RouteAccess.TaskToken,
            RequestSchema = "SendTaskFailureRequest",
            RequestOptional = true,
            Answers = [new(204, "Recorded.")],
            Errors = Errors,
        },
        new("POST", "/v1/tasks/{token}/heartbeat", "SendTaskHeartbeat", "Reports that a task is still being worked on.", HeartbeatAsync)
        {
            Tag = Tag,
            Access = RouteAccess.TaskToken,
            Answers = [new(204, "Recorded.")],
            Errors = Errors,
        },
    ];

    private static async ValueTask SucceedAsync(ApiCall call)
    {
        if (!await IsWelcomeAsync(call))
        {
            return;
        }

        Result<JsonObject> body = await call.ReadBodyAsync();
        if (!body.Succeeded)
        {
            await call.RefuseAsync(body.Error);
            return;
        }

        var members = new Members(body.Value, "output");
        JsonValue? output = members.Any("output");
        if (members.Error is { } wrong)
        {
            await call.RefuseAsync(wrong);
            return;
        }

        await AnswerAsync(call, output is null
            ? new ServiceError(ErrorCodes.InvalidOutput, "\"output\" is missing; it may be any JSON value.") { Target = "/output" }
            : await call.Service.Callbacks.SucceedAsync(call.PathValue(0), output, call.Cancellation));
    }

    private static async ValueTask FailAsync(ApiCall call)
    {
        if (!await IsWelcomeAsync(call))
        {
            return;
        }

        Result<JsonObject> body = await call.ReadBodyAsync();
        if (!body.Succeeded)
        {
            await call.RefuseAsync(body.Error);
            return;
        }

        var members = new Members(body.Value, "error", "cause");
        string? error = members.OptionalText("error");
        string? cause = members.OptionalText("cause");
        await AnswerAsync(call, members.Error is { } wrong
            ? wrong
            : await call.Service.Callbacks.FailAsync(call.PathValue(0), error, cause, call.Cancellation));
    }

    private static async ValueTask HeartbeatAsync(ApiCall call)
    {
        if (await IsWelcomeAsync(call))
        {
            await AnswerAsync(call, await call.Service.Callbacks.HeartbeatAsync(call.PathValue(0), call.Cancellation));
        }
    }

    // Before the body is read: whoever has no genuine token makes us read nothing, and the tenant's rate holds here too.
    private static async ValueTask<bool> IsWelcomeAsync(ApiCall call)
    {
        Result<TaskTokenClaims> claims = call.Service.Callbacks.Read(call.PathValue(0));
        if (claims.Succeeded)
        {
            return await call.TryAdmitAsync(claims.Value.Execution.Tenant);
        }

        await call.RefuseAsync(claims.Error);
        return false;
    }

    private static ValueTask AnswerAsync(ApiCall call, Result<Accepted> accepted) =>
        call.AnswerEmptyAsync(accepted);
}
