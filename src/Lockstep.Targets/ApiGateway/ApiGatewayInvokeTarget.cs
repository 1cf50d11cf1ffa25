using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Unicode;
using Lockstep.Json;
using Lockstep.Service.Targets;
using Lockstep.Targets.Outgoing;

namespace Lockstep.Targets.ApiGateway;

/// <summary>
/// <c>apigateway:invoke</c>, plain and .waitForTaskToken: calls a REST or HTTP API by host, stage and path (Step Functions, "Call API Gateway"). A
/// status outside 200 to 299 is an error. It goes out through the same guards as every other call.
/// </summary>
internal sealed class ApiGatewayInvokeTarget(OutgoingHttp http, TargetOptions options) : ITaskTarget
{
    private readonly JsonReadLimits _limits = new() { MaxBytes = options.MaxResponseBytes };
    private readonly string _userAgent = $"Lockstep|ApiGatewayInvoke|{options.Region}";

    /// <inheritdoc/>
    public async ValueTask<TaskOutcome> InvokeAsync(TaskInvocation invocation, CancellationToken cancellation)
    {
        if (!ApiGatewayParameters.TryRead(invocation.Parameters, options.MaxRequestHeaders, out ApiGatewayParameters? parameters, out string? problem))
        {
            return Failures.BadParameter(invocation, problem);
        }

        using HttpRequestMessage request = Compose(invocation, parameters);
        OutgoingOutcome outcome = await http.SendAsync(request, options.HttpInvokeTimeout, cancellation);
        if (outcome is OutgoingFailure failure)
        {
            return failure.Kind switch
            {
                OutgoingFailureKind.Refused => Failures.Of(invocation, "States.Permissions", failure.Message),
                OutgoingFailureKind.Connection or OutgoingFailureKind.Timeout =>
                    Failures.Of(invocation, "ApiGateway.SdkClientException", $"Unable to execute HTTP request: {failure.Message}"),
                OutgoingFailureKind.TooLarge => Failures.TooLarge(invocation),
                _ => throw new UnreachableException(),
            };
        }

        using var answer = (OutgoingAnswer)outcome;
        return OutcomeOf(invocation, answer);
    }

    private HttpRequestMessage Compose(TaskInvocation invocation, ApiGatewayParameters parameters)
    {
        var request = new HttpRequestMessage(parameters.Method, parameters.Url)
        {
            Version = HttpVersion.Version11,
            Content = parameters.Body is { } body ? new JsonRequestContent(body) : null,
        };
        CallHeaders.AddTo(request, invocation);
        request.Headers.TryAddWithoutValidation("User-Agent", _userAgent);
        foreach ((string name, string value) in parameters.Headers)
        {
            if (request.Headers.NonValidated.Contains(name))
            {
                request.Headers.Remove(name);
            }

            if (!request.Headers.TryAddWithoutValidation(name, value) && request.Content is { } content)
            {
                content.Headers.Remove(name);
                content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return request;
    }

    private TaskOutcome OutcomeOf(TaskInvocation invocation, OutgoingAnswer answer)
    {
        if (!answer.IsSuccess)
        {
            string text = Encoding.UTF8.GetString(answer.Body);
            string status = answer.Status.ToString(CultureInfo.InvariantCulture);
            return Failures.Of(invocation, $"ApiGateway.{status}", text.Length > 0 ? text : $"{status} {answer.ReasonPhrase}".TrimEnd());
        }

        if (BodyOf(answer) is not { } body)
        {
            return Failures.Of(invocation, "States.Runtime", "The response body is not text in UTF-8.");
        }

        JsonObject output = JsonObject.Of(
            new JsonProperty("Headers", HeadersOf(answer)),
            new JsonProperty("ResponseBody", body),
            new JsonProperty("StatusCode", JsonNumber.Of(answer.Status)),
            new JsonProperty("StatusText", JsonString.Of(answer.ReasonPhrase)));
        return output.Utf8Length > options.MaxPayloadBytes ? Failures.TooLarge(invocation) : new TaskAnswered(output);
    }

    /// <summary>JSON when the body is, an empty object when there is none, else its text; null when it is no text either.</summary>
    private JsonValue? BodyOf(OutgoingAnswer answer)
    {
        if (answer.Body.IsEmpty)
        {
            return JsonObject.Empty;
        }

        if (JsonReader.Read(answer.Body, _limits).TryGetValue(out JsonValue? value, out _))
        {
            return value;
        }

        return Utf8.IsValid(answer.Body) ? JsonString.Of(Encoding.UTF8.GetString(answer.Body)) : null;
    }

    private static JsonObject HeadersOf(OutgoingAnswer answer)
    {
        var headers = new JsonObjectBuilder();
        foreach (HttpHeadersNonValidated fields in (HttpHeadersNonValidated[])[answer.Headers, answer.ContentHeaders])
        {
            foreach (KeyValuePair<string, HeaderStringValues> field in fields)
            {
                headers.Set(field.Key, JsonArray.Of([.. field.Value.Select(JsonString.Of)]));
            }
        }

        return headers.Build();
    }
}
