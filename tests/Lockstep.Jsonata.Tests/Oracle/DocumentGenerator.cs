using System.Globalization;

namespace Lockstep.Jsonata.Tests.Oracle;

/// <summary>Small JSON documents with few names, so that paths find something.</summary>
internal sealed class DocumentGenerator(Choices choices)
{
    /// <summary>The names that members have.</summary>
    public static IReadOnlyList<string> Names { get; } = ["a", "b", "c", "id", "name", "items"];

    /// <summary>The text of a document; mostly an object.</summary>
    public string Next() => choices.OneIn(8) ? Value(3) : Object(3);

    private string Value(int depth) => (depth == 0 ? choices.Below(5) : choices.Below(9)) switch
    {
        0 => choices.Of("null", "true", "false"),
        1 or 2 => Number(),
        3 or 4 => Text(),
        5 or 6 => Array(depth - 1),
        _ => Object(depth - 1),
    };

    private string Number() => choices.Below(4) switch
    {
        0 => choices.Of("0", "1", "-1", "0.5", "2.25", "1000000", "-3.75", "1e3", "12345678.9", "0.1"),
        _ => choices.Below(20).ToString(CultureInfo.InvariantCulture),
    };

    private string Text() =>
        choices.Of("\"\"", "\"x\"", "\"abc\"", "\"Hello World\"", "\"10\"", "\"3.5\"", "\"b,c,a\"", "\" padded  text \"", "\"\u00e9t\u00e9\"", "\"2026-01-31\"");

    private string Array(int depth)
    {
        bool uniform = choices.OneIn(2);
        int kind = choices.Below(3);
        return "[" + string.Join(',', Enumerable.Range(0, choices.Below(5)).Select(_ =>
            !uniform ? Value(depth) : kind == 0 ? Number() : kind == 1 ? Text() : Object(Math.Max(0, depth - 1)))) + "]";
    }

    private string Object(int depth) => "{" + string.Join(',', Names
        .Where(_ => choices.Below(5) < 3)
        .Select(name => $"\"{name}\":{Value(depth)}")) + "}";
}
