using Lockstep.Jsonata.Evaluation;
using Lockstep.Jsonata.Evaluation.Calls;
using Lockstep.Jsonata.Values;

namespace Lockstep.Jsonata.Functions;

/// <summary>Computes a function of the library; the arguments fit its signature, and those left out are nothing at all.</summary>
internal delegate object? LibraryBody(object?[] arguments, Evaluator run);

/// <summary>Computes a function that depends on the context of its call.</summary>
internal delegate object? ContextualBody(object?[] arguments, object? input, Evaluator run);

/// <summary>A function of the library.</summary>
/// <param name="name">Its name without the dollar sign.</param>
/// <param name="signature">Its signature, such as <c>&lt;s-:s&gt;</c>.</param>
/// <param name="arity">How many arguments higher-order functions pass to it.</param>
/// <param name="body">Computes the value, which the caller normalizes.</param>
internal sealed class LibraryFunction(string name, string signature, int arity, ContextualBody body) : JsonataFunction
{
    private readonly Signature _signature = SignatureParser.Parse(signature, 0);

    /// <inheritdoc cref="LibraryFunction(string, string, int, ContextualBody)"/>
    public LibraryFunction(string name, string signature, int arity, LibraryBody body)
        : this(name, signature, arity, (arguments, _, run) => body(arguments, run))
    {
    }

    public override int Arity => arity;

    public override string Name { get; } = name;

    public override object? Invoke(object?[] arguments, object? input, Evaluator run)
    {
        object?[] given = _signature.Validate(arguments, input, run);
        run.Enter(Evaluator.LibraryHeight);
        object? value = body(given, input, run);
        run.Leave(Evaluator.LibraryHeight);
        return value;
    }
}
