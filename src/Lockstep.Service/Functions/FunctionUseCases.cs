using System.Globalization;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.Naming;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Functions;

/// <summary>
/// The registry of functions. Here the form of an endpoint is checked; which addresses may be reached is decided at each call,
/// after the name has been resolved.
/// </summary>
public sealed class FunctionUseCases(
    IFunctionStore store, ResourceNames names, PageTokens pages, ServiceLimits limits, bool allowPlainHttp, TimeProvider time)
{
    private const string ListQuery = "functions";

    /// <summary>Registers a function or replaces its endpoint.</summary>
    public async ValueTask<Result<PutFunctionOutcome>> PutAsync(TenantId tenant, string name, string url, CancellationToken cancellation)
    {
        if (names.CheckFunction(name, "name") is { } badName)
        {
            return badName;
        }

        Result<Uri> endpoint = ReadEndpoint(url);
        if (!endpoint.Succeeded)
        {
            return endpoint.Error;
        }

        FunctionRecord? existing = await store.FindAsync(tenant, name, cancellation);
        if (existing is null && await store.CountAsync(tenant, cancellation) >= limits.MaxFunctions)
        {
            return new ServiceError(
                ErrorCodes.FunctionLimitExceeded,
                string.Create(CultureInfo.InvariantCulture, $"The tenant has {limits.MaxFunctions} functions, which is its limit. Delete one first."));
        }

        var function = new FunctionRecord(tenant, name, endpoint.Value, existing?.CreatedAt ?? time.GetUtcNow());
        bool created = await store.PutAsync(function, cancellation);
        return new PutFunctionOutcome(function, created);
    }

    /// <summary>Finds a function.</summary>
    public async ValueTask<Result<FunctionRecord>> DescribeAsync(TenantId tenant, string name, CancellationToken cancellation)
    {
        if (names.CheckFunction(name, "name") is { } badName)
        {
            return badName;
        }

        return await store.FindAsync(tenant, name, cancellation) is { } function
            ? function
            : new ServiceError(ErrorCodes.FunctionDoesNotExist, $"There is no function named \"{name}\".") { Target = "name" };
    }

    /// <summary>Lists a tenant's functions by name.</summary>
    public ValueTask<Result<Page<FunctionRecord>>> ListAsync(TenantId tenant, ListRequest asked, CancellationToken cancellation) =>
        pages.ListAsync(tenant, ListQuery, asked, page => store.ListAsync(tenant, page, cancellation));

    /// <summary>Removes a function; one that is not there counts as removed.</summary>
    public async ValueTask<Result<Accepted>> DeleteAsync(TenantId tenant, string name, CancellationToken cancellation)
    {
        if (names.CheckFunction(name, "name") is { } badName)
        {
            return badName;
        }

        await store.DeleteAsync(tenant, name, cancellation);
        return default(Accepted);
    }

    private Result<Uri> ReadEndpoint(string url)
    {
        if (url.Length > limits.MaxUrlLength)
        {
            return Refuse(string.Create(CultureInfo.InvariantCulture, $"The URL has {url.Length} characters; {limits.MaxUrlLength} are allowed."));
        }

        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || uri.Host.Length == 0 || !IsHttp(uri))
        {
            return Refuse("The URL has to be absolute, such as https://example.com/function.");
        }

        if (uri.Scheme == Uri.UriSchemeHttp && !allowPlainHttp)
        {
            return Refuse("The URL has to begin with https://. Plain http is for development mode.");
        }

        if (uri.UserInfo.Length > 0)
        {
            return Refuse("The URL must not contain a user name or password.");
        }

        return uri.Fragment.Length > 0 ? Refuse("The URL must not contain a fragment (#...).") : uri;
    }

    private static bool IsHttp(Uri uri) => uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp;

    private static ServiceError Refuse(string message) => new(ErrorCodes.Validation, message) { Target = "/url" };
}

/// <summary>How a registration was answered.</summary>
/// <param name="Function">The function as registered.</param>
/// <param name="Created">True when the name was new.</param>
public sealed record PutFunctionOutcome(FunctionRecord Function, bool Created);
