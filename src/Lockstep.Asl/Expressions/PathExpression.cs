using Lockstep.Asl.Evaluation;
using Lockstep.Asl.Printing;
using Lockstep.Json;
using Lockstep.Json.Paths;

namespace Lockstep.Asl.Expressions;

/// <summary>
/// A path into the input (<c>$</c>), the context object (<c>$$</c>) or a variable (<c>$name</c>). Closed: <see cref="InputPath"/>,
/// <see cref="ContextPath"/>, <see cref="VariablePath"/>.
/// </summary>
public abstract class PathExpression : ValueExpression
{
    private readonly PathUse _use;

    private protected PathExpression(string text, JsonPath? path, PathUse use)
    {
        Text = text;
        Path = path;
        _use = use;
    }

    /// <summary>The path as written.</summary>
    public string Text { get; }

    /// <summary>What follows the root; null when the root itself is meant.</summary>
    protected JsonPath? Path { get; }

    internal sealed override WrittenExpression Written => WrittenExpression.Reference(Text);

    /// <inheritdoc/>
    public sealed override Evaluated Evaluate(EvaluationScope scope) => Read(scope, out JsonValue? value) switch
    {
        PathOutcome.Found when value is not null => Evaluated.Of(value),
        PathOutcome.TooMuchWork => Evaluated.Failed(scope.TooMuchWork(Text)),
        _ => Evaluated.Failed(_use.NothingSelected(this, scope)),
    };

    /// <inheritdoc/>
    public sealed override string ToString() => Text;

    /// <summary>Whether it consists of names and indexes from the front only.</summary>
    internal bool IsReferencePath => Path is null || Path.IsReferencePath;

    /// <summary>What is said when the path selects nothing in a document, in the words of the reference's library.</summary>
    internal string NothingSelectedIn(JsonValue? root) => root is not null && Path?.FindMissingProperty(root) is int steps
        ? $"Missing property in path {NormalizedPath.Of(Text, steps)}"
        : $"No results for path: {NormalizedPath.Of(Text)}";

    /// <summary>The value that the path starts from; null for a variable that has none.</summary>
    internal abstract JsonValue? Root(EvaluationScope scope);

    /// <summary>How a condition about what the path selects is written.</summary>
    internal JsonObject Test(string operation, JsonValue operand) => JsonObject.Of("Variable", JsonString.Of(Text)).With(operation, operand);

    /// <summary>Selects without wording a failure.</summary>
    internal PathOutcome Read(EvaluationScope scope, out JsonValue? value)
    {
        JsonValue? root = Root(scope);
        value = root;
        if (Path is null || root is null)
        {
            return root is null ? PathOutcome.Nothing : PathOutcome.Found;
        }

        JsonPathResult result = Path.IsDefinite
            ? Path.Evaluate(root)
            : Path.Evaluate(root, new JsonPathLimits { MaxVisitedNodes = scope.WorkLeft });
        value = result.Value;
        if (!result.Found && _use.SelectsNullPastTheEnd && Path.PointsPastTheEnd(root))
        {
            value = JsonNull.Instance;
            return PathOutcome.Found;
        }

        return result.LimitExceeded || (result.VisitedNodes > 0 && !scope.TrySpend(result.VisitedNodes))
            ? PathOutcome.TooMuchWork
            : result.Found ? PathOutcome.Found : PathOutcome.Nothing;
    }
}

/// <summary>What became of a path.</summary>
internal enum PathOutcome
{
    /// <summary>It selects a value.</summary>
    Found,

    /// <summary>It selects nothing.</summary>
    Nothing,

    /// <summary>Finding out costs more than allowed.</summary>
    TooMuchWork,
}

/// <summary>A path into the input.</summary>
internal sealed class InputPath(string text, JsonPath? path, PathUse use) : PathExpression(text, path, use)
{
    internal override JsonValue? Root(EvaluationScope scope) => scope.Input;
}

/// <summary>A path into the context object.</summary>
internal sealed class ContextPath(string text, JsonPath? path, PathUse use) : PathExpression(text, path, use)
{
    internal override JsonValue? Root(EvaluationScope scope) => scope.Context;
}

/// <summary>A path into a variable.</summary>
internal sealed class VariablePath(string text, string name, JsonPath? path, PathUse use) : PathExpression(text, path, use)
{
    public string Name => name;

    public bool IsAssigned(EvaluationScope scope) => scope.TryGetVariable(name, out _);

    internal override JsonValue? Root(EvaluationScope scope) => scope.TryGetVariable(name, out JsonValue? value) ? value : null;
}
