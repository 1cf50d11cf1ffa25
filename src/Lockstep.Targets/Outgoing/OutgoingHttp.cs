using System.Diagnostics;
using System.Net;
using Lockstep.Service.Telemetry;

namespace Lockstep.Targets.Outgoing;

/// <summary>
/// The one way out: every call of a task goes through it. Invariant: only addresses that the policy allows are connected to, no redirect
/// is followed, no proxy, cookie or credential of the environment is used, and time, size and headers are bounded.
/// </summary>
public sealed class OutgoingHttp : IDisposable
{
    private readonly HttpMessageInvoker _invoker;
    private readonly TargetOptions _options;
    private readonly TimeProvider _time;
    private readonly ServiceTelemetry? _telemetry;

    /// <summary>A client with its own pool of connections; make one per process.</summary>
    /// <param name="options">What the operator decided.</param>
    /// <param name="resolver">Resolves names.</param>
    /// <param name="time">The clock.</param>
    /// <param name="telemetry">Told of every call; null when nobody wants to know.</param>
    public OutgoingHttp(TargetOptions options, INameResolver resolver, TimeProvider time, ServiceTelemetry? telemetry = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(resolver);
        ArgumentNullException.ThrowIfNull(time);
        _options = options;
        _time = time;
        _telemetry = telemetry;
        var connector = new GuardedConnector(new AddressPolicy(options.AllowedNetworks, options.DevelopmentMode), resolver);
        _invoker = new HttpMessageInvoker(
            new SocketsHttpHandler
            {
                ConnectCallback = connector.ConnectAsync,
                AllowAutoRedirect = false,
                UseProxy = false,
                UseCookies = false,
                AutomaticDecompression = DecompressionMethods.None,
                // The trace header is set by hand: the built-in handler would cost a span and its tags on every call.
                ActivityHeadersPropagator = null,
                ConnectTimeout = options.ConnectTimeout,
                PooledConnectionLifetime = options.ConnectionLifetime,
                MaxConnectionsPerServer = options.MaxConnectionsPerHost,
                MaxResponseHeadersLength = options.MaxResponseHeadersKib,
            },
            disposeHandler: true);
    }

    /// <inheritdoc/>
    public void Dispose() => _invoker.Dispose();

    /// <summary>Why an address may not be called before its name is even resolved; null when it may be tried.</summary>
    internal string? RefusalOf(Uri url)
    {
        if (!url.IsAbsoluteUri || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp))
        {
            return "Only https addresses can be called.";
        }

        if (url.Scheme == Uri.UriSchemeHttp && !_options.DevelopmentMode && !_options.AllowPlainHttp)
        {
            return "Plain http is not accepted here; use an https address.";
        }

        if (url.UserInfo.Length > 0)
        {
            return "An address must not contain a user name or password.";
        }

