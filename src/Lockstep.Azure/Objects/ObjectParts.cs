using System.Globalization;
using System.Security.Cryptography;
using Lockstep.Azure.Ports;
using Lockstep.Azure.Storage;
using Lockstep.Service.Objects;

namespace Lockstep.Azure.Objects;

/// <summary>The content of objects: a folder of blobs for each, numbered parts of one size, the last one shorter.</summary>
internal sealed class ObjectParts(IBlobs blobs, StorageRetry retry)
{
    /// <summary>Bytes of a part. Part of the stored form.</summary>
    public const int PartBytes = 4 * 1024 * 1024;

    private const int ETagBytes = 16;

    /// <summary>A folder that no object ever had.</summary>
    public static string NewFolder(ObjectPlace place) => $"{place.Tenant.Value}/o/{KeyText.OfBlobPart(place.Bucket)}/{Guid.NewGuid():N}";

    /// <summary>Writes content; answers with its size and with the first half of its SHA-256.</summary>
    public async ValueTask<(long Size, string ETag)> WriteAsync(string folder, Stream content, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long size = 0;
        for (int part = 0; ; part++)
        {
            byte[] bytes = new byte[PartBytes];
            int read = await content.ReadAtLeastAsync(bytes, PartBytes, throwOnEndOfStream: false, cancellation);
            if (read > 0)
            {
                hash.AppendData(bytes, 0, read);
                string name = NameOf(folder, part);
                await retry.RunAsync<bool>(
                    async () =>
                    {
                        await blobs.PutAsync(name, bytes.AsMemory(0, read), cancellation);
                        return true;
                    },
                    cancellation);
                size += read;
            }

            if (read < PartBytes)
            {
                return (size, Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, ETagBytes)));
            }
        }
    }

    /// <summary>Content from an offset on, read part by part.</summary>
    public Stream Open(string folder, long size, long offset) => new ObjectContent(this, folder, size, Math.Min(offset, size));

    /// <summary>Reads a part.</summary>
    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(string folder, int part, CancellationToken cancellation) => retry.RunAsync<ReadOnlyMemory<byte>>(
        async () => await blobs.FindAsync(NameOf(folder, part), cancellation)
            ?? throw new IOException($"The object was replaced or deleted more than {Litter.Grace.TotalMinutes:0} minutes ago, and its content is gone: {folder}."),
        cancellation);

    /// <summary>Removes content; true, as it is all gone then.</summary>
    public async ValueTask<bool> DeleteAsync(string folder, CancellationToken cancellation)
    {
        string? continuation = null;
        do
        {
            BlobPage page = await blobs.ListAsync(folder + "/", BlobRules.MaxPageItems, continuation, cancellation);
            foreach (string name in page.Names)
            {
                await blobs.DeleteAsync(name, cancellation);
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);
        return true;
    }

    private static string NameOf(string folder, int part) => string.Create(CultureInfo.InvariantCulture, $"{folder}/{part:D6}");
}
