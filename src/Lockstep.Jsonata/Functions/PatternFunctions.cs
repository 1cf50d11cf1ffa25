using System.Globalization;
using System.Text;
using Lockstep.Json;
using Lockstep.Jsonata.Evaluation;
using Lockstep.Jsonata.Values;

namespace Lockstep.Jsonata.Functions;

/// <summary>Strings by pattern: a string, a regular expression, or a function that finds matches (JSONata, "String functions").</summary>
internal static class PatternFunctions
{
    public static IEnumerable<LibraryFunction> All =>
    [
        new("match", "<s-f<s:o>n?:a<o>>", 3, Match),
        new("contains", "<s-(sf):b>", 2, Contains),
        new("split", "<s-(sf)n?:a<s>>", 3, Split),
        new("replace", "<s-(sf)(sf)n?:s>", 4, Replace),
    ];

    private static Sequence? Match(object?[] arguments, Evaluator run)
    {
        if (StringFunctions.Text(arguments[0], run) is not { } text || arguments[1] is not JsonataFunction matcher)
        {
            return null;
        }

        double limit = Limit(arguments[2], "D3040", "match");
        var results = new Sequence();
        TextMatch? match = limit > 0 ? TextMatch.First(matcher, text, "match", run) : null;
        while (match is not null && results.Count < limit)
        {
            run.Fuel.Spend();
            var result = new ObjectAssembly(run, 3);
            result.Set("match", JsonString.Of(match.Text));
            result.Set("index", JsonNumber.Of(match.Start));
            result.Set("groups", match.GroupArray(run));
            results.Add(result.Build());
            match = results.Count < limit ? match.Next(run) : null;
        }

        return results;
    }

    private static JsonBoolean? Contains(object?[] arguments, Evaluator run)
    {
        if (StringFunctions.Text(arguments[0], run) is not { } text || arguments[1] is not { } token)
        {
            return null;
        }

        return JsonBoolean.Of(token is JsonataFunction matcher
            ? TextMatch.First(matcher, text, "contains", run) is not null
            : text.Contains(((JsonString)token).Value, StringComparison.Ordinal));
    }

    private static object? Split(object?[] arguments, Evaluator run)
    {
        if (StringFunctions.Text(arguments[0], run) is not { } text || arguments[1] is not { } separator)
        {
            return null;
        }

        double limit = Limit(arguments[2], "D3020", "split");
        var parts = new List<object?>();
        if (separator is JsonataFunction matcher)
        {
            int start = 0;
            for (TextMatch? match = TextMatch.First(matcher, text, "split", run); match is not null && parts.Count < limit; match = match.Next(run))
            {
                run.Fuel.Spend();
                parts.Add(JsonString.Of(Between(text, start, match.Start)));
                start = match.End;
            }

            if (parts.Count < limit)
            {
                parts.Add(JsonString.Of(Between(text, start, text.Length)));
            }
        }
        else
        {
            SplitByText(text, ((JsonString)separator).Value, Math.Floor(limit), parts, run);
        }

        run.SpendItems(parts.Count);
        return ArrayFunctions.ArrayOf([.. parts], run);
    }

    private static void SplitByText(string text, string separator, double limit, List<object?> parts, Evaluator run)
    {
        if (separator.Length == 0)
        {
            run.SpendItems(text.Length);
            for (int i = 0; i < text.Length && parts.Count < limit; i++)
            {
                parts.Add(JsonString.Of(text[i].ToString()));
            }

            return;
        }

        int start = 0;
        while (parts.Count < limit)
        {
            int at = text.IndexOf(separator, start, StringComparison.Ordinal);
            parts.Add(JsonString.Of(at < 0 ? text[start..] : text[start..at]));
            if (at < 0)
            {
                return;
            }

            start = at + separator.Length;
        }
    }

