using System.Diagnostics.CodeAnalysis;
using Lockstep.Asl.Evaluation;
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

    /// <inheritdoc/>
    public sealed override Evaluated Evaluate(EvaluationScope scope) =>
        TryRead(scope, out JsonValue? value) ? Evaluated.Of(value) : Evaluated.Failed(_use.NothingSelected(this, scope));

    /// <inheritdoc/>
    public sealed override string ToString() => Text;

    /// <summary>The value that the path starts from; null for a variable that has none.</summary>
    internal abstract JsonValue? Root(EvaluationScope scope);

    /// <summary>Selects without wording a failure.</summary>
    internal bool TryRead(EvaluationScope scope, [NotNullWhen(true)] out JsonValue? value)
    {
        value = Root(scope);
        if (Path is null || value is null)
        {
            return value is not null;
        }

        JsonPathResult result = Path.Evaluate(value);
        value = result.Value;
        return result.Found && value is not null;
    }
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
