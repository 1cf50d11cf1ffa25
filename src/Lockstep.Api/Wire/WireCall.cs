using Lockstep.Api.Routing;
using Lockstep.Json;
using Lockstep.Service;
using Lockstep.Service.Errors;
using Lockstep.Service.Limits;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Api.Wire;

/// <summary>One request of the protocol on its way to its operation: authenticated, admitted, and checked against the operation's shape.</summary>
/// <param name="surroundings">What outlives the request.</param>
/// <param name="operation">The operation.</param>
/// <param name="key">The access key that has signed it.</param>
/// <param name="request">The request.</param>
/// <param name="cancellation">Ends when the client goes away or the time limit strikes.</param>
public sealed class WireCall(ApiSurroundings surroundings, WireOperation operation, AccessKey key, JsonObject request, CancellationToken cancellation)
{
    /// <summary>The application.</summary>
    public LockstepService Service => surroundings.Service;

    /// <summary>What outlives the request.</summary>
    public ApiSurroundings Surroundings => surroundings;

    /// <summary>The limits in force.</summary>
    public ServiceLimits Limits => surroundings.Service.Limits;

    /// <summary>The operation.</summary>
    public WireOperation Operation => operation;

    /// <summary>The tenant, which stands for the account.</summary>
    public TenantId Tenant => key.Tenant;

    /// <summary>Ends when the client goes away or the time limit strikes.</summary>
    public CancellationToken Cancellation => cancellation;

    /// <summary>The span that what the request starts belongs to, as a W3C traceparent; null for none.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Who calls, as messages name them.</summary>
    public string Caller => $"arn:aws:iam::{Tenant.Value}:user/{key.Id}";

    /// <summary>Any member; null when absent or null.</summary>
    public JsonValue? Any(string name) => request[name] is JsonNull ? null : request[name];

    /// <summary>A string that has to be there; the shape has seen to it.</summary>
    public string Text(string name) => OptionalText(name) ?? throw new InvalidOperationException($"The shape of {operation.Name} does not require {name}.");

    /// <summary>A string; null when absent.</summary>
    public string? OptionalText(string name) => (Any(name) as JsonString)?.Value;

    /// <summary>A whole number; null when absent.</summary>
    public long? Integer(string name) => Any(name) is JsonNumber number && number.TryGetInt64(out long value) ? value : null;

    /// <summary>A number; null when absent.</summary>
    public double? Number(string name) => (Any(name) as JsonNumber)?.ToDouble();

    /// <summary>A flag; null when absent.</summary>
    public bool? Flag(string name) => (Any(name) as JsonBoolean)?.Value;

    /// <summary>An object; null when absent.</summary>
    public JsonObject? Structure(string name) => Any(name) as JsonObject;

    /// <summary>The items of a list; empty when absent.</summary>
    public IReadOnlyList<JsonValue> Items(string name) => Any(name) as JsonArray ?? JsonArray.Empty;

    /// <summary>The page that is asked for: <c>maxResults</c>, where 0 stands for the default, and <c>nextToken</c>.</summary>
    public ListRequest Page()
    {
        long size = Integer("maxResults") ?? 0;
        return new ListRequest(size == 0 ? null : (int)Math.Min(size, Limits.MaxPageSize), OptionalText("nextToken"));
    }

    /// <summary>Whether inputs and outputs are asked for (<c>includedData</c>).</summary>
    public bool IncludesData => OptionalText("includedData") != "METADATA_ONLY";

    /// <summary>A failure of the application, about what the request names.</summary>
    public static WireAnswer Refuse(ServiceError error, string subject) => WireErrors.Of(error, subject);
}
