using Lockstep.Jsonata.Values;

namespace Lockstep.Jsonata.Evaluation.Calls;

/// <summary>A partial application: a function of the arguments that are left open.</summary>
/// <param name="procedure">What is applied.</param>
/// <param name="arguments">The arguments; null for those left open.</param>
/// <param name="callee">Where it stands.</param>
internal sealed class PartialNode(Node procedure, Node?[] arguments, Callee callee) : Node
{
    public override object? Evaluate(object? input, Frame frame, Evaluator run)
    {
        run.Fuel.Spend();
        JsonataFunction function = procedure.Evaluate(input, frame, run) as JsonataFunction ?? throw callee.NoFunction(run);
        object?[] given = new object?[arguments.Length];
        bool[] open = new bool[arguments.Length];
        for (int i = 0; i < given.Length; i++)
        {
            open[i] = arguments[i] is null;
            given[i] = arguments[i]?.Evaluate(input, frame, run);
        }

        return new PartialFunction(function, given, open, callee);
    }
}

/// <summary>A function with some of its arguments given.</summary>
internal sealed class PartialFunction(JsonataFunction function, object?[] given, bool[] open, Callee callee) : JsonataFunction
{
    public override int Arity { get; } = open.Count(isOpen => isOpen);

    public override object? Invoke(object?[] arguments, object? input, Evaluator run)
    {
        run.Fuel.Spend(1 + given.Length);
        object?[] all = (object?[])given.Clone();
        int next = 0;
        for (int i = 0; i < all.Length; i++)
        {
            if (open[i])
            {
                all[i] = next < arguments.Length ? arguments[next] : null;
                next++;
            }
        }

        run.Enter(Evaluator.LibraryHeight);
        object? result = callee.Invoke(function, all, input, run, checks: false);
        run.Leave(Evaluator.LibraryHeight);
        return result;
    }
}

/// <summary>Two functions one after the other, of <c>$f ~&gt; $g</c>.</summary>
internal sealed class Composition(JsonataFunction first, JsonataFunction second) : JsonataFunction
{
    /// <summary>The reference composes as <c>function($f, $g) { function($x) { $g($f($x)) } }</c>, and messages show these names.</summary>
    private static readonly Callee First = new("f", LacksDollar: false, IsPartial: false, Position: -1);
    private static readonly Callee Second = new("g", LacksDollar: false, IsPartial: false, Position: -1);

    public override int Arity => 1;

    public override object? Invoke(object?[] arguments, object? input, Evaluator run)
    {
        run.Enter(Evaluator.LibraryHeight);
        object? between = Value.Normalized(First.Invoke(first, arguments.Length > 0 ? [arguments[0]] : [null], input, run));
        object? result = Second.Invoke(second, [between], null, run);
        run.Leave(Evaluator.LibraryHeight);
        return result;
    }
}

/// <summary>The chain operator <c>~&gt;</c> with a function on its right, which the left side becomes the argument of.</summary>
internal sealed class ChainNode(Node left, Node right, bool keepsArray, int position) : Node
{
    public override object? Evaluate(object? input, Frame frame, Evaluator run)
    {
        run.Fuel.Spend();
        object? argument = left.Evaluate(input, frame, run);
        if (right.Evaluate(input, frame, run) is not JsonataFunction function)
        {
            throw new JsonataException("T2006", "The right side of the function application operator ~> must be a function", position, "~>");
        }

        if (argument is JsonataFunction first)
        {
            return new Composition(first, function);
        }

        return Value.Normalized(function.Invoke([argument], Sequence.Unwrapped(input), run), keepsArray);
    }
}
