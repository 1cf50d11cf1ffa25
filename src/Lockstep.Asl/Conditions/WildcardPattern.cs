using System.Text;
using Lockstep.Asl.Evaluation;
using Lockstep.Asl.Expressions;
using Lockstep.Json;

namespace Lockstep.Asl.Conditions;

/// <summary><c>StringMatches</c>: the pattern is known when the definition is compiled.</summary>
internal sealed class PatternMatch(WildcardPattern pattern, PathExpression variable) : ConditionExpression
{
    internal override JsonObject Written => variable.Test("StringMatches", JsonString.Of(pattern.Text));

    public override ConditionResult Evaluate(EvaluationScope scope)
    {
        Evaluated value = variable.Evaluate(scope);
        return value.Succeeded
            ? new ConditionResult(value.Value is JsonString text && pattern.IsMatch(text.Value), null)
            : new ConditionResult(false, value.Error);
    }
}

/// <summary>
/// A pattern in which <c>*</c> stands for any characters, none included; <c>\*</c> and <c>\\</c> are the characters themselves. The parts
/// between the stars are looked for from left to right, each once: no backtracking.
/// </summary>
internal sealed class WildcardPattern
{
    private readonly string[] _parts;

    private WildcardPattern(string text, string[] parts)
    {
        Text = text;
        _parts = parts;
    }

    /// <summary>The pattern as written.</summary>
    public string Text { get; }

    /// <summary>Reads a pattern; false when a backslash stands before anything but a star or a backslash.</summary>
    public static bool TryParse(string text, out WildcardPattern pattern)
    {
        var parts = new List<string>();
        var part = new StringBuilder();
        bool isValid = true;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '*')
            {
                parts.Add(part.ToString());
                part.Clear();
                continue;
            }

            if (text[i] == '\\')
            {
                i++;
                isValid &= i < text.Length && text[i] is '*' or '\\';
            }

            part.Append(i < text.Length ? text[i] : '\\');
        }

        parts.Add(part.ToString());
        pattern = new WildcardPattern(text, [.. parts]);
        return isValid;
    }

    public bool IsMatch(ReadOnlySpan<char> text)
    {
        if (_parts.Length == 1)
        {
            return text.SequenceEqual(_parts[0]);
        }

        if (!text.StartsWith(_parts[0], StringComparison.Ordinal))
        {
            return false;
        }

        text = text[_parts[0].Length..];
        foreach (string part in _parts.AsSpan(1, _parts.Length - 2))
        {
            int found = text.IndexOf(part, StringComparison.Ordinal);
            if (found < 0)
            {
                return false;
            }

            text = text[(found + part.Length)..];
        }

        return text.EndsWith(_parts[^1], StringComparison.Ordinal);
    }
}
