using System.Globalization;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.Paging;

namespace Lockstep.Service.Tenancy;

/// <summary>What an operator does: create tenants, and issue and remove their API keys. Everything else belongs to the tenants.</summary>
public sealed class OperatorUseCases(ITenantStore store, ApiKeys keys, AccessKeys accessKeys, ServiceLimits limits, TimeProvider time)
{
    /// <summary>Other operators who took the number that seemed free, before it is given up.</summary>
    private const int MaxAttempts = 10;

    private const long LastNumber = 999_999_999_999;

    /// <summary>Creates a tenant with a first API key. The answer is the only copy of the key's text.</summary>
    /// <param name="number">Its 12-digit number; null for the one after the highest.</param>
    /// <param name="name">What the operator calls it; null for nothing.</param>
    /// <param name="cancellation">Gives up; the tenant may then exist, without a key.</param>
    public async ValueTask<Result<NewTenant>> CreateAsync(string? number, string? name, CancellationToken cancellation)
    {
        if (CheckName(name) is { } badName)
        {
            return badName;
        }

        Result<TenantRecord> created = number is null
            ? await CreateNextAsync(name, cancellation)
            : await CreateGivenAsync(number, name, cancellation);
        return created.Succeeded ? await IssueAsync(created.Value, cancellation) : created.Error;
    }

    /// <summary>Lists the tenants by number.</summary>
    /// <param name="asked">The page; its token is the number of the last tenant seen.</param>
    /// <param name="cancellation">Gives up.</param>
    public async ValueTask<Result<Page<TenantRecord>>> ListAsync(ListRequest asked, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(asked);
        int size = asked.PageSize ?? Math.Min(limits.DefaultPageSize, limits.MaxPageSize);
        if (size < 1 || size > limits.MaxPageSize)
        {
            return new ServiceError(
                ErrorCodes.Validation, string.Create(CultureInfo.InvariantCulture, $"pageSize is {size}, but has to be from 1 to {limits.MaxPageSize}."))
            {
                Target = "pageSize",
            };
        }

        return asked.PageToken is { } token && !TenantId.TryParse(token, out _)
            ? new ServiceError(ErrorCodes.InvalidToken, "pageToken has to be the number of a tenant.") { Target = "pageToken" }
            : await store.ListAsync(new PageRequest(size, asked.PageToken), cancellation);
    }

    /// <summary>Issues a further API key. The answer is the only copy of its text.</summary>
    public async ValueTask<Result<NewTenant>> IssueKeyAsync(string number, CancellationToken cancellation)
    {
        Result<TenantRecord> tenant = await FindAsync(number, cancellation);
        if (!tenant.Succeeded)
        {
            return tenant.Error;
        }

        if ((await store.ListKeysAsync(tenant.Value.Tenant, cancellation)).Count >= limits.MaxApiKeys)
        {
            return new ServiceError(
                ErrorCodes.ApiKeyLimitExceeded,
                string.Create(CultureInfo.InvariantCulture, $"The tenant has {limits.MaxApiKeys} API keys, which is its limit. Remove one first."));
        }

        return await IssueAsync(tenant.Value, cancellation);
    }

    /// <summary>Lists the API keys of a tenant: their identifiers, never their texts, which nobody has.</summary>
    public async ValueTask<Result<TenantKeys>> ListKeysAsync(string number, CancellationToken cancellation)
    {
        Result<TenantRecord> tenant = await FindAsync(number, cancellation);
        return tenant.Succeeded
            ? new TenantKeys(await store.ListKeysAsync(tenant.Value.Tenant, cancellation))
            : tenant.Error;
    }

    /// <summary>Removes an API key; one that is not there counts as removed. Where it is remembered it works for up to <see cref="ApiKeys.MemorySeconds"/> more.</summary>
    public async ValueTask<Result<Accepted>> RemoveKeyAsync(string number, string keyId, CancellationToken cancellation)
    {
        Result<TenantRecord> tenant = await FindAsync(number, cancellation);
        if (!tenant.Succeeded)
        {
            return tenant.Error;
        }

        await keys.RemoveAsync(tenant.Value.Tenant, keyId, cancellation);
        return default(Accepted);
    }

