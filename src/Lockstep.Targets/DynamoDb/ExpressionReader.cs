using System.Collections.Immutable;
using System.Globalization;
using Lockstep.Json;

namespace Lockstep.Targets.DynamoDb;

/// <summary>The placeholders of an expression: names after <c>#</c> and values after <c>:</c>. Each has to be used somewhere in the request.</summary>
internal sealed class Placeholders(JsonObject names, JsonObject values)
{
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    /// <summary>The name that a placeholder stands for.</summary>
    public string Name(string placeholder)
    {
        _used.Add(placeholder);
        return names[placeholder] is JsonString name
            ? name.Value
            : throw new ExpressionException($"An expression attribute name used in the document path is not defined; attribute name: {placeholder}");
    }

    /// <summary>The value that a placeholder stands for.</summary>
    public JsonObject Value(string placeholder)
    {
        _used.Add(placeholder);
        return values[placeholder] as JsonObject
            ?? throw new ExpressionException($"An expression attribute value used in expression is not defined; attribute value: {placeholder}");
    }

    /// <summary>Refuses what no expression has used.</summary>
    public void RequireAllUsed()
    {
        foreach ((JsonObject given, string kind) in ((JsonObject, string)[])[(names, "ExpressionAttributeNames"), (values, "ExpressionAttributeValues")])
        {
            string[] unused = [.. given.Select(member => member.Name).Where(name => !_used.Contains(name))];
            if (unused.Length > 0)
            {
                throw new ExpressionException($"Value provided in {kind} unused in expressions: keys: {{{string.Join(", ", unused)}}}");
            }
        }
    }
}

/// <summary>Reads the tokens of an expression and the operands that condition and update expressions share.</summary>
internal sealed class ExpressionReader
{
    private const int MaxLength = 4_096;
    private const int MaxDepth = 100;

    private readonly List<string> _tokens = [];
    private readonly string _kind;
    private readonly Placeholders _placeholders;
    private int _at;
    private int _depth;

    /// <summary>Begins to read.</summary>
    /// <param name="kind">How messages call the expression, such as <c>ConditionExpression</c>.</param>
    /// <param name="text">Its text, at most 4 KB.</param>
    /// <param name="placeholders">What its placeholders stand for.</param>
    public ExpressionReader(string kind, string text, Placeholders placeholders)
    {
        _kind = kind;
        _placeholders = placeholders;
        if (text.Length is 0 or > MaxLength)
        {
            throw new ExpressionException(text.Length == 0
                ? $"Invalid {kind}: The expression can not be empty;"
                : string.Create(CultureInfo.InvariantCulture, $"Invalid {kind}: Expression size has exceeded the maximum allowed size; expression size: {text.Length}"));
        }

        Split(text);
    }

    /// <summary>The token to be read next; empty at the end.</summary>
    public string Next => _at < _tokens.Count ? _tokens[_at] : "";

    /// <summary>Takes a token when it is this one, whatever its case.</summary>
    public bool TryTake(string token)
    {
        bool taken = Next.Equals(token, StringComparison.OrdinalIgnoreCase);
        _at += taken ? 1 : 0;
        return taken;
    }

    /// <summary>Takes this token.</summary>
    public void Take(string token)
    {
        if (!TryTake(token))
        {
            throw Unexpected();
        }
    }

    /// <summary>Whether a name is followed by an opening bracket.</summary>
    public bool IsFunction(string name) => Next == name && _at + 1 < _tokens.Count && _tokens[_at + 1] == "(";

    /// <summary>Refuses what is left.</summary>
    public void RequireEnd()
    {
        if (Next.Length > 0)
        {
            throw Unexpected();
        }
    }

    /// <summary>Goes a level deeper; nesting is bounded.</summary>
    public T Nested<T>(Func<T> read)
    {
        if (++_depth > MaxDepth)
        {
            throw new ExpressionException($"Invalid {_kind}: The expression has too many levels of nesting;");
        }

        T result = read();
        _depth--;
        return result;
    }

    /// <summary>A value placeholder.</summary>
    public JsonObject Value() => Next.StartsWith(':') ? _placeholders.Value(_tokens[_at++]) : throw Unexpected();

    /// <summary>A document path.</summary>
    public DocumentPath Path()
    {
        ImmutableArray<PathStep>.Builder steps = ImmutableArray.CreateBuilder<PathStep>();
        steps.Add(new PathStep(Name(), 0));
        while (true)
        {
            if (TryTake("."))
            {
                steps.Add(new PathStep(Name(), 0));
            }
            else if (TryTake("["))
            {
                if (!int.TryParse(Next, NumberStyles.None, CultureInfo.InvariantCulture, out int index))
                {
                    throw Unexpected();
                }

                _at++;
                Take("]");
                steps.Add(new PathStep(null, index));
            }
            else
            {
                return new DocumentPath(steps.ToImmutable());
            }
        }
    }

    /// <summary>The failure of finding something that cannot stand here.</summary>
    public ExpressionException Unexpected()
    {
        string token = Next.Length > 0 ? Next : "<EOF>";
        string near = string.Join(' ', _tokens.Skip(Math.Max(0, _at - 1)).Take(3));
        return new ExpressionException($"Invalid {_kind}: Syntax error; token: \"{token}\", near: \"{near}\"");
    }

    private string Name()
    {
        string token = Next;
        if (token.Length == 0 || !(char.IsAsciiLetter(token[0]) || token[0] is '_' or '#'))
        {
            throw Unexpected();
        }

        _at++;
        return token[0] == '#' ? _placeholders.Name(token) : token;
    }

    private void Split(string text)
    {
        int at = 0;
        while (at < text.Length)
        {
            char c = text[at];
            int start = at++;
            if (char.IsWhiteSpace(c))
            {
                continue;
            }

            if (char.IsAsciiLetterOrDigit(c) || c is '_' or '#' or ':')
            {
                while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_' || (text[at] == '-' && c == '#')))
                {
                    at++;
                }
            }
            else if (c is '<' or '>' && at < text.Length && (text[at] == '=' || (c == '<' && text[at] == '>')))
            {
                at++;
            }
            else if (!"<>=()[].,+-".Contains(c))
            {
                throw new ExpressionException($"Invalid {_kind}: Syntax error; token: \"{c}\", near: \"{text[Math.Max(0, start - 5)..Math.Min(text.Length, start + 5)]}\"");
            }

            _tokens.Add(text[start..at]);
        }
    }
}
