using System.Collections.Immutable;
using Lockstep.Api.Wire.Shapes;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;

namespace Lockstep.Api.Wire.Operations;

/// <summary>Reports of workers and callbacks. Here the token has to be one of the caller's own account.</summary>
internal static class TaskWire
{
    private static readonly ThrottleRate Rate = new(3_000, 500);

    private static readonly ImmutableArray<string> Errors = ["InvalidToken", "TaskDoesNotExist", "TaskTimedOut"];

    /// <summary>The operations.</summary>
    public static ImmutableArray<WireOperation> Operations { get; } =
    [
        new("SendTaskSuccess", Token(new ShapeMember("output", RequestShapes.Data, true)), SucceedAsync, Rate) { Errors = [.. Errors, "InvalidOutput"] },
        new("SendTaskFailure", Token(new("error", RequestShapes.Error), new("cause", RequestShapes.Cause)), FailAsync, Rate) { Errors = Errors },
        new("SendTaskHeartbeat", Token(), HeartbeatAsync, Rate) { Errors = Errors },
    ];

    private static StructureShape Token(params ImmutableArray<ShapeMember> more) => new([new("taskToken", RequestShapes.TaskToken, true), .. more]);

    private static async ValueTask<WireAnswer> SucceedAsync(WireCall call)
    {
        if (CheckOwner(call) is { } stranger)
        {
            return stranger;
        }

        return JsonText.Parse(call.Text("output"), call.Limits, out string? reason) is { } output
            ? Answer(await call.Service.Callbacks.SucceedAsync(call.Text("taskToken"), output, call.Cancellation))
            : new WireError("InvalidOutput", $"Invalid Output: '{reason}'");
    }

    private static async ValueTask<WireAnswer> FailAsync(WireCall call) => CheckOwner(call) is { } stranger
        ? stranger
        : Answer(await call.Service.Callbacks.FailAsync(call.Text("taskToken"), call.OptionalText("error"), call.OptionalText("cause"), call.Cancellation));

    private static async ValueTask<WireAnswer> HeartbeatAsync(WireCall call) => CheckOwner(call) is { } stranger
        ? stranger
        : Answer(await call.Service.Callbacks.HeartbeatAsync(call.Text("taskToken"), call.Cancellation));

    private static WireError? CheckOwner(WireCall call)
    {
        Result<TaskTokenClaims> claims = call.Service.Callbacks.Read(call.Text("taskToken"));
        return claims.Succeeded && claims.Value.Execution.Tenant == call.Tenant
            ? null
            : WireErrors.Of(claims.Error ?? new ServiceError(ErrorCodes.InvalidToken, ""), "");
    }

    private static WireAnswer Answer(Result<Accepted> accepted) => accepted.Succeeded ? WireAnswer.Empty : WireErrors.Of(accepted.Error, "");
}
