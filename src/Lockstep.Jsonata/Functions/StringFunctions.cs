using System.Text;
using Lockstep.Json;
using Lockstep.Jsonata.Evaluation;
using Lockstep.Jsonata.Values;

namespace Lockstep.Jsonata.Functions;

/// <summary>Strings (JSONata, "String functions"); lengths and positions count code points.</summary>
internal static class StringFunctions
{
    public static IEnumerable<LibraryFunction> All =>
    [
        new("string", "<x-b?:s>", 1, String),
        new("length", "<s-:n>", 1, (arguments, run) => Text(arguments[0], run) is { } text ? JsonNumber.Of((long)CodePoints.Count(text)) : null),
        new("substring", "<s-nn?:s>", 3, Substring),
        new("substringBefore", "<s-s:s>", 2, (arguments, run) => Around(arguments, run, (text, at, _) => at < 0 ? text : text[..at])),
        new("substringAfter", "<s-s:s>", 2, (arguments, run) => Around(arguments, run, (text, at, length) => at < 0 ? text : text[(at + length)..])),
        new("uppercase", "<s-:s>", 1, (arguments, run) => Map(arguments[0], run, text => text.ToUpperInvariant())),
        new("lowercase", "<s-:s>", 1, (arguments, run) => Map(arguments[0], run, text => text.ToLowerInvariant())),
        new("trim", "<s-:s>", 1, (arguments, run) => Map(arguments[0], run, Trimmed)),
        new("pad", "<s-ns?:s>", 3, Pad),
        new("join", "<a<s>s?:s>", 2, Join),
    ];

    /// <summary>The text of a string argument, whose length counts; null when it was left out.</summary>
    public static string? Text(object? argument, Evaluator run)
    {
        if (argument is not JsonString text)
        {
            return null;
        }

        run.Fuel.SpendCharacters(text.Value.Length);
        return text.Value;
    }

    private static JsonString? Map(object? argument, Evaluator run, Func<string, string> function) =>
        Text(argument, run) is { } text ? JsonString.Of(function(text)) : null;

    private static JsonString? String(object?[] arguments, Evaluator run)
    {
        if (arguments[0] is not { } value)
        {
            return null;
        }

        return value as JsonString ?? JsonString.Of(TextForm.Of(value, run, arguments[1] is JsonBoolean { Value: true }));
    }

    private static JsonString? Substring(object?[] arguments, Evaluator run)
    {
        if (Text(arguments[0], run) is not { } text)
        {
            return null;
        }

        if (Numbers.Of(arguments[1]) is not { } start)
        {
            return arguments[2] is null ? JsonString.Of(text) : JsonString.Empty;
        }

        int count = CodePoints.Count(text);
        double from = Math.Truncate(start);
        from = from < 0 ? Math.Max(0, count + from) : from;
        double end = count;
        if (Numbers.Of(arguments[2]) is { } length)
        {
            if (length <= 0)
            {
                return JsonString.Empty;
            }

            end = Math.Min(count, Math.Truncate(from + length));
        }

        return from >= end ? JsonString.Empty : JsonString.Of(CodePoints.Slice(text, (int)from, (int)end));
    }

    private static JsonString? Around(object?[] arguments, Evaluator run, Func<string, int, int, string> part)
    {
        if (Text(arguments[0], run) is not { } text)
        {
            return null;
        }

        return Text(arguments[1], run) is { } separator
            ? JsonString.Of(part(text, text.IndexOf(separator, StringComparison.Ordinal), separator.Length))
            : JsonString.Of(text);
    }

    /// <summary>White space at the ends taken off, and each run of it within made one space.</summary>
    private static string Trimmed(string text)
    {
        var result = new StringBuilder(text.Length);
        bool isPending = false;
        foreach (char c in text)
        {
            if (c is ' ' or '\t' or '\n' or '\r')
            {
                isPending = result.Length > 0;
                continue;
            }

            if (isPending)
            {
                result.Append(' ');
                isPending = false;
            }

            result.Append(c);
        }

        return result.ToString();
    }

    private static JsonString? Pad(object?[] arguments, Evaluator run)
    {
        if (Text(arguments[0], run) is not { } text)
        {
            return null;
        }

        if (Numbers.Of(arguments[1]) is not { } width)
        {
            return JsonString.Of(text);
        }

        string filling = Text(arguments[2], run) is { Length: > 0 } given ? given : " ";
        double missing = Math.Truncate(Math.Abs(width)) - CodePoints.Count(text);
        if (missing <= 0)
        {
            return JsonString.Of(text);
        }

        run.SpendCharacters((long)Math.Min(missing, long.MaxValue / 4) + text.Length);
        var padding = new StringBuilder();
        int[] starts = Starts(filling);
        for (int i = 0; i < missing; i++)
        {
            int at = i % (starts.Length - 1);
            padding.Append(filling, starts[at], starts[at + 1] - starts[at]);
        }

        return JsonString.Of(width < 0 ? padding.Append(text).ToString() : text + padding);
    }

    /// <summary>Where each code point starts, and where the last one ends.</summary>
    private static int[] Starts(string text)
    {
        var starts = new List<int>();
        for (int i = 0; i < text.Length; i += i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]) ? 2 : 1)
        {
            starts.Add(i);
        }

        starts.Add(text.Length);
        return [.. starts];
    }

    private static JsonString? Join(object?[] arguments, Evaluator run)
    {
        if (arguments[0] is null)
        {
            return null;
        }

        ArrayView items = ArrayView.Of(arguments[0]);
        string separator = Text(arguments[1], run) ?? "";
        string[] texts = new string[items.Count];
        long length = (long)separator.Length * items.Count;
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = items[i] is JsonString text ? text.Value : "";
            length += texts[i].Length;
        }

        run.SpendCharacters(length);
        run.Fuel.Spend(items.Count);
        return JsonString.Of(string.Join(separator, texts));
    }
}

/// <summary>Strings by code points, a surrogate without its partner being one.</summary>
internal static class CodePoints
{
    public static int Count(string text)
    {
        int count = text.Length;
        for (int i = 0; i + 1 < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && char.IsLowSurrogate(text[i + 1]))
            {
                count--;
                i++;
            }
        }

        return count;
    }

    /// <summary>The code points from one position up to another, which is not included.</summary>
    public static string Slice(string text, int start, int end)
    {
        int from = Offset(text, 0, start);
        return text[from..Offset(text, from, end - start)];
    }

    private static int Offset(string text, int from, int count)
    {
        int at = from;
        for (; count > 0 && at < text.Length; count--)
        {
            at += at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? 2 : 1;
        }

        return at;
    }
}
