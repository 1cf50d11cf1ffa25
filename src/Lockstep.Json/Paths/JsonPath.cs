using System.Diagnostics.CodeAnalysis;

namespace Lockstep.Json.Paths;

/// <summary>
/// A parsed JSONPath in the dialect of the States Language, which is that of the Jayway library (ASL, "Paths"). Immutable; parse once,
/// evaluate often: a path of names and indexes evaluates without allocating.
/// </summary>
/// <remarks>
/// Steps: <c>.name</c>, <c>['name']</c>, <c>['a','b']</c>, <c>[0]</c>, <c>[-1]</c>, <c>[0,2]</c>, <c>[start:end:step]</c>, <c>.*</c>,
/// <c>[*]</c>, <c>..</c>, <c>[?(filter)]</c>, and as the last one a function such as <c>.length()</c>. Filters: <c>== != &lt; &lt;= &gt;
/// &gt;= =~ in nin subsetof anyof noneof all contains size empty</c> and a path alone (it exists), joined by <c>&amp;&amp; || ! ( )</c>.
/// <c>@</c> does not match scalars (Step Functions, "Reference paths").
/// </remarks>
public sealed class JsonPath
{
    /// <summary>Most characters of a path's text.</summary>
    public const int MaxTextLength = 8_192;

    /// <summary>Most levels of parentheses, negations, lists and filters within each other.</summary>
    public const int MaxNesting = 32;

    /// <summary>Most characters of a regular expression.</summary>
    public const int MaxPatternLength = 1_000;

    private readonly PathStep[] _steps;

    /// <summary>The steps once more when all are names and indexes, else null.</summary>
    private readonly PlainStep[]? _plain;

    internal JsonPath(string text, PathStep[] steps)
    {
        Text = text;
        _steps = steps;
        _plain = Array.TrueForAll(steps, step => step is NameStep or IndexStep) ? Array.ConvertAll(steps, PlainStep.Of) : null;
        IsDefinite = PathEvaluation.IsDefinite(steps);
        IsReferencePath = Array.TrueForAll(steps, step => step is NameStep or IndexStep { Index: >= 0 });
    }

    /// <summary>The path to the root, <c>$</c>.</summary>
    public static JsonPath Root { get; } = new("$", []);

    /// <summary>The text the path was parsed from.</summary>
    public string Text { get; }

    /// <summary>
    /// Whether the path gives at most one node, which is then its result; an indefinite path's result is an array of matches.
    /// </summary>
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
            return PathParser.TryParse(text, out path, out error);
        }

        path = null;
        error = new JsonPathError(JsonPathErrorCode.Syntax, "A path starts with '$'.", 0);
        return false;
    }

    /// <summary>
    /// Parses what follows the root of a path, whatever the root is called: for <c>$$.a</c> and <c>$name.a</c> it is <c>.a</c>. The path's
    /// text and the offsets of errors are those of <c>$.a</c>.
    /// </summary>
    public static bool TryParseAfterRoot(
        ReadOnlySpan<char> afterRoot,
        [NotNullWhen(true)] out JsonPath? path,
        [NotNullWhen(false)] out JsonPathError? error) =>
        PathParser.TryParse($"${afterRoot}", out path, out error);

    /// <summary>Evaluates the path against a document.</summary>
    /// <param name="root">What <c>$</c> stands for.</param>
    /// <param name="limits">What the evaluation may cost; <see cref="JsonPathLimits.Default"/> when absent.</param>
    /// <returns>
    /// A definite path: the node, or nothing. An indefinite one: the array of matches, which is empty when nothing matches; nothing only
    /// when the definite part the path begins with does not exist, as Jayway has it.
    /// </returns>
    public JsonPathResult Evaluate(JsonValue root, JsonPathLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(root);
        if (_plain is not null)
        {
            return EvaluatePlain(root);
        }

        limits ??= JsonPathLimits.Default;
        var budget = new PathBudget(limits);
        JsonPathResult result = PathEvaluation.Evaluate(_steps, root, root, budget);
        return budget.IsExhausted
            ? new JsonPathResult { LimitExceeded = true, VisitedNodes = limits.MaxVisitedNodes }
            : result with { VisitedNodes = limits.MaxVisitedNodes - budget.Left };
    }

    /// <summary>
    /// How many steps of a path of names and indexes lead up to a property that an object does not have, that property included; null when the
    /// path is another one, or ends with it.
    /// </summary>
    public int? FindMissingProperty(JsonValue root)
    {
        ArgumentNullException.ThrowIfNull(root);
        JsonValue? node = root;
        for (int i = 0; i < (_plain?.Length ?? 0) - 1; i++)
        {
            JsonValue? next = _plain![i].From(node);
            if (next is null)
            {
                return node is JsonObject && _steps[i] is NameStep ? i + 1 : null;
            }

            node = next;
        }

        return null;
    }

    /// <summary>Whether a path of names and indexes leads to an array that has not as many elements as its last step, an index, asks for.</summary>
    public bool PointsPastTheEnd(JsonValue root)
    {
        ArgumentNullException.ThrowIfNull(root);
        if (_plain is null || _steps is not [.., IndexStep])
        {
            return false;
        }

        JsonValue? node = root;
        for (int i = 0; i < _plain.Length - 1 && node is not null; i++)
        {
            node = _plain[i].From(node);
        }

        return node is JsonArray && _plain[^1].From(node) is null;
    }

    /// <summary>The path's text.</summary>
    public override string ToString() => Text;

    /// <summary>Evaluates a path within a filter, whose root and start differ.</summary>
    internal JsonPathResult Evaluate(JsonValue start, JsonValue root, PathBudget budget) =>
        _plain is not null && budget.Spend(_plain.Length) ? EvaluatePlain(start) : PathEvaluation.Evaluate(_steps, start, root, budget);

    private JsonPathResult EvaluatePlain(JsonValue start)
    {
        JsonValue? node = start;
        foreach (ref PlainStep step in _plain.AsSpan())
        {
            node = step.From(node);
            if (node is null)
            {
                return default;
            }
        }

        return new JsonPathResult(node);
    }

    /// <summary>A name, or an index when the name is null; flat, so that following it touches no further object.</summary>
    private struct PlainStep(string? name, int index)
    {
        /// <summary>Where the name was found last; only speed depends on it.</summary>
        private int _hint;

        public static PlainStep Of(PathStep step) => step is NameStep name ? new(name.Name, 0) : new(null, ((IndexStep)step).Index);

        public JsonValue? From(JsonValue node)
        {
            if (name is not null)
            {
                return node is JsonObject json ? json.Find(name, ref _hint) : null;
            }

            return node is JsonArray array ? PathEvaluation.Item(array, index) : null;
        }
    }
}
