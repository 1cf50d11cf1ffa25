using System.Diagnostics.CodeAnalysis;
using Lockstep.Json;

namespace Lockstep.Asl.Queries;

/// <summary>
/// The strings that stand for a JSONata expression (States Language, "JSONata"): those that start with <c>{%</c> and end with <c>%}</c>, exactly.
/// A space before or behind makes it an ordinary string.
/// </summary>
internal static class QueryString
{
    private const string Opening = "{%";
    private const string Closing = "%}";

    /// <summary>Takes the expression out of a string; false when the string is only text.</summary>
    /// <param name="value">Any value.</param>
    /// <param name="expression">The expression, without the white space around it.</param>
    /// <param name="offset">Where in the string it starts, in UTF-16 units.</param>
    public static bool TryRead([NotNullWhen(true)] JsonValue? value, out string expression, out int offset)
    {
        if (value is not JsonString { Value: string text } || text.Length < Opening.Length + Closing.Length
            || !text.StartsWith(Opening, StringComparison.Ordinal) || !text.EndsWith(Closing, StringComparison.Ordinal))
        {
            expression = "";
            offset = 0;
            return false;
        }

        ReadOnlySpan<char> inside = text.AsSpan(Opening.Length, text.Length - Opening.Length - Closing.Length);
        offset = Opening.Length + inside.Length - inside.TrimStart().Length;
        expression = inside.Trim().ToString();
        return true;
    }
}
