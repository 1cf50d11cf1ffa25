using System.Globalization;
using System.Net;
using Lockstep.Json;
using Lockstep.Service.Functions;
using Lockstep.Service.Targets;
using Lockstep.Targets.Functions;
using Lockstep.Targets.Outgoing;

namespace Lockstep.Targets.Approval;

/// <summary>
/// <c>arn:azure:states:::approval:request.waitForTaskToken</c>: asks people to decide. It sends a link to the platform's approval page,
/// with title, message and details, to a registered function or to a webhook; the state waits until somebody decides on the page.
/// Invariant: the link is a credential, so it goes to the receiver alone and into no output.
/// </summary>
internal sealed class ApprovalRequestTarget(IFunctionStore functions, OutgoingHttp http, TargetOptions options) : ITaskTarget
{
    private const string PagePath = "v1/callbacks/approve";

    private readonly FunctionCaller _caller = new(functions, http, options);

    /// <inheritdoc/>
    public async ValueTask<TaskOutcome> InvokeAsync(TaskInvocation invocation, CancellationToken cancellation)
    {
        if (ApprovalParameters.Read(invocation.Parameters, out string problem) is not { } parameters)
        {
            return Failures.BadParameter(invocation, problem);
        }

        if (options.PublicUrl is not { } publicUrl)
        {
            return Failures.Of(
                invocation, "Approval.NoPublicUrl", $"The service does not know its public address: set {TargetSettings.PublicUrlKey}.");
        }

        if (invocation.TaskToken is not { } token)
        {
            return Failures.BadParameter(invocation, "approval:request needs .waitForTaskToken.");
        }

        JsonObject message = MessageOf(invocation, parameters, LinkOf(publicUrl, token));
        return parameters.FunctionName is { } function
            ? await TellFunctionAsync(invocation, function, message, cancellation)
            : await TellWebhookAsync(invocation, parameters.WebhookUrl, message, cancellation);
    }

    /// <summary>The page that asks for the decision.</summary>
    internal static string LinkOf(Uri publicUrl, string token)
    {
        string root = publicUrl.GetLeftPart(UriPartial.Path);
        return $"{root}{(root.EndsWith('/') ? "" : "/")}{PagePath}?token={Uri.EscapeDataString(token)}";
    }

    private static JsonObject MessageOf(TaskInvocation invocation, ApprovalParameters parameters, string link)
    {
        var message = new JsonObjectBuilder(5);
        message.Add("title", JsonString.Of(parameters.Title));
        if (parameters.Message is { } text)
        {
            message.Add("message", JsonString.Of(text));
        }

        if (parameters.Details is { } details)
        {
            message.Add("details", details);
        }

        message.Add("link", JsonString.Of(link));
        message.Add("executionId", JsonString.Of(invocation.Execution.Id));
        return message.Build();
    }

    private static TaskAnswered Told(int status) => new(JsonObject.Of(
        new JsonProperty("Requested", JsonBoolean.True), new JsonProperty("StatusCode", JsonNumber.Of(status))));

    private async ValueTask<TaskOutcome> TellFunctionAsync(
        TaskInvocation invocation, string functionName, JsonObject message, CancellationToken cancellation)
    {
        if (!FunctionReference.TryParse(functionName, out FunctionReference function))
        {
            return Failures.BadParameter(invocation, "FunctionName must be a name or an ARN of a function.");
        }

        FunctionCall call = await _caller.CallAsync(invocation, function, functionName, message, prepare: null, cancellation);
        if (!call.Succeeded)
        {
            return call.Refusal;
        }

        using OutgoingAnswer answer = call.Answer;
        return Told(answer.Status);
    }

    private async ValueTask<TaskOutcome> TellWebhookAsync(TaskInvocation invocation, Uri? url, JsonObject message, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Version = HttpVersion.Version11,
            Content = new JsonRequestContent(message),
        };
        CallHeaders.AddTo(request, invocation);
        OutgoingOutcome outcome = await http.SendAsync(request, options.HttpInvokeTimeout, cancellation);
        if (outcome is OutgoingFailure failure)
        {
            string error = failure.Kind == OutgoingFailureKind.Refused ? "States.Permissions" : "States.Http.Socket";
            return Failures.Of(invocation, error, failure.Message);
        }

        using var answer = (OutgoingAnswer)outcome;
        if (answer.IsSuccess)
        {
            return Told(answer.Status);
        }

        string status = answer.Status.ToString(CultureInfo.InvariantCulture);
        return Failures.Of(invocation, $"States.Http.StatusCode.{status}", $"The webhook answered {status} {answer.ReasonPhrase}".TrimEnd());
    }
}