        return url.OriginalString.Length > _options.MaxUrlCharacters
            ? $"The address is longer than {_options.MaxUrlCharacters} characters."
            : null;
    }

    /// <summary>Sends a request and reads the answer whole. Throws only when the caller cancels.</summary>
    /// <param name="request">The request with an absolute address.</param>
    /// <param name="timeout">Longest time until the answer is whole.</param>
    /// <param name="cancellation">The caller's own end.</param>
    internal ValueTask<OutgoingOutcome> SendAsync(HttpRequestMessage request, TimeSpan timeout, CancellationToken cancellation) =>
        _telemetry is { ObservesOutgoing: true } telemetry
            ? ObserveAsync(telemetry, request, timeout, cancellation)
            : CallAsync(request, timeout, cancellation);

    private async ValueTask<OutgoingOutcome> ObserveAsync(
        ServiceTelemetry telemetry, HttpRequestMessage request, TimeSpan timeout, CancellationToken cancellation)
    {
        long began = _time.GetTimestamp();
        string ended = "cancelled";
        try
        {
            OutgoingOutcome outcome = await CallAsync(request, timeout, cancellation);
            ended = TextOf(outcome);
            return outcome;
        }
        finally
        {
            telemetry.OutgoingEnded(MethodOf(request), ended, _time.GetElapsedTime(began));
        }
    }

    private async ValueTask<OutgoingOutcome> CallAsync(HttpRequestMessage request, TimeSpan timeout, CancellationToken cancellation)
    {
        Uri url = request.RequestUri ?? throw new ArgumentException("The request names no address.", nameof(request));
        if (RefusalOf(url) is { } refusal)
        {
            return new OutgoingFailure(OutgoingFailureKind.Refused, refusal);
        }

        using var deadline = new CancellationTokenSource(timeout, _time);
        using CancellationTokenRegistration link = cancellation.UnsafeRegister(
            static source => ((CancellationTokenSource?)source)?.Cancel(), deadline);
        HttpResponseMessage? response = null;
        try
        {
            response = await _invoker.SendAsync(request, deadline.Token);
            (byte[] buffer, int length) = await BodyReader.ReadAsync(response.Content, _options.MaxResponseBytes, deadline.Token);
            if (length < 0)
            {
                response.Dispose();
                return new OutgoingFailure(
                    OutgoingFailureKind.TooLarge, $"The response has more than {_options.MaxResponseBytes} bytes.");
            }

            (request.Content as JsonRequestContent)?.ReturnBuffer();
            return new OutgoingAnswer(response, buffer, length);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            response?.Dispose();
            cancellation.ThrowIfCancellationRequested();
            return new OutgoingFailure(
                OutgoingFailureKind.Timeout, FormattableString.Invariant($"No whole response within {timeout.TotalSeconds:0.00} seconds."));
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException)
        {
            response?.Dispose();
            return Describe(url, broken);
        }
    }

    /// <summary>A definition names the method, so only those that HTTP has count by name.</summary>
    private static string MethodOf(HttpRequestMessage request) =>
        request.Method.Method is "GET" or "HEAD" or "POST" or "PUT" or "PATCH" or "DELETE" or "OPTIONS" ? request.Method.Method : "_OTHER";

    private static string TextOf(OutgoingOutcome outcome) => outcome switch
    {
        OutgoingAnswer { Status: < 300 } => "2xx",
        OutgoingAnswer { Status: < 400 } => "3xx",
        OutgoingAnswer { Status: < 500 } => "4xx",
        OutgoingAnswer => "5xx",
        OutgoingFailure { Kind: OutgoingFailureKind.Refused } => "refused",
        OutgoingFailure { Kind: OutgoingFailureKind.Connection } => "connection",
        OutgoingFailure { Kind: OutgoingFailureKind.Timeout } => "timeout",
        OutgoingFailure { Kind: OutgoingFailureKind.TooLarge } => "too_large",
        _ => throw new UnreachableException(),
    };

    private static OutgoingFailure Describe(Uri url, Exception broken)
    {
        string place = $"{url.Host}:{url.Port}";
        return broken switch
        {
            { InnerException: AddressRefusedException refused } => new OutgoingFailure(OutgoingFailureKind.Refused, refused.Message),
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } =>
                new OutgoingFailure(OutgoingFailureKind.Connection, $"The host '{url.Host}' is not known."),
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
                new OutgoingFailure(OutgoingFailureKind.Connection, $"The TLS handshake with {place} failed."),
            HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } =>
                new OutgoingFailure(OutgoingFailureKind.TooLarge, $"The response headers of {place} are larger than allowed."),
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } =>
                new OutgoingFailure(OutgoingFailureKind.Connection, $"Connect to {place} failed."),
            OperationCanceledException => new OutgoingFailure(OutgoingFailureKind.Connection, $"Connect to {place} timed out."),
            _ => new OutgoingFailure(OutgoingFailureKind.Connection, $"The connection to {place} broke before the response was whole."),
        };
    }
}
