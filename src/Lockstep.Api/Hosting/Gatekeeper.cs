using System.Diagnostics;
using Lockstep.Api.Bounds;
using Lockstep.Api.Routing;
using Lockstep.Service.Errors;
using Lockstep.Service.Tenancy;
using Microsoft.AspNetCore.Http;

namespace Lockstep.Api.Hosting;

/// <summary>Who a caller is, or why the request goes no further.</summary>
/// <param name="Tenant">The tenant whose key it has; a default value on routes that ask for none.</param>
/// <param name="Refusal">Null when it may go on.</param>
/// <param name="RetryAfterSeconds">After how many seconds to try again; null when that would change nothing.</param>
internal readonly record struct Caller(TenantId Tenant, ServiceError? Refusal = null, int? RetryAfterSeconds = null);

/// <summary>Authenticates callers and holds them to their rates: a tenant to its requests, an address to its wrong keys.</summary>
internal sealed class Gatekeeper(ApiSurroundings surroundings)
{
    private const string Bearer = "Bearer ";

    private static readonly ServiceError _missingKey = new(
        ErrorCodes.Unauthenticated, "The request has no API key, or not one of this service.")
    {
        Target = "Authorization",
    };

    private static readonly ServiceError _missingOperatorKey = new(
        ErrorCodes.Unauthenticated, "The request does not have the operator key of this service.")
    {
        Target = "Authorization",
    };

    /// <summary>Nothing is under a path.</summary>
    public static ServiceError NothingHere { get; } = new(ErrorCodes.NotFound, "There is nothing under this path.");

    /// <summary>A tenant has used up its rate.</summary>
    public static ServiceError TooFast(int retryAfterSeconds) =>
        new(ErrorCodes.Throttling, $"The tenant has used up its rate of requests. Wait {retryAfterSeconds} second(s).");

    /// <summary>Lets a request on, or says why not.</summary>
    public ValueTask<Caller> AdmitAsync(HttpContext context, RouteAccess access, CancellationToken cancellation) => access switch
    {
        RouteAccess.Open or RouteAccess.TaskToken => default,
        RouteAccess.ApiKey => AdmitTenantAsync(context, cancellation),
        RouteAccess.Operator => new ValueTask<Caller>(AdmitOperator(context)),
        _ => throw new UnreachableException($"Access {access} is not decided here."),
    };

    private async ValueTask<Caller> AdmitTenantAsync(HttpContext context, CancellationToken cancellation)
    {
        if (KeyOf(context.Request) is not { } key)
        {
            return new Caller(default, _missingKey);
        }

        // Whoever was right a moment ago shares an address with a guesser, perhaps, and is none.
        if (!surroundings.Service.ApiKeys.TryRecall(key, out TenantId tenant))
        {
            WrongKeys? wrongKeys = surroundings.Bounds.WrongKeys;
            if (wrongKeys is not null && !wrongKeys.Allows(context.Connection.RemoteIpAddress, out int wait))
            {
                return TooManyWrongKeys(wait);
            }

            if (await surroundings.Service.ApiKeys.VerifyAsync(key, cancellation) is not { } verified)
            {
                wrongKeys?.Count(context.Connection.RemoteIpAddress);
                return new Caller(default, _missingKey);
            }

            tenant = verified;
        }

        return surroundings.Bounds.TryAdmit(tenant, out int retryAfterSeconds)
            ? new Caller(tenant)
            : new Caller(tenant, TooFast(retryAfterSeconds), retryAfterSeconds);
    }

    private Caller AdmitOperator(HttpContext context)
    {
        if (surroundings.Service.OperatorKey is not { } operatorKey)
        {
            return new Caller(default, NothingHere);
        }

        if (KeyOf(context.Request) is not { } key)
        {
            return new Caller(default, _missingOperatorKey);
        }

        WrongKeys? wrongKeys = surroundings.Bounds.WrongKeys;
        if (wrongKeys is not null && !wrongKeys.Allows(context.Connection.RemoteIpAddress, out int wait))
        {
            return TooManyWrongKeys(wait);
        }

        if (operatorKey.Matches(key))
        {
            return default;
        }

        wrongKeys?.Count(context.Connection.RemoteIpAddress);
        return new Caller(default, _missingOperatorKey);
    }

    private static Caller TooManyWrongKeys(int retryAfterSeconds) => new(
        default,
        new ServiceError(ErrorCodes.Throttling, $"Too many requests from this address had a wrong key. Wait {retryAfterSeconds} second(s)."),
        retryAfterSeconds);

    /// <summary>The key that a request brings; null when it brings none.</summary>
    private static string? KeyOf(HttpRequest request)
    {
        string? header = request.Headers.Authorization;
        return header is not null && header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : null;
    }
}
