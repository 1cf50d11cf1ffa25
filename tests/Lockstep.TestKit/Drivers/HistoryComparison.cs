using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lockstep.Engine.History;

namespace Lockstep.TestKit.Drivers;

/// <summary>
/// Compares two histories branch by branch: which of two branches took its turn first does not matter, what each of them shows does. Ids and
/// timestamps are left out, and so is what no two runs share: UUIDs, dates in payloads, task tokens.
/// </summary>
public static partial class HistoryComparison
{
    /// <summary>The first difference, in words; null when there is none.</summary>
    /// <param name="expected">One history, whole, oldest first.</param>
    /// <param name="actual">The other.</param>
    /// <param name="tokens">Task tokens that either shows.</param>
    public static string? FirstDifference(IReadOnlyList<HistoryEvent> expected, IReadOnlyList<HistoryEvent> actual, IEnumerable<string> tokens)
    {
        string[] secrets = [.. tokens];
        Node left = Tree(expected, secrets), right = Tree(actual, secrets);
        while (left.Digest != right.Digest)
        {
            Node[] missing = Without(left.Next, right.Next), surplus = Without(right.Next, left.Next);

            // Into a branch that begins alike, if there is one: what joins the branches differs because they do.
            Node? alike = Array.Find(missing, node => Array.Exists(surplus, other => other.Text == node.Text));
            if (alike is null)
            {
                return $"after {left.Text}:\n  expected {Shown(missing)}\n  actual   {Shown(surplus)}";
            }

            (left, right) = (alike, Array.Find(surplus, other => other.Text == alike.Text) ?? alike);
        }

        return null;
    }

    /// <summary>A text without what no two runs share.</summary>
    public static string Mask(string text, IEnumerable<string> tokens)
    {
        foreach (string token in tokens)
        {
            text = text.Replace(token, "<token>", StringComparison.Ordinal);
        }

        return Uuid().Replace(Date().Replace(text, "<date>"), "<uuid>");
    }

    private static Node Tree(IReadOnlyList<HistoryEvent> history, string[] tokens)
    {
        var nodes = history.ToDictionary(item => item.Id, item => new Node(Mask(TextOf(item), tokens)));
        nodes.Add(0, new Node("the start"));
        Dictionary<long, HistoryEvent> events = history.ToDictionary(item => item.Id);

        // An event comes after the one that led to it, so from the last to the first every node is complete when it is sealed.
        foreach (HistoryEvent item in history.Reverse())
        {
            nodes[item.Id].Seal();
            nodes[IsJoin(item, events) || item.Type == HistoryEventType.MapIterationStarted ? ForkOf(item, events) : item.PreviousEventId].Next.Add(nodes[item.Id]);
        }

        nodes[0].Seal();
        return nodes[0];
    }

    /// <summary>
    /// The event that began the branches to which an event belongs. What joins branches hangs on whichever ended last, and an iteration that had
    /// to wait on the one that made room for it; in the tree both stand beside the branches.
    /// </summary>
    private static long ForkOf(HistoryEvent inner, Dictionary<long, HistoryEvent> events)
    {
        long id = inner.PreviousEventId;
        while (events.TryGetValue(id, out HistoryEvent? item))
        {
            if (item.Type is HistoryEventType.ParallelStateStarted or HistoryEventType.MapStateStarted)
            {
                return id;
            }

            id = IsJoin(item, events) && events.TryGetValue(ForkOf(item, events), out HistoryEvent? fork) ? fork.PreviousEventId : item.PreviousEventId;
        }

        return inner.PreviousEventId;
    }

    private static bool IsJoin(HistoryEvent item, Dictionary<long, HistoryEvent> events) => item.Type switch
    {
        HistoryEventType.ParallelStateSucceeded or HistoryEventType.ParallelStateFailed or HistoryEventType.ParallelStateAborted => true,
        HistoryEventType.MapStateSucceeded or HistoryEventType.MapStateFailed or HistoryEventType.MapStateAborted => true,

        // After success it hangs on the last branch, like the success itself; after a failure on the failure.
        HistoryEventType.ParallelStateExited or HistoryEventType.MapStateExited =>
            !events.TryGetValue(item.PreviousEventId, out HistoryEvent? before) || !IsJoin(before, events),
        _ => false,
    };

    private static Node[] Without(List<Node> nodes, List<Node> others)
    {
        List<Node> left = [.. nodes];
        foreach (Node other in others)
        {
            int index = left.FindIndex(node => node.Digest == other.Digest);
            if (index >= 0)
            {
                left.RemoveAt(index);
            }
        }

        return [.. left.OrderBy(node => node.Text, StringComparer.Ordinal)];
    }

    private static string Shown(Node[] nodes) => nodes.Length == 0 ? "nothing" : string.Join(" and ", nodes.Select(node => node.Text));

    private static string TextOf(HistoryEvent item)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            HistoryEventJson.Write(writer, item with { Id = 0, PreviousEventId = 0, Timestamp = default });
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Uuid();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")]
    private static partial Regex Date();

    private sealed class Node(string text)
    {
        public string Text => text;

        public List<Node> Next { get; } = [];

        public string Digest { get; private set; } = "";

        public void Seal() => Digest = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(
            text + '\n' + string.Join('\n', Next.Select(node => node.Digest).Order(StringComparer.Ordinal)))));
    }
}
