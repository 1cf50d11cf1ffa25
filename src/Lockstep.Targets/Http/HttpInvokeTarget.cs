using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Unicode;
using Lockstep.Json;
using Lockstep.Service.Connections;
using Lockstep.Service.Errors;
using Lockstep.Service.Targets;
using Lockstep.Targets.Outgoing;

namespace Lockstep.Targets.Http;

/// <summary>
/// <c>http:invoke</c>: calls an HTTPS API (Step Functions, "Call HTTPS APIs"), with what the connection adds that the definition names. A status outside 200 to 299 is an
/// error, redirects among them. Nothing is sent without the credentials that a definition asks for.
/// </summary>
internal sealed class HttpInvokeTarget(OutgoingHttp http, TargetOptions options, Func<ConnectionUseCases> connections, TimeProvider time) : ITaskTarget
{
    private const string FormType = "application/x-www-form-urlencoded";
    private const string JsonType = "application/json";
    private const string ConnectionError = "Events.ConnectionResource.";

    private readonly JsonReadLimits _limits = new() { MaxBytes = options.MaxResponseBytes };
    private readonly string _userAgent = $"Lockstep|HttpInvoke|{options.Region}";
    private readonly OAuthTokens _tokens = new(http, options, time);

    /// <inheritdoc/>
    public async ValueTask<TaskOutcome> InvokeAsync(TaskInvocation invocation, CancellationToken cancellation)
    {
        if (!ConnectionReference.TryRead(invocation.Parameters, out string? arn, out string wrong))
        {
            return Failures.BadParameter(invocation, wrong);
        }

        if (arn is null)
        {
            Called called = await CallAsync(invocation, null, null, options.HttpInvokeTimeout, cancellation);
            return called.Outcome ?? throw new UnreachableException("Only a call with a token is made again.");
        }

        Result<OpenConnection> opened = await connections().OpenAsync(invocation.Tenant, arn, cancellation);
        return opened.Succeeded
            ? await CallWithAsync(invocation, opened.Value, cancellation)
            : Failures.Of(
                invocation,
                ConnectionError + (opened.Error.Code == ErrorCodes.ConnectionDoesNotExist ? "ResourceNotFound" : "InternalError"),
                opened.Error.Code == ErrorCodes.ConnectionDoesNotExist ? $"Connection {arn} does not exist." : opened.Error.Message);
    }

    /// <summary>Calls; and once more with another token when the first was not accepted. All of it together takes no longer than one call may.</summary>
    private async ValueTask<TaskOutcome> CallWithAsync(TaskInvocation invocation, OpenConnection connection, CancellationToken cancellation)
    {
        long began = time.GetTimestamp();
        string? rejected = null;
        while (true)
        {
            string? token = null;
            if (connection.Settings.Authorization is OAuthAuthorization client)
            {
                OAuthToken got = await _tokens.GetAsync(connection, client, rejected, Left(began), cancellation);
                if (got.Problem is { } problem)
                {
                    return Failures.Of(invocation, ConnectionError + "InvalidConnectionState", problem);
                }

                token = got.AccessToken;
            }

            Called called = await CallAsync(invocation, connection.Settings, token, Left(began), cancellation, mayRepeat: token is not null && rejected is null);
            if (called.Outcome is { } outcome)
            {
                return outcome;
            }

            rejected = token;
        }
    }

    private TimeSpan Left(long began)
    {
        TimeSpan left = options.HttpInvokeTimeout - time.GetElapsedTime(began);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private async ValueTask<Called> CallAsync(
        TaskInvocation invocation, ConnectionSettings? connection, string? token, TimeSpan timeout, CancellationToken cancellation, bool mayRepeat = false)
    {
        ConnectionAdditions additions = connection is null ? ConnectionAdditions.None : ConnectionAdditions.Of(connection, token);
        if (!TryCompose(invocation, additions, out HttpRequestMessage? composed, out string problem))
        {
            return new Called(Failures.BadParameter(invocation, problem));
        }

        using HttpRequestMessage request = composed;
        if (invocation.Exchange is { } watched)
        {
            watched.Received = null;
            watched.Sent = await ShowAsync(invocation, watched, request, additions, cancellation);
        }

        OutgoingOutcome outcome = await http.SendAsync(request, timeout, cancellation);
        if (outcome is OutgoingFailure failure)
        {
            return new Called(FailureOf(invocation, failure));
        }

        using var answer = (OutgoingAnswer)outcome;
        if (invocation.Exchange is { } answered)
        {
            answered.Received = ShownExchange.Of(answer);
        }

        return mayRepeat && answer.Status is (int)HttpStatusCode.Unauthorized or (int)HttpStatusCode.ProxyAuthenticationRequired
            ? new Called(null)
            : new Called(OutcomeOf(invocation, answer));
    }

    /// <summary>What is sent; unless secrets are to be seen, with the names alone of what the connection adds.</summary>
    private async ValueTask<HttpSent> ShowAsync(
        TaskInvocation invocation, HttpExchange watched, HttpRequestMessage request, ConnectionAdditions additions, CancellationToken cancellation)
    {
        if (watched.RevealSecrets || !TryCompose(invocation, additions.Redacted(), out HttpRequestMessage? composed, out _))
        {
            return await ShownExchange.OfAsync(request, cancellation);
        }

        using HttpRequestMessage shown = composed;
        return await ShownExchange.OfAsync(shown, cancellation);
    }

    private bool TryCompose(
        TaskInvocation invocation, ConnectionAdditions additions, [NotNullWhen(true)] out HttpRequestMessage? request, out string problem)
    {
        request = null;
        if (additions.MergeInto(invocation.Parameters) is not { } merged)
        {
            problem = "RequestBody must be an object, because the connection adds members to it.";
            return false;
        }

        if (!HttpInvokeParameters.TryRead(merged, options.MaxRequestHeaders, out HttpInvokeParameters? parameters, out string? wrong))
        {
            problem = wrong;
            return false;
        }

        problem = "";
        request = Compose(invocation, additions.AddTo(parameters));
        return true;
    }

    /// <summary>How a call ended; without an outcome it is to be made again with another token.</summary>
    private readonly record struct Called(TaskOutcome? Outcome);

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
