using Lockstep.Json;
using Lockstep.Service.Functions;
using Lockstep.Service.Targets;
using Lockstep.Targets.Outgoing;

namespace Lockstep.Targets.Functions;

/// <summary>
/// <c>lambda:invoke</c> and <c>lambda:invoke.waitForTaskToken</c>: the payload goes in, the result comes back wrapped as the SDK shows it.
/// With a task token the answer is only the submission, and the token travels in the payload where the definition put it.
/// </summary>
internal sealed class FunctionInvokeTarget(IFunctionStore functions, OutgoingHttp http, TargetOptions options) : ITaskTarget
{
    private const int AcceptedStatus = 202;
    private const string Latest = "$LATEST";
    private const string ExecutedVersionHeader = "X-Amz-Executed-Version";

    private readonly FunctionCaller _caller = new(functions, http, options);

    /// <inheritdoc/>
    public async ValueTask<TaskOutcome> InvokeAsync(TaskInvocation invocation, CancellationToken cancellation)
    {
        if (InvocationParameters.Read(invocation.Parameters, out string problem) is not { } parameters)
        {
            return Failures.BadParameter(invocation, problem);
        }

        FunctionCall call = await _caller.CallAsync(
            invocation, parameters.Function, ArnOf(invocation, parameters), parameters.Payload, request => Prepare(request, parameters), cancellation);
        if (!call.Succeeded)
        {
            return call.Refusal;
        }

        using OutgoingAnswer answer = call.Answer;
        JsonObject output = Wrap(invocation, parameters, call.Payload, answer);
        return output.Utf8Length > options.MaxPayloadBytes ? Failures.TooLarge(invocation) : new TaskAnswered(output);
    }

    private static void Prepare(HttpRequestMessage request, InvocationParameters parameters)
    {
        request.Headers.TryAddWithoutValidation("X-Amz-Invocation-Type", parameters.InvocationType);
        if (parameters.ClientContext is { } context)
        {
            request.Headers.TryAddWithoutValidation("X-Amz-Client-Context", CallHeaders.AsField(context));
        }

        if (parameters.LogType is { } logType)
        {
            request.Headers.TryAddWithoutValidation("X-Amz-Log-Type", CallHeaders.AsField(logType));
        }
    }

    private static JsonObject Wrap(TaskInvocation invocation, InvocationParameters parameters, JsonValue payload, OutgoingAnswer answer)
    {
        (JsonObject http, JsonObject response) = SdkMetadata.Of(invocation, answer);
        var output = new JsonObjectBuilder(6);
        bool waited = parameters.InvocationType == InvocationParameters.RequestResponse;
        if (waited)
        {
            string version = answer.Header(ExecutedVersionHeader) ?? parameters.Function.Qualifier ?? Latest;
            output.Add("ExecutedVersion", JsonString.Of(version));
            if (answer.Header("X-Amz-Log-Result") is { } log)
            {
                output.Add("LogResult", JsonString.Of(log));
            }
        }

        output.Add("Payload", waited ? payload : JsonString.Empty);
        output.Add(SdkMetadata.HttpName, http);
        output.Add(SdkMetadata.ResponseName, response);
        output.Add("StatusCode", JsonNumber.Of(waited ? answer.Status : AcceptedStatus));
        return output.Build();
    }

    private string ArnOf(TaskInvocation invocation, InvocationParameters parameters) =>
        parameters.FunctionName.StartsWith("arn:", StringComparison.Ordinal)
            ? parameters.FunctionName
            : $"arn:aws:lambda:{options.Region}:{invocation.Tenant}:function:{parameters.Function.Name}";
}
