using Lockstep.Json;
using Lockstep.Jsonata.Compiling;
using Lockstep.Jsonata.Evaluation;
using Lockstep.Jsonata.Functions;
using Lockstep.Jsonata.Syntax;
using Lockstep.Jsonata.Values;

namespace Lockstep.Jsonata;

/// <summary>
/// A compiled JSONata expression. Immutable: compile once, evaluate often and from any thread. What it gives depends on its input, bindings
/// and context alone.
/// </summary>
public sealed class JsonataExpression
{
    private readonly CompiledExpression _compiled;
    private readonly Library _library;
    private readonly object?[] _functions;

    private JsonataExpression(string text, CompiledExpression compiled, Library library)
    {
        Text = text;
        _compiled = compiled;
        _library = library;
        _functions = [.. compiled.Globals.Select(library.Find)];
    }

    /// <summary>The text the expression was compiled from.</summary>
    public string Text { get; }

    /// <summary>Every use of a variable, in the order of the text.</summary>
    public IReadOnlyList<JsonataReference> References => _compiled.References;

    /// <summary>Compiles an expression.</summary>
    /// <param name="text">The expression, without any delimiters of the host.</param>
    /// <param name="options">How; <see cref="JsonataOptions.Default"/> when absent.</param>
    /// <exception cref="JsonataException">The text is not an expression; the codes are S0xxx, and <see cref="JsonataErrorCodes"/>.</exception>
    public static JsonataExpression Compile(string text, JsonataOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        options ??= JsonataOptions.Default;
        Library library = Library.Of(options.Functions);
        (SyntaxNode root, IReadOnlyList<string> assigned) = Parser.Parse(text, options.Limits.MaxNesting);
        return new JsonataExpression(text, Compiler.Compile(root, assigned, library), library);
    }

    /// <summary>Evaluates the expression.</summary>
    /// <param name="input">The input, <c>$$</c> and at first <c>$</c>; null for none at all.</param>
    /// <param name="bindings">The host's variables, if any.</param>
    /// <param name="context">Time, random numbers, limits and fuel; a context of its own with default limits when absent.</param>
    /// <returns>
    /// The value, or null when there is none (<c>undefined</c>), which is not the same as <see cref="JsonNull"/>. JSON has no functions: where the
    /// result holds one, it is an empty string, as in <c>$string</c>.
    /// </returns>
    /// <exception cref="JsonataException">The evaluation failed, or came to a limit (<see cref="JsonataException.IsLimit"/>).</exception>
    public JsonValue? Evaluate(JsonValue? input, IJsonataBindings? bindings = null, JsonataContext? context = null)
    {
        var run = new Evaluator(context ?? new JsonataContext(), Globals(bindings), input, _library);
        return JsonForm.Of(EvaluateWith(input, run), run);
    }

    /// <summary>Evaluates the expression, and tells a function from a value.</summary>
    /// <param name="input">The input, <c>$$</c> and at first <c>$</c>; null for none at all.</param>
    /// <param name="bindings">The host's variables, if any.</param>
    /// <param name="context">Time, random numbers, limits and fuel.</param>
    /// <exception cref="JsonataException">The evaluation failed, or came to a limit (<see cref="JsonataException.IsLimit"/>).</exception>
    public JsonataResult EvaluateResult(JsonValue? input, IJsonataBindings? bindings, JsonataContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var run = new Evaluator(context, Globals(bindings), input, _library);
        object? value = EvaluateWith(input, run);
        return value is JsonataFunction ? new JsonataResult(null, IsFunction: true) : new JsonataResult(JsonForm.Of(value, run), IsFunction: false);
    }

    /// <summary>Evaluates the expression with the members of an object as variables.</summary>
    /// <inheritdoc cref="Evaluate(JsonValue?, IJsonataBindings?, JsonataContext?)"/>
    public JsonValue? Evaluate(JsonValue? input, JsonObject bindings, JsonataContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(bindings);
        return Evaluate(input, new ObjectBindings(bindings), context);
    }

    /// <summary>The expression's text.</summary>
    public override string ToString() => Text;

    /// <summary>Evaluates the expression within another evaluation, for <c>$eval</c>.</summary>
    internal object? EvaluateWithin(object? input, Evaluator outer)
    {
        outer.Enter(_compiled.Height);
        Evaluator run = outer.Nested(_functions, input);
        object? value = _compiled.Root.Evaluate(Outermost(input), new Frame(null, _compiled.Layout.NewSlots()), run);
        outer.Leave(_compiled.Height);
        return value;
    }

    private object? EvaluateWith(object? input, Evaluator run)
    {
        run.Enter(_compiled.Height);
        return _compiled.Root.Evaluate(Outermost(input), new Frame(null, _compiled.Layout.NewSlots()), run);
    }

    /// <summary>An array as the context of the outermost expression is one item.</summary>
    private static object? Outermost(object? input)
    {
        if (!Value.IsArray(input))
        {
            return input;
        }

        var wrapper = new Sequence(1) { IsInput = true };
        wrapper.Add(input);
        return wrapper;
    }

    private object?[] Globals(IJsonataBindings? bindings)
    {
        if (bindings is null || _functions.Length == 0)
        {
            return _functions;
        }

        var globals = new object?[_functions.Length];
        for (int i = 0; i < globals.Length; i++)
        {
            globals[i] = bindings.Find(_compiled.Globals[i]) ?? _functions[i];
        }

        return globals;
    }

    private sealed class ObjectBindings(JsonObject members) : IJsonataBindings
    {
        public JsonValue? Find(string name) => members[name];
    }
}
