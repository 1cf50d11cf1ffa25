using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Objects;

/// <summary>
/// Keeps the objects of tenants: what <c>s3:</c> tasks work on. A bucket
/// exists while it holds an object; nobody creates one.
/// </summary>
public interface IObjectStore
{
    /// <summary>
    /// Puts an object in place of the one that may be there. Readers see the old one until the new one is durable, and never a part of one. When the
    /// content throws while it is read, the object is not put and the exception goes on to the caller.
    /// </summary>
    /// <param name="place">Where to put it.</param>
    /// <param name="contentType">Kept with it.</param>
    /// <param name="content">Read to its end, once.</param>
    /// <param name="cancellation">Gives up.</param>
    ValueTask<ObjectRecord> PutAsync(ObjectPlace place, string contentType, Stream content, CancellationToken cancellation);

    /// <summary>Finds an object; null when there is none.</summary>
    ValueTask<ObjectRecord?> FindAsync(ObjectPlace place, CancellationToken cancellation);

    /// <summary>Opens an object; null when there is none.</summary>
    /// <param name="place">Where it is.</param>
    /// <param name="offset">Bytes to leave out from the start; content that ends before has nothing to read.</param>
    /// <param name="cancellation">Gives up.</param>
    ValueTask<OpenObject?> OpenAsync(ObjectPlace place, long offset, CancellationToken cancellation);

    /// <summary>Removes an object; true when it was there.</summary>
    ValueTask<bool> DeleteAsync(ObjectPlace place, CancellationToken cancellation);

    /// <summary>Lists the objects of a bucket whose keys begin with a prefix, in the order of their keys' UTF-8.</summary>
    /// <param name="tenant">The owner.</param>
    /// <param name="bucket">The bucket; one that holds nothing has an empty list.</param>
    /// <param name="prefix">What keys begin with; may be empty.</param>
    /// <param name="page">Its cursor is the last key of the page before, so any key can be started after.</param>
    /// <param name="cancellation">Gives up.</param>
    ValueTask<Page<ObjectRecord>> ListAsync(TenantId tenant, string bucket, string prefix, PageRequest page, CancellationToken cancellation);
}
