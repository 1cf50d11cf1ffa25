using System.Text;
using Lockstep.Service.Errors;
using Lockstep.Service.Limits;
using Lockstep.Service.Security;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Paging;

/// <summary>
/// Turns store cursors into the page tokens that leave the service: signed, and bound to the tenant and the query, so that a token
/// opens no other list and a forged one opens none.
/// </summary>
public sealed class PageTokens(KeyRing ring, ServiceLimits limits)
{
    /// <summary>The purpose under which the keys are kept.</summary>
    public const string Purpose = "page-token";

    /// <summary>Checks what a caller asks for and turns it into what a store is asked for.</summary>
    /// <param name="tenant">Who asks.</param>
    /// <param name="query">The list and its filter; the token is good for this query only.</param>
    /// <param name="asked">The page asked for.</param>
    public Result<PageRequest> Open(TenantId tenant, string query, ListRequest asked)
    {
        int size = asked.PageSize ?? Math.Min(limits.DefaultPageSize, limits.MaxPageSize);
        if (size < 1 || size > limits.MaxPageSize)
        {
            return new ServiceError(ErrorCodes.Validation, $"pageSize is {size}, but has to be from 1 to {limits.MaxPageSize}.")
            {
                Target = "pageSize",
            };
        }

        string? cursor = null;
        if (asked.PageToken is { } token)
        {
            byte[]? payload = token.Length <= limits.MaxPageTokenLength ? SignedText.Verify(ring, Context(tenant, query), token) : null;
            if (payload is null)
            {
                return new ServiceError(
                    ErrorCodes.InvalidToken, "pageToken is not one that this list has given out. Follow nextLink as it is, with the same filter.")
                {
                    Target = "pageToken",
                };
            }

            cursor = Encoding.UTF8.GetString(payload);
        }

        return new PageRequest(size, cursor) { MaxBytes = limits.MaxPageBytes };
    }

    /// <summary>The page as it leaves the service, its cursor sealed.</summary>
    public Page<T> Seal<T>(TenantId tenant, string query, Page<T> page) => page.Next is null
        ? page
        : page with { Next = SignedText.Sign(ring.Current, Context(tenant, query), Encoding.UTF8.GetBytes(page.Next)) };

    /// <summary>Answers with a page of a list: checks what is asked for, has it read, and seals its cursor.</summary>
    /// <param name="tenant">Who asks.</param>
    /// <param name="query">The list and its filter; the token is good for this query only.</param>
    /// <param name="asked">The page asked for.</param>
    /// <param name="read">Reads it from the store.</param>
    public async ValueTask<Result<Page<T>>> ListAsync<T>(TenantId tenant, string query, ListRequest asked, Func<PageRequest, ValueTask<Page<T>>> read)
    {
        Result<PageRequest> page = Open(tenant, query, asked);
        return page.Succeeded ? Seal(tenant, query, await read(page.Value)) : page.Error;
    }

    private static string Context(TenantId tenant, string query) => $"{Purpose}\n{tenant.Value}\n{query}";
}

/// <summary>Which page of a list a caller asks for.</summary>
/// <param name="PageSize">Items at most; null for the default.</param>
/// <param name="PageToken">The token of the page before; null for the first page.</param>
public sealed record ListRequest(int? PageSize, string? PageToken)
{
    /// <summary>The first page in the default size.</summary>
    public static ListRequest First { get; } = new(null, null);
}
