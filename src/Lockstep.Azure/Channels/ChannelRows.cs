using System.Globalization;
using Lockstep.Azure.Ledger;
using Lockstep.Azure.Ports;
using Lockstep.Azure.Storage;
using Lockstep.Json;
using Lockstep.Service.Channels;

namespace Lockstep.Azure.Channels;

/// <summary>
/// The rows in the partition of a channel: <c>h</c> the head, <c>m|sequence</c> the content of a message as long as there is one, <c>s|sequence</c> its
/// state until its age ends it, <c>k|id</c> the sequence that an id has. Of a queue also an index of what can be received: <c>r|sequence</c> what is ready,
/// <c>v|time|sequence</c> what is hidden until then.
/// </summary>
internal static class ChannelRows
{
    private const string IdName = "id";
    private const string SentName = "sent";
    private const string ContentName = "content";
    private const string SequenceName = "sequence";

    /// <summary>The contents after a sequence, in order.</summary>
    public static EntityRange ContentsAfter(string partition, long sequence) => new(partition, $"m|{LedgerKeys.Number(sequence + 1)}", "m}");

    /// <summary>The states from one sequence to another, both included.</summary>
    public static EntityRange States(string partition, long from, long to) =>
        new(partition, $"s|{LedgerKeys.Number(from)}", $"s|{LedgerKeys.Number(to)}!");

    /// <summary>What is ready to be received, in order.</summary>
    public static EntityRange Ready(string partition) => new(partition, "r|", "r}");

    /// <summary>What was hidden, and is not any more.</summary>
    public static EntityRange HiddenUntil(string partition, DateTimeOffset now) => new(partition, "v|", $"v|{LedgerKeys.Number(now.UtcTicks + 1)}");

    /// <summary>Where the content of a message is.</summary>
    public static EntityKey Content(string partition, long sequence) => new(partition, $"m|{LedgerKeys.Number(sequence)}");

    /// <summary>Where the state of a message is.</summary>
    public static EntityKey State(string partition, long sequence) => new(partition, $"s|{LedgerKeys.Number(sequence)}");

    /// <summary>Where the sequence of an id is.</summary>
    public static EntityKey Known(string partition, string id) => new(partition, $"k|{KeyText.OfName(id)}");

    /// <summary>The row of the index for a message that can be received from a time on.</summary>
    public static string IndexOf(long sequence, DateTimeOffset now, DateTimeOffset visible) => visible <= now
        ? $"r|{LedgerKeys.Number(sequence)}"
        : $"v|{LedgerKeys.Number(visible.UtcTicks)}|{LedgerKeys.Number(sequence)}";

    /// <summary>The sequence that a row ends in.</summary>
    public static long SequenceOf(Entity row) => long.Parse(row.Key.Row.AsSpan(row.Key.Row.Length - 19), NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>When the message of a row was sent.</summary>
    public static DateTimeOffset SentAt(Entity row) => row.Get<DateTimeOffset>(SentName);

    /// <summary>The row of a content.</summary>
    public static Entity ToContent(string partition, long sequence, NewMessage message, DateTimeOffset sent) =>
        new Entity(Content(partition, sequence)).With(IdName, message.Id).With(SentName, sent).WithJson(ContentName, message.Content);

    /// <summary>The row of a known id.</summary>
    public static Entity ToKnown(string partition, long sequence, string id) => new Entity(Known(partition, id)).With(SequenceName, sequence);

    /// <summary>The row of an index.</summary>
    public static Entity ToIndex(string partition, string row, DateTimeOffset sent) => new Entity(new EntityKey(partition, row)).With(SentName, sent);

    /// <summary>The sequence of a known id.</summary>
    public static long KnownSequence(Entity row) => row.Get<long>(SequenceName);

    /// <summary>A message, from the row of its content.</summary>
    public static MessageRecord Read(Entity content, int received) => new(
        SequenceOf(content), content.Get<string>(IdName), content.GetJson(ContentName), SentAt(content), received);

    /// <summary>The content of a message.</summary>
    public static JsonObject ReadContent(Entity content) => content.GetJson(ContentName);
}
