using System.Globalization;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Objects;

/// <summary>The objects of a tenant, for whoever holds its key. Tasks and Map states come here too, so that one set of rules holds.</summary>
public sealed class ObjectUseCases(IObjectStore store, PageTokens pages, ServiceLimits limits)
{
    /// <summary>What content is called whose sender does not say.</summary>
    public const string DefaultContentType = "application/octet-stream";

    private const int MaxContentTypeLength = 255;
    private const long BytesPerMiB = 1024 * 1024;

    /// <summary>Puts an object, in place of the one that may be there.</summary>
    public async ValueTask<Result<ObjectRecord>> PutAsync(ObjectPlace place, string? contentType, Stream content, CancellationToken cancellation)
    {
        if (ObjectNames.Check(place) is { } badName)
        {
            return badName;
        }

        string type = string.IsNullOrEmpty(contentType) ? DefaultContentType : contentType;
        if (type.Length > MaxContentTypeLength || type.Any(c => c is < ' ' or > '~'))
        {
            return new ServiceError(
                ErrorCodes.Validation,
                string.Create(CultureInfo.InvariantCulture, $"A content type has at most {MaxContentTypeLength} printable ASCII characters."))
            {
                Target = "Content-Type",
            };
        }

        try
        {
            return await store.PutAsync(place, type, new BoundedContent(content, limits.MaxObjectMiB * BytesPerMiB), cancellation);
        }
        catch (ObjectTooLargeException)
        {
            return new ServiceError(
                ErrorCodes.PayloadTooLarge,
                string.Create(CultureInfo.InvariantCulture, $"The object has more than the {limits.MaxObjectMiB} MiB that are allowed."));
        }
    }

    /// <summary>Shows an object without its content.</summary>
    public async ValueTask<Result<ObjectRecord>> DescribeAsync(ObjectPlace place, CancellationToken cancellation) =>
        ObjectNames.Check(place) is { } badName ? badName
        : await store.FindAsync(place, cancellation) is { } found ? found
        : await AbsentAsync(place, cancellation);

    /// <summary>Opens an object from an offset on; whoever gets it disposes it.</summary>
    public async ValueTask<Result<OpenObject>> OpenAsync(ObjectPlace place, long offset, CancellationToken cancellation) =>
        ObjectNames.Check(place) is { } badName ? badName
        : await store.OpenAsync(place, offset, cancellation) is { } found ? found
        : await AbsentAsync(place, cancellation);

    /// <summary>Removes an object; one that is not there counts as removed.</summary>
    public async ValueTask<Result<Accepted>> DeleteAsync(ObjectPlace place, CancellationToken cancellation)
    {
        if (ObjectNames.Check(place) is { } badName)
        {
            return badName;
        }

        await store.DeleteAsync(place, cancellation);
        return default(Accepted);
    }

    /// <summary>Lists the objects of a bucket by key, with sealed page tokens.</summary>
    public async ValueTask<Result<Page<ObjectRecord>>> ListAsync(
        TenantId tenant, string bucket, string prefix, ListRequest asked, CancellationToken cancellation)
    {
        if (ObjectNames.CheckBucket(bucket) is { } badName)
        {
            return badName;
        }

        string query = $"objects\n{bucket}\n{prefix}";
        return await pages.ListAsync(tenant, query, asked, page => store.ListAsync(tenant, bucket, prefix, page, cancellation));
    }

    /// <summary>Lists the objects of a bucket by key, after a key: for tasks and Map states, which name keys.</summary>
    /// <param name="tenant">The owner.</param>
    /// <param name="bucket">The bucket.</param>
    /// <param name="prefix">What keys begin with; may be empty.</param>
    /// <param name="startAfter">The key after which to start; null for the first page.</param>
    /// <param name="maxKeys">Objects at most, 1 to 1,000.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The page; its cursor is the last key. <see cref="ErrorCodes.BucketDoesNotExist"/> when the bucket holds nothing at all.</returns>
    public async ValueTask<Result<Page<ObjectRecord>>> ListAfterAsync(
        TenantId tenant, string bucket, string prefix, string? startAfter, int maxKeys, CancellationToken cancellation)
    {
        if (ObjectNames.CheckBucket(bucket) is { } badName)
        {
            return badName;
        }

        Page<ObjectRecord> page = await store.ListAsync(tenant, bucket, prefix, new PageRequest(maxKeys, startAfter), cancellation);
        return page.Items.Count > 0 || await ExistsAsync(tenant, bucket, cancellation) ? page : NoBucket(bucket);
    }

    private static ServiceError NoBucket(string bucket) =>
        new(ErrorCodes.BucketDoesNotExist, $"There is no object in a bucket named \"{bucket}\".") { Target = "bucket" };

    private async ValueTask<ServiceError> AbsentAsync(ObjectPlace place, CancellationToken cancellation) =>
        await ExistsAsync(place.Tenant, place.Bucket, cancellation)
            ? new ServiceError(ErrorCodes.ObjectDoesNotExist, $"There is no object \"{place.Key}\" in the bucket \"{place.Bucket}\".") { Target = "key" }
            : NoBucket(place.Bucket);

    private async ValueTask<bool> ExistsAsync(TenantId tenant, string bucket, CancellationToken cancellation) =>
        (await store.ListAsync(tenant, bucket, "", new PageRequest(1, null), cancellation)).Items.Count > 0;
}
