using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Lockstep.Api.Problems;
using Lockstep.Api.Routing;
using Lockstep.Api.Wire;
using Lockstep.Service.Errors;
using Lockstep.Service.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Lockstep.Api.Hosting;

/// <summary>
/// The way of every request: find the route, authenticate, admit, carry out within the time limit, and turn whatever goes wrong
/// into a problem. Secrets never reach the log: neither headers nor paths are written to it.
/// </summary>
public sealed partial class RequestPipeline(ApiSurroundings surroundings, ILogger<RequestPipeline> logger)
{
    /// <summary>Stands for the method and the route of what no route matches: the caller chooses them, so they are not told.</summary>
    private const string UnmatchedLabel = "_OTHER";

    private readonly Gatekeeper _gatekeeper = new(surroundings);

    private readonly WireEndpoint _wire = new(surroundings, logger);

    /// <summary>Answers a request.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        if (!surroundings.Table.TryMatch(
            context.Request.Method, context.Request.Path.Value ?? "/", out RouteMatch match, out ImmutableArray<string> allowed))
        {
            return RefuseUnmatchedAsync(context, allowed);
        }

        return surroundings.Service.Telemetry is { ObservesRequests: true } telemetry
            ? ObserveAsync(context, match, telemetry)
            : AnswerAsync(context, match, span: null);
    }

    private async Task RefuseUnmatchedAsync(HttpContext context, ImmutableArray<string> allowed)
    {
        await ProblemWriter.WriteAsync(context, Unmatched(context, allowed), context.RequestAborted);
        surroundings.Service.Telemetry?.RequestEnded(null, UnmatchedLabel, UnmatchedLabel, context.Response.StatusCode, TimeSpan.Zero);
    }

    private async Task ObserveAsync(HttpContext context, RouteMatch match, ServiceTelemetry telemetry)
    {
        long began = surroundings.Service.Time.GetTimestamp();
        Activity? span = telemetry.BeginRequest(match.Route.Method, match.Route.Pattern, context.Request.Headers.TraceParent);
        try
        {
            await AnswerAsync(context, match, span);
        }
        finally
        {
            telemetry.RequestEnded(
                span, match.Route.Method, match.Route.Pattern, context.Response.StatusCode, surroundings.Service.Time.GetElapsedTime(began));
        }
    }

    private async Task AnswerAsync(HttpContext context, RouteMatch match, Activity? span)
    {
        if (match.Route.Access == RouteAccess.Signature)
        {
            await _wire.AnswerAsync(context, TraceContext.Of(span)?.ToString());
            return;
        }

        using var limit = new CancellationTokenSource(
            TimeSpan.FromSeconds(surroundings.Bounds.SecondsOf(match.Route.Pace)), surroundings.Service.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, limit.Token);
        try
        {
            await CarryOutAsync(context, match, span, either.Token);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone: there is nobody to answer.
            return;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            await FailAsync(context, new ServiceError(
                ErrorCodes.RequestTimeout, $"The request was not answered within {surroundings.Bounds.SecondsOf(match.Route.Pace)} seconds."));
        }
        catch (BadHttpRequestException malformed)
        {
            string code = malformed.StatusCode == StatusCodes.Status413PayloadTooLarge ? ErrorCodes.PayloadTooLarge : ErrorCodes.Validation;
            await FailAsync(context, new ServiceError(code, "The request could not be read: " + malformed.Message));
        }
        catch (StorageUnavailableException unavailable)
        {
            LogStorage(logger, match.Route.OperationId, context.TraceIdentifier, unavailable);
            await FailAsync(context, new ServiceError(ErrorCodes.StorageUnavailable, "The storage cannot be reached at the moment."));
        }
        catch (Exception defect) when (!context.Response.HasStarted)
        {
            LogDefect(logger, match.Route.OperationId, context.TraceIdentifier, defect);
            await FailAsync(context, new ServiceError(ErrorCodes.InternalError, "The service has failed to answer. Nothing is known to be wrong with the request."));
        }
    }

    /// <summary>Answers that the tenant's rate is used up.</summary>
    internal static ValueTask ThrottleAsync(HttpContext context, int retryAfterSeconds, CancellationToken cancellation) =>
        RefuseAsync(context, Gatekeeper.TooFast(retryAfterSeconds), retryAfterSeconds, cancellation);

    private static ValueTask RefuseAsync(HttpContext context, ServiceError refusal, int? retryAfterSeconds, CancellationToken cancellation)
    {
        if (retryAfterSeconds is int seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        return ProblemWriter.WriteAsync(context, refusal, cancellation);
    }

    private static ServiceError Unmatched(HttpContext context, ImmutableArray<string> allowed)
    {
        if (allowed.IsEmpty)
        {
            return Gatekeeper.NothingHere;
        }

        string methods = string.Join(", ", allowed);
        context.Response.Headers.Allow = methods;
        return new ServiceError(ErrorCodes.MethodNotAllowed, $"This path has {methods}.");
    }

    private static ServiceError? CheckQuery(HttpRequest request, ApiRoute route)
    {
        if (!request.QueryString.HasValue)
        {
            return null;
        }

        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in request.Query)
        {
            if (!route.Parameters.Any(parameter => parameter.In == "query" && parameter.Name == name))
            {
                string known = string.Join(", ", route.Parameters.Where(parameter => parameter.In == "query").Select(parameter => parameter.Name));
                return new ServiceError(
                    ErrorCodes.Validation,
                    known.Length == 0 ? "This path has no query parameters." : $"There is no query parameter \"{name}\" here. Known are: {known}.")
                {
                    Target = name,
                };
            }

            if (values.Count > 1)
            {
                return new ServiceError(ErrorCodes.Validation, $"The query parameter \"{name}\" is there more than once.") { Target = name };
            }
        }

        return null;
    }

    private async ValueTask CarryOutAsync(HttpContext context, RouteMatch match, Activity? span, CancellationToken cancellation)
    {
        Caller caller = await _gatekeeper.AdmitAsync(context, match.Route.Access, cancellation);
        if (caller.Refusal is { } refusal)
        {
            await RefuseAsync(context, refusal, caller.RetryAfterSeconds, cancellation);
            return;
        }

        if (match.Route.Access == RouteAccess.ApiKey)
        {
            span?.SetTag(TelemetryNames.Tenant, caller.Tenant.Value);
        }

        if (CheckQuery(context.Request, match.Route) is { } badQuery)
        {
            await ProblemWriter.WriteAsync(context, badQuery, cancellation);
            return;
        }

        await match.Route.Handler(new ApiCall(context, surroundings, match, caller.Tenant, cancellation) { Span = span });
    }

    private static async ValueTask FailAsync(HttpContext context, ServiceError error)
    {
        if (context.Response.HasStarted)
        {
            // Half an answer is out: only breaking the connection tells the client that the rest will not come.
            context.Abort();
            return;
        }

        context.Response.Headers.Remove("ETag");
        await ProblemWriter.WriteAsync(context, error, context.RequestAborted);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Operation} failed, request {RequestId}")]
    private static partial void LogDefect(ILogger logger, string operation, string requestId, Exception defect);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Operation} could not reach the storage, request {RequestId}")]
    private static partial void LogStorage(ILogger logger, string operation, string requestId, Exception unavailable);
}
