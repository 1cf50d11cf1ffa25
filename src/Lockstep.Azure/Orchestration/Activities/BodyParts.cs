using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using Lockstep.Azure.Ledger;
using Lockstep.Azure.Orchestration.Contracts;
using Lockstep.Azure.Ports;
using Lockstep.Service.Executions;

namespace Lockstep.Azure.Orchestration.Activities;

/// <summary>
/// Bytes that are too many for a message, as blobs in the folder of their execution. Their name holds the hash of all of them, so a repetition writes the
/// same again, and one that came to another result writes elsewhere.
/// </summary>
internal sealed class BodyParts(IBlobs blobs)
{
    /// <summary>The name of some bytes.</summary>
    public static string NameOf(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        return Convert.ToHexStringLower(hash[..16]);
    }

    /// <summary>How many parts some bytes make; at least one.</summary>
    public static int CountOf(int bytes) => Math.Max(1, (bytes + MessageSizes.Part - 1) / MessageSizes.Part);

    /// <summary>A part of some bytes.</summary>
    public static ReadOnlyMemory<byte> PartOf(ReadOnlyMemory<byte> content, int part)
    {
        int from = Math.Min(part * MessageSizes.Part, content.Length);
        return content.Slice(from, Math.Min(MessageSizes.Part, content.Length - from));
    }

    /// <summary>The bytes as they go into a message of which they may take so many; the rest is written beside it.</summary>
    public async ValueTask<Body> PutAsync(ExecutionKey key, ReadOnlyMemory<byte> content, int maxInlineBytes, CancellationToken cancellation)
    {
        if (content.Length <= maxInlineBytes)
        {
            return Body.Of(content);
        }

        var body = new Body { Parts = NameOf(content.Span), Count = CountOf(content.Length) };
        for (int part = 0; part < body.Count; part++)
        {
            await PutPartAsync(key, body.Parts, part, PartOf(content, part), cancellation);
        }

        return body;
    }

    /// <summary>Writes a part.</summary>
    public ValueTask PutPartAsync(ExecutionKey key, string name, int part, ReadOnlyMemory<byte> content, CancellationToken cancellation) =>
        blobs.PutAsync(BlobOf(key, name, part), content, cancellation);

    /// <summary>Reads a part; null when there is none.</summary>
    public ValueTask<ReadOnlyMemory<byte>?> FindPartAsync(ExecutionKey key, string name, int part, CancellationToken cancellation) =>
        blobs.FindAsync(BlobOf(key, name, part), cancellation);

    /// <summary>The bytes of a body.</summary>
    /// <exception cref="InvalidOperationException">A part is gone.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(ExecutionKey key, Body body, CancellationToken cancellation) =>
        await TryReadAsync(key, body, cancellation)
        ?? throw new InvalidOperationException($"A part of body {body.Parts} of execution '{key.Id}' is gone.");

    /// <summary>The bytes of a body; null where a part is gone.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> TryReadAsync(ExecutionKey key, Body body, CancellationToken cancellation)
    {
        if (body.Bytes is { } inline)
        {
            return inline;
        }

        var content = new ArrayBufferWriter<byte>(body.Count * MessageSizes.Part);
        for (int part = 0; part < body.Count; part++)
        {
            if (await FindPartAsync(key, body.Parts ?? "", part, cancellation) is not { } read)
            {
                return null;
            }

            content.Write(read.Span);
        }

        return content.WrittenMemory;
    }

    /// <summary>Removes the parts of a body.</summary>
    public async ValueTask DeleteAsync(ExecutionKey key, Body body, CancellationToken cancellation)
    {
        for (int part = 0; part < body.Count; part++)
        {
            await blobs.DeleteAsync(BlobOf(key, body.Parts ?? "", part), cancellation);
        }
    }

    private static string BlobOf(ExecutionKey key, string name, int part) =>
        string.Create(CultureInfo.InvariantCulture, $"{LedgerKeys.Folder(key)}p/{name}/{part:D4}");
}
