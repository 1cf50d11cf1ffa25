using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Objects;

/// <summary>Where an object is. Buckets of one tenant are unknown to every other.</summary>
/// <param name="Tenant">The owner.</param>
/// <param name="Bucket">3 to 63 characters.</param>
/// <param name="Key">1 to 1,024 bytes of UTF-8; slashes have no meaning of their own.</param>
public readonly record struct ObjectPlace(TenantId Tenant, string Bucket, string Key);

/// <summary>An object without its content.</summary>
/// <param name="Place">Where it is.</param>
/// <param name="Size">Bytes of its content.</param>
/// <param name="ETag">Follows from the content alone; without quotes.</param>
/// <param name="ContentType">As it was put.</param>
/// <param name="LastModified">When it was put.</param>
public sealed record ObjectRecord(ObjectPlace Place, long Size, string ETag, string ContentType, DateTimeOffset LastModified);

/// <summary>An object that can be read. Whoever asked for it disposes it.</summary>
/// <param name="Record">What it is.</param>
/// <param name="Content">Its content, from the offset that was asked for. It stays readable when the object is replaced or deleted meanwhile.</param>
public sealed record OpenObject(ObjectRecord Record, Stream Content) : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}
