using System.Buffers;
using System.Security.Cryptography;
using Lockstep.Service.Objects;

namespace Lockstep.Embedded.Objects;

/// <summary>
/// The files that hold the content of objects, under <c>objects</c> in the data folder: a folder for each tenant, in it one for each bucket.
/// </summary>
internal sealed class ObjectFiles(string dataFolder)
{
    private const string RootName = "objects";
    private const int BufferBytes = 128 * 1024;
    private const int ETagBytes = 16;

    private readonly string _root = Path.Combine(dataFolder, RootName);

    /// <summary>A name that no file ever had, below the root. It follows from nothing that a caller can choose but tenant and bucket.</summary>
    public static string NewName(ObjectPlace place) => $"{place.Tenant.Value}/{place.Bucket}/{Guid.NewGuid():N}";

    /// <summary>Writes a file, and returns when it is on disk. What is there when this throws is the caller's to remove.</summary>
    public async Task<ObjectDigest> WriteAsync(string name, Stream content, CancellationToken cancellation)
    {
        string path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path) ?? _root);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            await using var file = new FileStream(
                path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous, BufferSize = 0 });
            long size = 0;
            while (await content.ReadAsync(buffer, cancellation) is > 0 and int read)
            {
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), cancellation);
                size += read;
            }

            file.Flush(flushToDisk: true);
            return new ObjectDigest(size, Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, ETagBytes)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Opens a file from an offset on; null when there is none. It may be deleted while it is open.</summary>
    public Stream? TryOpen(string name, long offset)
    {
        try
        {
            var file = new FileStream(
                PathOf(name),
                new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.Read | FileShare.Delete, Options = FileOptions.Asynchronous });
            file.Seek(offset, SeekOrigin.Begin);
            return file;
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Removes a file; one that is not there is no failure.</summary>
    public void Delete(string name)
    {
        try
        {
            File.Delete(PathOf(name));
        }
        catch (DirectoryNotFoundException)
        {
            // The process died before it made the folder: there is nothing to remove.
        }
    }

    private string PathOf(string name) => Path.Combine(_root, name);
}

/// <summary>What is known of content once it has been written.</summary>
/// <param name="Size">Its bytes.</param>
/// <param name="ETag">The first half of its SHA-256, in hexadecimal.</param>
internal readonly record struct ObjectDigest(long Size, string ETag);
