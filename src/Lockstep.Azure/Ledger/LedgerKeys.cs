using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lockstep.Azure.Ports;
using Lockstep.Engine;
using Lockstep.Service.Executions;

namespace Lockstep.Azure.Ledger;

/// <summary>
/// Where everything of an execution is: one partition of the table Executions and one folder of the container bodies. Both begin with the
/// tenant, so nothing that takes an <see cref="ExecutionKey"/> can reach another tenant's rows.
/// </summary>
internal static class LedgerKeys
{
    /// <summary>The hot row: what every append reads and replaces.</summary>
    public const string Head = "a|head";

    /// <summary>How the execution began; written once.</summary>
    public const string Start = "a|start";

    /// <summary>How the execution ended; written once.</summary>
    public const string End = "a|end";

    /// <summary>How far a map run is; written with the turns that change it.</summary>
    public const string MapRun = "a|map-run";

    /// <summary>The last change of what a map run runs under.</summary>
    public const string Update = "u|update";

    /// <summary>Marks that somebody has asked to stop it.</summary>
    public const string Stop = "s|stop";

    /// <summary>How it ended before a redrive; the number counts the redrives that it had had by then.</summary>
    public static string EndBefore(long redrives) => $"e|{Number(redrives)}";

    private const string InboxPrefix = "i|";
    private const string MapRunPrefix = "m|";
    private const int MaxEscaped = 400;
    private const int MaxShort = 100;

    /// <summary>The partition of an execution.</summary>
    public static string Partition(ExecutionKey key) => $"{key.Tenant.Value}|{Escape(key.Id, MaxEscaped)}";

    /// <summary>Head, start and end, and how far a map run is, in one scan.</summary>
    public static EntityRange Overview(ExecutionKey key) => new(Partition(key), "a|", "a}");

    /// <summary>Everything but those.</summary>
    public static EntityRange Rest(ExecutionKey key) => new(Partition(key), "a}", "~");

    /// <summary>A page of turns, by its last event and its last turn.</summary>
    public static string Page(long lastEventId, long lastTurn) => $"h|{Number(lastEventId)}|{Number(lastTurn)}";

    /// <summary>The last event of a page.</summary>
    public static long LastEventOf(EntityKey page) => long.Parse(page.Row.AsSpan(2, 19), NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>The pages that hold an event or any after it.</summary>
    public static EntityRange PagesFrom(ExecutionKey key, long eventId) => new(Partition(key), $"h|{Number(eventId)}|", "h}");

    /// <summary>An open task, or what is left of it.</summary>
    public static string Task(CommandId task) => $"t|{Number(task.Ordinal)}";

    /// <summary>Every task that has a row.</summary>
    public static EntityRange Tasks(ExecutionKey key) => new(Partition(key), "t|", "t}");

    /// <summary>The task of a row of a task.</summary>
    public static long OrdinalOf(EntityKey task) => long.Parse(task.Row.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>The child that a task has started.</summary>
    public static string Child(CommandId task) => $"c|{Number(task.Ordinal)}";

    /// <summary>The map run that a task has started; the last ones come first.</summary>
    public static string MapRunOf(CommandId task) => MapRunPrefix + Number(long.MaxValue - task.Ordinal);

    /// <summary>The map runs that an execution has started, from behind one on; from the last one on without.</summary>
    public static EntityRange MapRunsAfter(ExecutionKey key, string? after) =>
        new(Partition(key), after is null ? MapRunPrefix : $"{MapRunPrefix}{after}!", "m}");

    /// <summary>The place of a map run among those of its execution.</summary>
    public static string PlaceOfMapRun(EntityKey run) => run.Row[MapRunPrefix.Length..];

    /// <summary>An event that waits to be published; the first one is the start.</summary>
    public static string Outbox(ExecutionStatus status) => status == ExecutionStatus.Running ? "o|1" : "o|2";

    /// <summary>The events that wait to be published, in order.</summary>
    public static EntityRange Outbox(ExecutionKey key) => new(Partition(key), "o|", "o}");

    /// <summary>The row of an item of the inbox.</summary>
    public static string Inbox(string id) => InboxPrefix + id;

    /// <summary>The item that a row of the inbox holds.</summary>
    public static string InboxId(EntityKey key) => key.Row[InboxPrefix.Length..];

    /// <summary>The whole inbox, in order of arrival.</summary>
    public static EntityRange Inbox(ExecutionKey key) => new(Partition(key), "i|", "i}");

    /// <summary>The blobs of an execution begin with this. No part of a blob's name may end in a dot, as an execution's name may.</summary>
    public static string Folder(ExecutionKey key)
    {
        string id = Escape(key.Id, MaxEscaped);
        return id.EndsWith('.') ? $"{key.Tenant.Value}/x/{id}~/" : $"{key.Tenant.Value}/x/{id}/";
    }

    /// <summary>A number in the form that sorts like the number.</summary>
    public static string Number(long number) => number.ToString("D19", CultureInfo.InvariantCulture);

    /// <summary>A name in a form that any key can hold, at most 100 characters: readable where it is short and plain.</summary>
    public static string Short(string name) => Escape(name, MaxShort);

    /// <summary>32 hexadecimal digits that stand for a text.</summary>
    public static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.Unicode.GetBytes(text)).AsSpan(0, 16));

    /// <summary>
    /// Letters, digits and <c>- _ . :</c> stay; other characters become <c>~</c> and their code in hexadecimal. No name holds a tilde, so no
    /// two names meet. What gets too long is replaced by its hash.
    /// </summary>
    private static string Escape(string name, int maxLength)
    {
        if (!name.AsSpan().ContainsAnyExcept(_plain) && name.Length <= maxLength)
        {
            return name;
        }

        var escaped = new StringBuilder(name.Length * 2);
        foreach (char c in name)
        {
            if (_plain.Contains(c))
            {
                escaped.Append(c);
            }
            else
            {
                escaped.Append('~').Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            }
        }

        return escaped.Length <= maxLength ? escaped.ToString() : $"~~{Digest(name)}";
    }

    private static readonly System.Buffers.SearchValues<char> _plain = System.Buffers.SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:");
}
