using System.Globalization;
using Lockstep.Azure.Ports;
using Lockstep.Service.Executions;

namespace Lockstep.Azure.Ledger;

/// <summary>The states with which epochs begin, in blobs. The name of a part holds its epoch in the form that sorts, so older ones come first.</summary>
internal sealed class LedgerStates(IBlobs blobs)
{
    /// <summary>Bytes that a part has at most.</summary>
    public const int MaxPartBytes = 256 * 1024;

    private const int NamesAtOnce = 1_000;

    public async ValueTask SaveAsync(ExecutionKey key, long epoch, int part, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(content.Length, MaxPartBytes, nameof(content));
        await blobs.PutAsync(NameOf(key, epoch, part), content, cancellation);
    }

    public ValueTask<ReadOnlyMemory<byte>?> ReadAsync(ExecutionKey key, long epoch, int part, CancellationToken cancellation) =>
        blobs.FindAsync(NameOf(key, epoch, part), cancellation);

    public async ValueTask DropBeforeAsync(ExecutionKey key, long epoch, CancellationToken cancellation)
    {
        string first = NameOf(key, epoch, 0);
        string? continuation = null;
        do
        {
            BlobPage page = await blobs.ListAsync(FolderOf(key), NamesAtOnce, continuation, cancellation);
            foreach (string name in page.Names)
            {
                if (string.CompareOrdinal(name, first) >= 0)
                {
                    return;
                }

                await blobs.DeleteAsync(name, cancellation);
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);
    }

    private static string FolderOf(ExecutionKey key) => LedgerKeys.Folder(key) + "s/";

    private static string NameOf(ExecutionKey key, long epoch, int part) =>
        $"{FolderOf(key)}{LedgerKeys.Number(epoch)}/{part.ToString("D6", CultureInfo.InvariantCulture)}";
}
