using System.Diagnostics;
using System.Text.Json;
using Lockstep.Api.Bodies;
using Lockstep.Api.Bounds;
using Lockstep.Api.Hosting;
using Lockstep.Api.Problems;
using Lockstep.Json;
using Lockstep.Service;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Telemetry;
using Lockstep.Service.Tenancy;
using Microsoft.AspNetCore.Http;

namespace Lockstep.Api.Routing;

/// <summary>What the routes work with that outlives a request.</summary>
/// <param name="Service">The application.</param>
/// <param name="Options">How the surface behaves.</param>
/// <param name="Bounds">What requests share.</param>
/// <param name="Draining">Whether the service is stopping.</param>
/// <param name="Table">The routes.</param>
public sealed record ApiSurroundings(LockstepService Service, ApiOptions Options, ApiBounds Bounds, Draining Draining, RouteTable Table);

/// <summary>One request on its way through a route: already matched, authenticated, admitted and under its time limit.</summary>
public sealed class ApiCall(HttpContext context, ApiSurroundings surroundings, RouteMatch match, TenantId tenant, CancellationToken cancellation)
{
    /// <summary>The application.</summary>
    public LockstepService Service => surroundings.Service;

    /// <summary>What outlives the request.</summary>
    public ApiSurroundings Surroundings => surroundings;

    /// <summary>The tenant whose key the caller has; a default value on routes that ask for no key.</summary>
    public TenantId Tenant => tenant;

    /// <summary>Ends when the client goes away or the time limit strikes.</summary>
    public CancellationToken Cancellation => cancellation;

    /// <summary>The request.</summary>
    public HttpRequest Request => context.Request;

    /// <summary>The response.</summary>
    public HttpResponse Response => context.Response;

    /// <summary>The span that what the request starts belongs to, as a W3C traceparent: the request's own, or else the caller's; null for none.</summary>
    public string? TraceParent => TraceContext.Of(Span)?.ToString() ?? context.Request.Headers.TraceParent;

    /// <summary>The span of the request; null when nobody records it.</summary>
    internal Activity? Span { get; init; }

    /// <summary>The value of a parameter in the path, counted from the left.</summary>
    public string PathValue(int index) => match.Values[index];

    /// <summary>A parameter of the query; null when absent or empty.</summary>
    public string? Query(string name)
    {
        string? value = context.Request.Query[name];
        return string.IsNullOrEmpty(value) ? null : value;
    }

    /// <summary>Reads the body as a JSON object, as the route's description says.</summary>
    public ValueTask<Result<JsonObject>> ReadBodyAsync() =>
        RequestBody.ReadObjectAsync(context.Request, Service.Limits, match.Route.RequestOptional, cancellation);

    /// <summary>Answers with JSON.</summary>
    public ValueTask AnswerAsync<T>(int status, Action<Utf8JsonWriter, T> write, T state)
    {
        context.Response.StatusCode = status;
        return JsonAnswer.WriteAsync(context.Response, JsonAnswer.MediaType, write, state, cancellation);
    }

    /// <summary>Answers with what was asked for as JSON, or with what refuses it.</summary>
    public ValueTask AnswerAsync<T>(Result<T> result, Action<Utf8JsonWriter, T> write)
        where T : notnull =>
        result.Succeeded ? AnswerAsync(StatusCodes.Status200OK, write, result.Value) : RefuseAsync(result.Error);

    /// <summary>Answers without a body, or with what refuses the request.</summary>
    public ValueTask AnswerEmptyAsync(Result<Accepted> result) => result.Succeeded ? AnswerEmptyAsync() : RefuseAsync(result.Error);

    /// <summary>Answers without a body.</summary>
    public ValueTask AnswerEmptyAsync()
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return ValueTask.CompletedTask;
    }

    /// <summary>Answers with a failure.</summary>
    public ValueTask RefuseAsync(ServiceError error) => ProblemWriter.WriteAsync(context, error, cancellation);

    /// <summary>The absolute URL of a path of this service, as the caller reaches it.</summary>
    public string Link(string pathAndQuery)
    {
        Uri? configured = surroundings.Options.PublicBaseUrl;
        return configured is null
            ? $"{context.Request.Scheme}://{context.Request.Host}{pathAndQuery}"
            : configured.GetLeftPart(UriPartial.Authority) + configured.AbsolutePath.TrimEnd('/') + pathAndQuery;
    }

    /// <summary>Counts the request against a tenant that only the route could find out; false when it has been refused.</summary>
    public async ValueTask<bool> TryAdmitAsync(TenantId owner)
    {
        if (surroundings.Bounds.TryAdmit(owner, out int retryAfterSeconds))
        {
            return true;
        }

        await RequestPipeline.ThrottleAsync(context, retryAfterSeconds, cancellation);
        return false;
    }
}
