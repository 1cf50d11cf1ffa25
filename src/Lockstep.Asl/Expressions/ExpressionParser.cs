using System.Diagnostics.CodeAnalysis;
using System.Text;
using Lockstep.Asl.Evaluation;
using Lockstep.Asl.Intrinsics;
using Lockstep.Json;
using Lockstep.Json.Paths;

namespace Lockstep.Asl.Expressions;

/// <summary>
/// Parses the two kinds of expression of the JSONPath query language: paths and intrinsic function calls. Never throws; a refusal carries the
/// reason. Names of variables that the expression reads are reported as they are met.
/// </summary>
internal sealed class ExpressionParser(int maxNesting, Action<string> variableRead)
{
    private const string FunctionPrefix = "States.";

    /// <summary>Whether the call was refused because calls are nested too deep.</summary>
    public bool WasTooDeep { get; private set; }

    /// <summary>Parses a path or an intrinsic function call.</summary>
    public bool TryExpression(
        string text, PathUse use, [NotNullWhen(true)] out ValueExpression? expression, [NotNullWhen(false)] out string? reason)
    {
        WasTooDeep = false;
        if (text.StartsWith('$'))
        {
            bool parsed = TryPath(text, use, out PathExpression? path, out reason);
            expression = path;
            return parsed;
        }

        expression = null;
        if (!text.StartsWith(FunctionPrefix, StringComparison.Ordinal))
        {
            reason = "an expression starts with '$' or with the name of an intrinsic function";
            return false;
        }

        int at = 0;
        if (!TryCall(text, ref at, 1, out expression, out reason))
        {
            return false;
        }

        if (at == text.Length)
        {
            return true;
        }

        expression = null;
        reason = $"unexpected text after the call, at character {at}";
        return false;
    }

    /// <summary>Parses a path.</summary>
    public bool TryPath(string text, PathUse use, [NotNullWhen(true)] out PathExpression? path, [NotNullWhen(false)] out string? reason)
    {
        path = null;
        if (text.Length == 0 || text[0] != '$')
        {
            reason = "a path starts with '$'";
            return false;
        }

        if (text.Length > 1 && text[1] == '$')
        {
            return TryAfterRoot(text, 2, "", use, out path, out reason);
        }

        int end = 1;
        if (text.Length > 1 && IsNameStart(text[1]))
        {
            while (end < text.Length && IsNamePart(text[end]))
            {
                end++;
            }
        }

        return TryAfterRoot(text, end, text[1..end], use, out path, out reason);
    }

    private bool TryAfterRoot(
        string text, int rootLength, string variable, PathUse use,
        [NotNullWhen(true)] out PathExpression? path, [NotNullWhen(false)] out string? reason)
    {
        path = null;
        JsonPath? steps = null;
        if (text.Length > rootLength)
        {
            bool isPlainInput = rootLength == 1;
            JsonPathError? error;
            bool parsed = isPlainInput
                ? JsonPath.TryParse(text, out steps, out error)
                : JsonPath.TryParseAfterRoot(text.AsSpan(rootLength), out steps, out error);
            if (!parsed)
            {
                reason = error is null ? "not a path" : $"{error.Message} (at character {error.Offset + rootLength - 1})";
                return false;
            }
        }

        if (variable.Length > 0)
        {
            variableRead(variable);
            path = new VariablePath(text, variable, steps, use);
        }
        else
        {
            path = rootLength == 2 ? new ContextPath(text, steps, use) : new InputPath(text, steps, use);
        }

        reason = null;
        return true;
    }

    private bool TryCall(
        string text, ref int at, int nesting, [NotNullWhen(true)] out ValueExpression? call, [NotNullWhen(false)] out string? reason)
    {
        call = null;
        int start = at;
        int open = text.IndexOf('(', at);
        if (open < 0 || !IntrinsicFunction.TryFind(text.AsSpan(at, open - at), out IntrinsicFunction? function))
        {
            reason = $"there is no intrinsic function '{text.AsSpan(at, (open < 0 ? text.Length : open) - at)}'";
            return false;
        }

        if (nesting > maxNesting)
        {
            WasTooDeep = true;
            reason = $"intrinsic function calls are nested more than {maxNesting} deep";
            return false;
        }

        var arguments = new List<ValueExpression>();
        at = open + 1;
        SkipSpaces(text, ref at);
        if (at < text.Length && text[at] == ')')
        {
            at++;
        }
        else
        {
            do
            {
                SkipSpaces(text, ref at);
                bool keepEscapes = arguments.Count == 0 && function.Name == IntrinsicFunction.FormatName;
                if (!TryArgument(text, ref at, nesting, keepEscapes, out ValueExpression? argument, out reason))
                {
                    return false;
                }

                arguments.Add(argument);
                SkipSpaces(text, ref at);
            }
            while (at < text.Length && text[at++] == ',');

            if (text[at - 1] != ')')
            {
                reason = $"expected ',' or ')' at character {Math.Min(at, text.Length)}";
                return false;
            }
        }

        if (arguments.Count < function.MinArguments || arguments.Count > function.MaxArguments)
        {
            reason = $"{function.Name} takes {Arity(function)}, not {arguments.Count}";
            return false;
        }

        string callText = start == 0 && at == text.Length ? text : text[start..at];
        call = new IntrinsicCall(callText, function, [.. arguments]);
        reason = null;
        return true;
    }

