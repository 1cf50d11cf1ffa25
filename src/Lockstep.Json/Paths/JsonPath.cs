using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Lockstep.Json.Paths;

/// <summary>
/// A parsed JSONPath in the dialect of the States Language, which is that of the Jayway library (ASL, "Paths"). Immutable; parse once,
/// evaluate often: a definite path without functions evaluates without allocating.
/// </summary>
public sealed class JsonPath
{
    /// <summary>Most characters of a path's text.</summary>
    public const int MaxTextLength = 8_192;

    /// <summary>Most nodes the evaluation of one indefinite path may visit.</summary>
    public const int MaxVisitedNodes = 10_000_000;

    private readonly PathStep[] _steps;

    internal JsonPath(string text, PathStep[] steps)
    {
        Text = text;
        _steps = steps;
        IsDefinite = Array.TrueForAll(steps, step => step is NameStep or IndexStep);
        IsReferencePath = Array.TrueForAll(steps, step => step is NameStep or IndexStep { Index: >= 0 });
    }

    /// <summary>The path to the root, <c>$</c>.</summary>
    public static JsonPath Root { get; } = new("$", []);

    /// <summary>The text the path was parsed from.</summary>
    public string Text { get; }

    /// <summary>Whether the path names at most one node, which is then its result; an indefinite path's result is an array of matches.</summary>
    public bool IsDefinite { get; }

    /// <summary>Whether the path consists of names and indexes from the front only (ASL, "Reference Paths").</summary>
    public bool IsReferencePath { get; }

    internal ReadOnlySpan<PathStep> Steps => _steps;

    /// <summary>Parses a path that starts with <c>$</c>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out JsonPath? path, [NotNullWhen(false)] out JsonPathError? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.StartsWith('$'))
        {
            return JsonPathParser.TryParse(text, out path, out error);
        }

        path = null;
        error = new JsonPathError(JsonPathErrorCode.Syntax, "A path starts with '$'.", 0);
        return false;
    }

    /// <summary>Parses what follows the root of a path, whatever the root is called: for <c>$$.a</c> and <c>$name.a</c> it is <c>.a</c>.</summary>
    public static bool TryParseAfterRoot(
        ReadOnlySpan<char> afterRoot,
        [NotNullWhen(true)] out JsonPath? path,
        [NotNullWhen(false)] out JsonPathError? error) =>
        JsonPathParser.TryParse($"${afterRoot}", out path, out error);

    /// <summary>Evaluates the path against a document.</summary>
    /// <param name="root">What <c>$</c> stands for.</param>
    public JsonPathResult Evaluate(JsonValue root)
    {
        ArgumentNullException.ThrowIfNull(root);
        JsonValue? node = root;
        foreach (PathStep step in _steps)
        {
            node = Child(node, step);
            if (node is null)
            {
                return default;
            }
        }

        return new JsonPathResult(node);
    }

    /// <summary>The path's text.</summary>
    public override string ToString() => Text;

    private static JsonValue? Child(JsonValue node, PathStep step) => step switch
    {
        NameStep name => node is JsonObject json ? json[name.Name] : null,
        IndexStep index => node is JsonArray array ? Item(array, index.Index) : null,
        _ => throw new UnreachableException(),
    };

    private static JsonValue? Item(JsonArray array, int index)
    {
        int at = index < 0 ? array.Count + index : index;
        return at >= 0 && at < array.Count ? array[at] : null;
    }
}
