using System.Globalization;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Ports;
using Lockstep.Engine;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Executions;

namespace Lockstep.Azure.Ledger;

/// <summary>
/// A stimulus that waits. Its id sorts by the time of arrival, and holds the hash of its content where that is in a blob, so that whoever removes
/// the item knows the blob without reading the row.
/// </summary>
internal static class InboxRow
{
    private const string Body = "Stimulus";
    private const string BlobPlace = "i/stimulus";
    private const int PartsWithBlob = 3;

    /// <summary>The row of an outcome, a taking or a stop.</summary>
    /// <param name="store">Keeps large bodies.</param>
    /// <param name="key">The execution.</param>
    /// <param name="arrivedTicks">Its place in the order of arrival.</param>
    /// <param name="stimulus">The stimulus.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async ValueTask<Entity> ToEntityAsync(
        LedgerStore store, ExecutionKey key, long arrivedTicks, Stimulus stimulus, CancellationToken cancellation)
    {
        ReadOnlyMemory<byte> bytes = StimulusBytes.Of(stimulus);
        string id = $"{LedgerKeys.Number(arrivedTicks)}|{NameOf(stimulus)}";
        if (bytes.Length > Bodies.MaxInlineBytes)
        {
            id += "|" + Bodies.HashOf(bytes);
        }

        var row = new Entity(new EntityKey(LedgerKeys.Partition(key), LedgerKeys.Inbox(id)));
        return await store.Bodies.AddAsync(row, Body, bytes, key, BlobPlace, cancellation);
    }

    /// <summary>Reads an item, and says how many bytes it has.</summary>
    public static async ValueTask<(InboxItem Item, int Bytes)> ReadAsync(LedgerStore store, Entity row, CancellationToken cancellation)
    {
        ReadOnlyMemory<byte> bytes = await store.Bodies.ReadAsync(row, Body, cancellation);
        return (new InboxItem(LedgerKeys.InboxId(row.Key), StimulusBytes.Read(bytes)), bytes.Length);
    }

    /// <summary>The blob that holds an item's content; null when its row does.</summary>
    public static string? BlobOf(ExecutionKey key, string id)
    {
        string[] parts = id.Split('|');
        return parts.Length == PartsWithBlob ? $"{LedgerKeys.Folder(key)}{BlobPlace}-{parts[^1]}" : null;
    }

    private static string NameOf(Stimulus stimulus) => stimulus switch
    {
        ActivityTaken taken => Named('a', taken.Task),
        TaskSucceeded succeeded => Named('r', succeeded.Task),
        TaskFailed failed => Named('r', failed.Task),
        StopRequested => "stop",
        Redriven => "redrive",
        MapRunUpdated => "update",
        _ => throw new ArgumentException($"A stimulus of type {stimulus.GetType().Name} does not come from outside.", nameof(stimulus)),
    };

    private static string Named(char kind, CommandId task) => kind + task.Ordinal.ToString(CultureInfo.InvariantCulture);
}