    private static JsonString? Replace(object?[] arguments, Evaluator run)
    {
        if (StringFunctions.Text(arguments[0], run) is not { } text || arguments[1] is not { } pattern || arguments[2] is not { } replacement)
        {
            return null;
        }

        if (pattern is JsonString { Value.Length: 0 })
        {
            throw new JsonataException("D3010", "Second argument of replace function cannot be an empty string", token: "replace");
        }

        double limit = Limit(arguments[3], "D3011", "replace");
        var result = new StringBuilder();
        int start = 0;
        TextMatch? match = limit > 0 ? FirstMatch(pattern, text, run) : null;
        for (int count = 0; match is not null && count < limit; count++)
        {
            result.Append(Between(text, start, match.Start));
            int before = result.Length;
            AppendReplacement(result, replacement, match, pattern is JsonString, run);
            run.SpendCharacters(result.Length - before);
            run.SpendCharacters(result.Length / 1024);
            start = match.End;
            match = count + 1 < limit ? match.Next(run) : null;
        }

        result.Append(Between(text, start, text.Length));
        run.SpendCharacters(result.Length);
        return JsonString.Of(result.ToString());
    }

    private static TextMatch? FirstMatch(object pattern, string text, Evaluator run) => pattern is JsonataFunction matcher
        ? TextMatch.First(matcher, text, "replace", run)
        : LiteralMatch.Find(((JsonString)pattern).Value, text, 0);

    private static void AppendReplacement(StringBuilder result, object replacement, TextMatch match, bool isLiteral, Evaluator run)
    {
        if (replacement is JsonataFunction function)
        {
            result.Append(run.Call(function, match.AsObject(run)) is JsonString text
                ? text.Value
                : throw new JsonataException("D3012", "Attempted to replace a matched string with a non-string value", token: "replace"));
        }
        else if (isLiteral)
        {
            result.Append(((JsonString)replacement).Value);
        }
        else
        {
            AppendTemplate(result, ((JsonString)replacement).Value, match);
        }
    }

    /// <summary>
    /// A replacement with <c>$0</c> for the match, <c>$1</c> and so on for its captures, <c>$$</c> for a dollar sign. Of the digits as many
    /// count as the number of captures has, or one less if that makes a capture that exists.
    /// </summary>
    private static void AppendTemplate(StringBuilder result, string template, TextMatch match)
    {
        int digits = match.Groups.Length.ToString(CultureInfo.InvariantCulture).Length;
        for (int at = 0; at < template.Length; at++)
        {
            char next = at + 1 < template.Length ? template[at + 1] : '\0';
            if (template[at] != '$' || (next != '$' && !char.IsAsciiDigit(next)))
            {
                result.Append(template[at]);
                continue;
            }

            if (next == '$')
            {
                result.Append('$');
                at++;
                continue;
            }

            if (next == '0')
            {
                result.Append(match.Text);
                at++;
                continue;
            }

            int length = 1;
            while (length < digits && at + 1 + length < template.Length && char.IsAsciiDigit(template[at + 1 + length]))
            {
                length++;
            }

            int index = int.Parse(template.AsSpan(at + 1, length), CultureInfo.InvariantCulture);
            if (length > 1 && index > match.Groups.Length)
            {
                length--;
                index = int.Parse(template.AsSpan(at + 1, length), CultureInfo.InvariantCulture);
            }

            if (index <= match.Groups.Length && match.Groups[index - 1] is JsonString group)
            {
                result.Append(group.Value);
            }

            at += length;
        }
    }

    private static double Limit(object? argument, string code, string name) => Numbers.Of(argument) switch
    {
        null => double.PositiveInfinity,
        < 0 => throw new JsonataException(code, $"{(name == "replace" ? "Fourth" : "Third")} argument of {name} function must evaluate to a positive number", token: name, value: (JsonValue?)argument),
        { } limit => limit,
    };

    private static string Between(string text, int start, int end)
    {
        int to = Math.Min(end, text.Length);
        return start >= to ? "" : text[start..to];
    }

    /// <summary>An occurrence of a plain text.</summary>
    private sealed record LiteralMatch(string Text, string Input, int Start)
        : TextMatch(Text, Start, Start + Text.Length, [])
    {
        public static LiteralMatch? Find(string pattern, string input, int from)
        {
            int at = input.IndexOf(pattern, from, StringComparison.Ordinal);
            return at < 0 ? null : new LiteralMatch(pattern, input, at);
        }

        public override TextMatch? Next(Evaluator run)
        {
            run.Fuel.Spend();
            return Find(Text, Input, End);
        }
    }
}
