using System.Security.Cryptography;
using Lockstep.Azure.Ports;
using Lockstep.Service.Executions;

namespace Lockstep.Azure.Ledger;

/// <summary>
/// Contents of unknown size beside a row: in the row up to <see cref="MaxInlineBytes"/>, else in a blob that the row names. The name of a blob
/// holds the hash of its content, so two writers who do not know of each other never overwrite one another.
/// </summary>
internal sealed class Bodies(IBlobs blobs)
{
    /// <summary>Bytes up to which a body stays in its row.</summary>
    public const int MaxInlineBytes = 32 * 1024;

    private const string InlineSuffix = "Data";
    private const string BlobSuffix = "Blob";

    /// <summary>Adds a body to a row, having written the blob if it takes one.</summary>
    /// <param name="row">The row.</param>
    /// <param name="name">Name of the body in the row.</param>
    /// <param name="body">The body.</param>
    /// <param name="key">The execution that owns it.</param>
    /// <param name="place">Where in the execution's folder a blob goes.</param>
    /// <param name="cancellation">Gives up.</param>
    public async ValueTask<Entity> AddAsync(
        Entity row, string name, ReadOnlyMemory<byte> body, ExecutionKey key, string place, CancellationToken cancellation)
    {
        if (body.Length <= MaxInlineBytes)
        {
            return row.With(name + InlineSuffix, body);
        }

        string blob = $"{LedgerKeys.Folder(key)}{place}-{HashOf(body)}";
        await blobs.PutAsync(blob, body, cancellation);
        return row.With(name + BlobSuffix, blob);
    }

    /// <summary>32 hexadecimal digits that stand for a content.</summary>
    public static string HashOf(ReadOnlyMemory<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body.Span).AsSpan(0, 16));

    /// <summary>Removes the blob that held a body.</summary>
    public ValueTask DeleteAsync(string blob, CancellationToken cancellation) => blobs.DeleteAsync(blob, cancellation);

    /// <summary>Reads a body; null when the row has none of that name.</summary>
    /// <exception cref="InvalidOperationException">The blob that the row names is gone.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> FindAsync(Entity row, string name, CancellationToken cancellation)
    {
        if (row.TryGet(name + InlineSuffix, out ReadOnlyMemory<byte> inline))
        {
            return inline;
        }

        if (!row.TryGet<string>(name + BlobSuffix, out var blob))
        {
            return null;
        }

        return await blobs.FindAsync(blob, cancellation) ?? throw new InvalidOperationException($"The blob {blob} that {row.Key} names is gone.");
    }

    /// <summary>Reads a body that has to be there.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(Entity row, string name, CancellationToken cancellation) =>
        await FindAsync(row, name, cancellation) ?? throw new InvalidOperationException($"{row.Key} has no {name}.");

    /// <summary>The blob that holds a body; null when the row itself does, or there is none.</summary>
    public static string? BlobOf(Entity row, string name) => row.TryGet<string>(name + BlobSuffix, out var blob) ? blob : null;

    /// <summary>The row without a body.</summary>
    public static Entity Without(Entity row, string name) => row.With(name + InlineSuffix, null).With(name + BlobSuffix, null);
}