    private async ValueTask<NewTenant> IssueAsync(TenantRecord tenant, CancellationToken cancellation)
    {
        string apiKey = await keys.IssueAsync(tenant.Tenant, cancellation);
        AccessKey accessKey = await accessKeys.OfApiKeyAsync(apiKey, cancellation)
            ?? throw new InvalidOperationException("An API key that was just issued has no access key.");
        return new NewTenant(tenant, apiKey, accessKey);
    }

    private async ValueTask<Result<TenantRecord>> CreateGivenAsync(string number, string? name, CancellationToken cancellation)
    {
        if (!TenantId.TryParse(number, out TenantId given) || given.Value == TenantId.None)
        {
            return new ServiceError(ErrorCodes.Validation, "A tenant has a number of twelve digits, not all of them 0.") { Target = "/tenant" };
        }

        var tenant = new TenantRecord(given, name, time.GetUtcNow());
        return await store.CreateAsync(tenant, cancellation)
            ? tenant
            : new ServiceError(ErrorCodes.TenantAlreadyExists, $"There is a tenant {number}.") { Target = "/tenant" };
    }

    private async ValueTask<Result<TenantRecord>> CreateNextAsync(string? name, CancellationToken cancellation)
    {
        for (int attempt = 0; attempt < MaxAttempts; attempt++)
        {
            TenantId? last = await store.FindLastAsync(cancellation);
            long next = last is { } highest ? long.Parse(highest.Value, NumberStyles.None, CultureInfo.InvariantCulture) + 1 : 1;
            if (next > LastNumber || !TenantId.TryParse(next.ToString("D12", CultureInfo.InvariantCulture), out TenantId free))
            {
                return new ServiceError(ErrorCodes.Validation, "The highest number is taken, so there is none after it. Name a free one.") { Target = "/tenant" };
            }

            var tenant = new TenantRecord(free, name, time.GetUtcNow());
            if (await store.CreateAsync(tenant, cancellation))
            {
                return tenant;
            }
        }

        return new ServiceError(ErrorCodes.Conflict, "Others are creating tenants at the same time. Try again.");
    }

    private async ValueTask<Result<TenantRecord>> FindAsync(string number, CancellationToken cancellation) =>
        TenantId.TryParse(number, out TenantId tenant) && await store.FindAsync(tenant, cancellation) is { } found
            ? found
            : new ServiceError(ErrorCodes.TenantDoesNotExist, "There is no such tenant.") { Target = "tenant" };

    private ServiceError? CheckName(string? name) =>
        name is null || (name.Length >= 1 && name.Length <= limits.MaxTenantNameLength && !name.Any(char.IsControl))
            ? null
            : new ServiceError(
                ErrorCodes.InvalidName,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The name of a tenant has 1 to {limits.MaxTenantNameLength} characters, and no control characters; this one has {name.Length}."))
            {
                Target = "/name",
            };
}

/// <summary>The API keys of a tenant, without their texts.</summary>
/// <param name="Keys">All of them, by identifier.</param>
public sealed record TenantKeys(IReadOnlyList<ApiKeyRecord> Keys);

/// <summary>A tenant, and an API key with its access key that were just issued for it.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="ApiKey">The text of the key; there is no other copy.</param>
/// <param name="AccessKey">The access key that belongs to it; its secret is shown this once.</param>
public sealed record NewTenant(TenantRecord Tenant, string ApiKey, AccessKey AccessKey)
{
    /// <summary>The identifier of the key: safe to store and to show.</summary>
    public string ApiKeyId => ApiKeyText.IdentifierOf(ApiKey);

    /// <summary>The tenant only: a key that reaches a log by mistake says nothing.</summary>
    public override string ToString() => $"NewTenant {Tenant.Tenant}";
}
