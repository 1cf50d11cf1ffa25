using System.Text;

namespace Lockstep.EndToEnd.Tests.Telemetry;

/// <summary>Draws the spans of one trace below a span, children in the order of their time.</summary>
internal static class TraceTree
{
    public static string Draw(IReadOnlyCollection<ReceivedSpan> spans, string parentId)
    {
        var text = new StringBuilder();
        Draw(text, spans, parentId, 0);
        return text.ToString();
    }

    private static void Draw(StringBuilder text, IReadOnlyCollection<ReceivedSpan> spans, string parentId, int depth)
    {
        foreach (ReceivedSpan span in spans.Where(span => span.ParentId == parentId)
            .OrderBy(span => span.Attributes.GetValueOrDefault("lockstep.state.index"), StringComparer.Ordinal).ThenBy(span => span.Start))
        {
            text.Append(' ', 2 * depth).Append(span.Name);
            if (span.Attributes.TryGetValue("lockstep.state.index", out string? index))
            {
                text.Append(" #").Append(index);
            }

            text.Append('\n');
            Draw(text, spans, span.SpanId, depth + 1);
        }
    }
}
