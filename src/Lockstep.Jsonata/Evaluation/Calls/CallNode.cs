using Lockstep.Jsonata.Values;

namespace Lockstep.Jsonata.Evaluation.Calls;

/// <summary>A call of a function.</summary>
internal sealed class CallNode(Node procedure, Node[] arguments, Callee callee, bool isTail, bool keepsArray) : Node
{
    public override object? Evaluate(object? input, Frame frame, Evaluator run) => isTail
        ? AtEnd(input, frame, run)
        : Value.Normalized(List(input, frame, run), keepsArray);

    /// <summary>
    /// What the function gives. A sequence is not normalized: predicates behind a call see it as a list, even if there is but one item in it.
    /// </summary>
    public object? List(object? input, Frame frame, Evaluator run)
    {
        run.Fuel.Spend();
        JsonataFunction function = procedure.Evaluate(input, frame, run) as JsonataFunction ?? throw callee.NoFunction(run);
        object? context = Sequence.Unwrapped(input);
        if (function is Closure { Lambda.Signature: null } closure)
        {
            return callee.Run(closure, Slots(closure.Lambda, input, frame, run), context, run);
        }

        return callee.Invoke(function, Values(input, frame, run), context, run);
    }

    /// <summary>Leaves the call to whoever has called the function that ends with it, and so what the function gives, which is not
    /// normalized either. Its context is then that of this caller.</summary>
    private TailCall AtEnd(object? input, Frame frame, Evaluator run)
    {
        run.Fuel.Spend();
        JsonataFunction function = procedure.Evaluate(input, frame, run) as JsonataFunction ?? throw callee.NoFunction(run);
        object?[] given = function is Closure { Lambda.Signature: null } closure ? Slots(closure.Lambda, input, frame, run) : Values(input, frame, run);
        run.TailFunction = function;
        run.TailArguments = given;
        run.TailCallee = callee;
        return TailCall.Marker;
    }

    private object?[] Values(object? input, Frame frame, Evaluator run)
    {
        object?[] values = new object?[arguments.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = arguments[i].Evaluate(input, frame, run);
        }

        return values;
    }

    /// <summary>Evaluates the arguments right into the frame of the function.</summary>
    private object?[] Slots(LambdaNode lambda, object? input, Frame frame, Evaluator run)
    {
        object?[] slots = lambda.NewSlots();
        for (int i = 0; i < arguments.Length; i++)
        {
            object? value = arguments[i].Evaluate(input, frame, run);
            if (i < lambda.Parameters)
            {
                slots[i] = Undefined.Slot(value);
            }
        }

        for (int i = arguments.Length; i < lambda.Parameters; i++)
        {
            slots[i] = Undefined.Value;
        }

        return slots;
    }
}

/// <summary>Where a call stands and what it is written as, for its errors.</summary>
/// <param name="Name">What is called, as it is written; null where that has no name.</param>
/// <param name="LacksDollar">Whether a member is called, as if it were a function.</param>
/// <param name="IsPartial">Whether arguments are left open.</param>
/// <param name="Position">Offset just after the opening parenthesis.</param>
internal sealed record Callee(string? Name, bool LacksDollar, bool IsPartial, int Position)
{
    /// <summary>Calls the function; an error that has no place or token yet has these.</summary>
    /// <param name="function">The function.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="input">The context of the call.</param>
    /// <param name="run">The evaluation.</param>
    /// <param name="checks">Whether the arguments of a function that the expression defines are checked against its signature.</param>
    public object? Invoke(JsonataFunction function, object?[] arguments, object? input, Evaluator run, bool checks = true)
    {
        try
        {
            return !checks && function is Closure closure ? closure.InvokeUnchecked(arguments, input, run) : function.Invoke(arguments, input, run);
        }
        catch (JsonataException error) when (IsIncomplete(error))
        {
            throw error.At(Position, Name);
        }
    }

    /// <summary>Calls a function without a signature with a frame that holds its arguments.</summary>
    public object? Run(Closure closure, object?[] slots, object? input, Evaluator run)
    {
        try
        {
            return closure.Run(slots, input, run);
        }
        catch (JsonataException error) when (IsIncomplete(error))
        {
            throw error.At(Position, Name);
        }
    }

    public JsonataException NoFunction(Evaluator run)
    {
        bool isMeant = LacksDollar && Name is not null && run.Library.Contains(Name);
        string did = IsPartial ? "partially apply" : "invoke";
        return (IsPartial, isMeant) switch
        {
            (_, true) => JsonataException.Naming(
                IsPartial ? "T1007" : "T1005", token => $"Attempted to {did} a non-function. Did you mean ${token}?", Position, Name),
            (_, false) => new JsonataException(IsPartial ? "T1008" : "T1006", $"Attempted to {did} a non-function", Position, Name),
        };
    }

    private static bool IsIncomplete(JsonataException error) => error is { Position: < 0 } or { Token: null } && !error.IsLimit;
}