    private bool TryArgument(
        string text, ref int at, int nesting, bool keepEscapes,
        [NotNullWhen(true)] out ValueExpression? argument, [NotNullWhen(false)] out string? reason)
    {
        argument = null;
        if (at >= text.Length)
        {
            reason = "the call is not closed";
            return false;
        }

        switch (text[at])
        {
            case '\'':
                return TryString(text, ref at, keepEscapes, out argument, out reason);
            case '$':
                int start = at;
                at = EndOfPath(text, at);
                bool parsed = TryPath(text[start..at].TrimEnd(), new PathUse(PathUseKind.Argument, ""), out PathExpression? path, out reason);
                argument = path;
                return parsed;
            case 'S':
                return TryCall(text, ref at, nesting + 1, out argument, out reason);
            default:
                return TryWord(text, ref at, out argument, out reason);
        }
    }

    private static bool TryWord(
        string text, ref int at, [NotNullWhen(true)] out ValueExpression? argument, [NotNullWhen(false)] out string? reason)
    {
        int length = text.AsSpan(at).IndexOfAny(',', ')', ' ');
        string word = length < 0 ? text[at..] : text.Substring(at, length);
        JsonValue? value = word switch
        {
            "true" => JsonBoolean.True,
            "false" => JsonBoolean.False,
            "null" => JsonNull.Instance,
            _ => JsonNumber.TryFromText(word, out JsonNumber? number) ? number : null,
        };
        argument = value is null ? null : new LiteralExpression(value);
        reason = value is null ? $"'{word}' is not an argument: use a path, a string in single quotes, a number, true, false, null or a call" : null;
        at += word.Length;
        return value is not null;
    }

    private static bool TryString(
        string text, ref int at, bool keepEscapes, [NotNullWhen(true)] out ValueExpression? argument, [NotNullWhen(false)] out string? reason)
    {
        argument = null;
        int plain = text.AsSpan(at + 1).IndexOfAny('\'', '\\');
        if (plain >= 0 && text[at + 1 + plain] == '\'')
        {
            argument = new LiteralExpression(JsonString.Of(text.Substring(at + 1, plain)));
            at += plain + 2;
            reason = null;
            return true;
        }

        var content = new StringBuilder();
        for (int i = at + 1; i < text.Length; i++)
        {
            char current = text[i];
            if (current == '\'')
            {
                at = i + 1;
                argument = new LiteralExpression(JsonString.Of(content.ToString()));
                reason = null;
                return true;
            }

            if (current != '\\')
            {
                content.Append(current);
                continue;
            }

            char escaped = i + 1 < text.Length ? text[i + 1] : '\0';
            if (escaped is not ('\'' or '\\' or '{' or '}'))
            {
                reason = $"a backslash may stand only before ', \\, {{ and }}, at character {i}";
                return false;
            }

            // The template of States.Format keeps the escapes that tell its braces from placeholders.
            if (keepEscapes && escaped != '\'')
            {
                content.Append('\\');
            }

            content.Append(escaped);
            i++;
        }

        reason = $"the string that starts at character {at} is not closed";
        return false;
    }

    /// <summary>A path ends at a comma or parenthesis that is neither in brackets nor in a function's own parentheses.</summary>
    private static int EndOfPath(string text, int at)
    {
        int parentheses = 0;
        int brackets = 0;
        char quote = '\0';
        for (; at < text.Length; at++)
        {
            char current = text[at];
            if (quote != '\0')
            {
                at += current == '\\' ? 1 : 0;
                quote = current == quote ? '\0' : quote;
                continue;
            }

            switch (current)
            {
                case '\'' or '"' when brackets > 0:
                    quote = current;
                    break;
                case '[':
                    brackets++;
                    break;
                case ']':
                    brackets--;
                    break;
                case '(':
                    parentheses++;
                    break;
                case ',' when brackets == 0 && parentheses == 0:
                    return at;
                case ')' when brackets == 0 && parentheses-- == 0:
                    return at;
                default:
                    break;
            }
        }

        return Math.Min(at, text.Length);
    }

    private static void SkipSpaces(string text, ref int at)
    {
        while (at < text.Length && text[at] is ' ' or '\t' or '\n' or '\r')
        {
            at++;
        }
    }

    private static bool IsNameStart(char c) => char.IsLetter(c) || c == '_';

    private static bool IsNamePart(char c) => char.IsLetterOrDigit(c) || c == '_';

    private static string Arity(IntrinsicFunction function) => (function.MinArguments, function.MaxArguments) switch
    {
        (0, 0) => "no arguments",
        (1, 1) => "1 argument",
        (int fewest, int.MaxValue) => $"at least {fewest} arguments",
        (int fewest, int most) when fewest == most => $"{fewest} arguments",
        (int fewest, int most) => $"{fewest} to {most} arguments",
    };
}
