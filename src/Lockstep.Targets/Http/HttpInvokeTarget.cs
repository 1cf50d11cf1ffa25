using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Unicode;
using Lockstep.Json;
using Lockstep.Service.Targets;
using Lockstep.Targets.Outgoing;

namespace Lockstep.Targets.Http;

/// <summary>
/// <c>http:invoke</c>: calls an HTTPS API (Step Functions, "Call HTTPS APIs"). A status outside 200 to 299 is an error, redirects among
/// them. Connections with credentials are not there yet: a definition that names one is told so and nothing is sent without them.
/// </summary>
internal sealed class HttpInvokeTarget(OutgoingHttp http, TargetOptions options) : ITaskTarget
{
    private const string FormType = "application/x-www-form-urlencoded";
    private const string JsonType = "application/json";

    private readonly JsonReadLimits _limits = new() { MaxBytes = options.MaxResponseBytes };
    private readonly string _userAgent = $"Lockstep|HttpInvoke|{options.Region}";

    /// <inheritdoc/>
    public async ValueTask<TaskOutcome> InvokeAsync(TaskInvocation invocation, CancellationToken cancellation)
    {
        if (NamesConnection(invocation.Parameters))
        {
            return Failures.Of(
                invocation,
                "Events.ConnectionResource.ResourceNotFound",
                "Connections are not available here yet; remove Authentication and InvocationConfig, or call a registered function.");
        }

        if (!HttpInvokeParameters.TryRead(invocation.Parameters, options.MaxRequestHeaders, out HttpInvokeParameters? parameters, out string? problem))
        {
            return Failures.BadParameter(invocation, problem);
        }

        using HttpRequestMessage request = Compose(invocation, parameters);
        if (invocation.Exchange is { } watched)
        {
            watched.Sent = await ShownExchange.OfAsync(request, cancellation);
        }

        OutgoingOutcome outcome = await http.SendAsync(request, options.HttpInvokeTimeout, cancellation);
        if (outcome is OutgoingFailure failure)
        {
            return FailureOf(invocation, failure);
        }

        using var answer = (OutgoingAnswer)outcome;
        if (invocation.Exchange is { } answered)
        {
            answered.Received = ShownExchange.Of(answer);
        }

        return OutcomeOf(invocation, answer);
    }

    private static bool NamesConnection(JsonValue parameters) =>
        parameters is JsonObject given && (given.Contains("Authentication") || given.Contains("InvocationConfig"));

    private static TaskRefused FailureOf(TaskInvocation invocation, OutgoingFailure failure) => failure.Kind switch
    {
        OutgoingFailureKind.Refused => Failures.Of(invocation, "States.Permissions", failure.Message),
        OutgoingFailureKind.Connection or OutgoingFailureKind.Timeout => Failures.Of(invocation, "States.Http.Socket", failure.Message),
        OutgoingFailureKind.TooLarge => Failures.TooLarge(invocation),
        _ => throw new UnreachableException(),
    };

    private static HttpContent? ContentOf(HttpInvokeParameters parameters)
    {
        if (parameters.Body is not { } body)
        {
            return null;
        }

        if (parameters.FormFormat is { } format && body is JsonObject members)
        {
            return TextContent(FormEncoding.Encode(members, format), parameters.ContentType ?? FormType);
        }

        bool isJson = parameters.ContentType is null || IsJson(parameters.ContentType);
        if (body is JsonString text && !isJson)
        {
            return TextContent(text.Value, parameters.ContentType ?? JsonType);
        }

        var content = new JsonRequestContent(body);
        if (parameters.ContentType is { } contentType)
        {
            content.Headers.Remove("Content-Type");
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        return content;
    }

    private static ByteArrayContent TextContent(string text, string contentType)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return content;
    }

    private static bool IsJson(string contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out MediaTypeHeaderValue? type)
        && type.MediaType is { } name
        && (name.Equals(JsonType, StringComparison.OrdinalIgnoreCase) || name.EndsWith("+json", StringComparison.OrdinalIgnoreCase));

    private static JsonObject HeadersOf(OutgoingAnswer answer)
    {
        var headers = new JsonObjectBuilder();
        Add(answer.Headers);
        Add(answer.ContentHeaders);
        return headers.Build();

        void Add(HttpHeadersNonValidated fields)
        {
            foreach (KeyValuePair<string, HeaderStringValues> field in fields)
            {
                var values = new JsonArrayBuilder();
                foreach (string value in field.Value)
                {
                    values.Add(JsonString.Of(value));
                }

                headers.Set(field.Key.ToLowerInvariant(), values.ToArray());
            }
        }
    }

    private HttpRequestMessage Compose(TaskInvocation invocation, HttpInvokeParameters parameters)
    {
        var request = new HttpRequestMessage(parameters.Method, parameters.Url)
        {
            Version = HttpVersion.Version11,
            Content = ContentOf(parameters),
        };
        CallHeaders.AddTo(request, invocation);
        request.Headers.TryAddWithoutValidation("User-Agent", _userAgent);
        foreach ((string name, string value) in parameters.Headers)
        {
            // A definition's own Idempotency-Key or traceparent takes the place of the platform's.
            if (request.Headers.NonValidated.Contains(name))
            {
                request.Headers.Remove(name);
            }

            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, value);
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
            return Failures.Of(
                invocation, $"States.Http.StatusCode.{status}", text.Length > 0 ? text : $"{status} {answer.ReasonPhrase}".TrimEnd());
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

    /// <summary>JSON when the response says it is and it is, else its text; null when it is neither.</summary>
    private JsonValue? BodyOf(OutgoingAnswer answer)
    {
        if (answer.Header("Content-Type") is { } contentType && IsJson(contentType)
            && JsonReader.Read(answer.Body, _limits).TryGetValue(out JsonValue? value, out _))
        {
            return value;
        }

        return Utf8.IsValid(answer.Body) ? JsonString.Of(Encoding.UTF8.GetString(answer.Body)) : null;
    }
}
