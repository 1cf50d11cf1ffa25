using Lockstep.Service.Functions;
using Lockstep.Service.Targets;
using Lockstep.Targets.Outgoing;

namespace Lockstep.Targets.Functions;

/// <summary>A function ARN as <c>Resource</c>: the whole parameters go in, the function's result is the output.</summary>
internal sealed class FunctionTarget(IFunctionStore functions, OutgoingHttp http, TargetOptions options) : ITaskTarget
{
    private readonly FunctionCaller _caller = new(functions, http, options);

    /// <inheritdoc/>
    public async ValueTask<TaskOutcome> InvokeAsync(TaskInvocation invocation, CancellationToken cancellation)
    {
        if (!FunctionReference.TryParse(invocation.Resource.Text, out FunctionReference function))
        {
            return Failures.BadParameter(invocation, "the resource is no ARN of a function.");
        }

        FunctionCall call = await _caller.CallAsync(
            invocation, function, invocation.Resource.Text, invocation.Parameters, prepare: null, cancellation);
        if (!call.Succeeded)
        {
            return call.Refusal;
        }

        call.Answer.Dispose();
        return call.Payload.Utf8Length > options.MaxPayloadBytes ? Failures.TooLarge(invocation) : new TaskAnswered(call.Payload);
    }
}
