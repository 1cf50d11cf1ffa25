using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Lockstep.Json.Paths;

/// <summary>
/// A path that names exactly one place, so that a value can be put there (ASL, "Reference Paths"; used by ResultPath). Immutable.
/// </summary>
public sealed class ReferencePath
{
    private readonly JsonPath _path;

    private ReferencePath(JsonPath path) => _path = path;

    /// <summary>The path to the root, <c>$</c>.</summary>
    public static ReferencePath Root { get; } = new(JsonPath.Root);

    /// <summary>The text the path was parsed from.</summary>
    public string Text => _path.Text;

    /// <summary>Whether the path is <c>$</c> alone.</summary>
    public bool IsRoot => _path.Steps.Length == 0;

    /// <summary>The same path, for reading.</summary>
    public JsonPath Path => _path;

    /// <summary>Parses a reference path that starts with <c>$</c>.</summary>
    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out ReferencePath? path,
        [NotNullWhen(false)] out JsonPathError? error)
    {
        path = null;
        if (!JsonPath.TryParse(text, out JsonPath? parsed, out error))
        {
            return false;
        }

        if (!parsed.IsReferencePath)
        {
            error = new JsonPathError(
                JsonPathErrorCode.NotAReferencePath, "A reference path consists of names and non-negative indexes only.", 0);
            return false;
        }

        path = new ReferencePath(parsed);
        return true;
    }

    /// <summary>Evaluates the path against a document.</summary>
    public JsonPathResult Evaluate(JsonValue root) => _path.Evaluate(root);

    /// <summary>
    /// The document with a value in this place. Missing members are made, and so are the objects on the way to them; an item of an array
    /// must exist. Everything beside the way is shared with the original.
    /// </summary>
    public ReferencePathSetResult Set(JsonValue root, JsonValue value)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(value);
        ReadOnlySpan<PathStep> steps = _path.Steps;
        if (steps is [NameStep only] && root is JsonObject parent)
        {
            return ReferencePathSetResult.Of(parent.With(only.Name, value));
        }

        // Down: the existing container at each step, an empty object where there is none.
        var containers = new JsonValue[steps.Length];
        JsonValue? node = root;
        for (int i = 0; i < steps.Length; i++)
        {
            node ??= JsonObject.Empty;
            containers[i] = node;
            switch (steps[i])
            {
                case NameStep name when node is JsonObject json:
                    node = json[name.Name];
                    break;
                case IndexStep index when node is JsonArray array && index.Index < array.Count:
                    node = array[index.Index];
                    break;
                default:
                    return ReferencePathSetResult.Refuse(Describe(node, steps[i]));
            }
        }

        // Up again: a copy of each container with the new child.
        JsonValue result = value;
        for (int i = steps.Length - 1; i >= 0; i--)
        {
            result = (steps[i], containers[i]) switch
            {
                (NameStep name, JsonObject json) => json.With(name.Name, result),
                (IndexStep index, JsonArray array) => array.With(index.Index, result),
                _ => throw new UnreachableException(),
            };
        }

        return ReferencePathSetResult.Of(result);
    }

    /// <summary>The path's text.</summary>
    public override string ToString() => Text;

    private static string Describe(JsonValue node, PathStep step) => step switch
    {
        NameStep name => $"The member '{name.Name}' cannot be set: its parent is not an object but of kind {node.Kind}.",
        IndexStep index when node is JsonArray array =>
            string.Create(CultureInfo.InvariantCulture, $"The item {index.Index} cannot be set: the array has {array.Count} items."),
        IndexStep index => string.Create(
            CultureInfo.InvariantCulture, $"The item {index.Index} cannot be set: its parent is not an array but of kind {node.Kind}."),
        _ => throw new UnreachableException(),
    };
}
