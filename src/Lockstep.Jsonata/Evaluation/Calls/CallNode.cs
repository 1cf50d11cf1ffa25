using Lockstep.Jsonata.Values;

namespace Lockstep.Jsonata.Evaluation.Calls;

/// <summary>A call of a function.</summary>
internal sealed class CallNode(Node procedure, Node[] arguments, Callee callee, bool isTail, bool keepsArray) : Node
{
    public override object? Evaluate(object? input, Frame frame, Evaluator run)
    {
        run.Fuel.Spend();
        JsonataFunction function = procedure.Evaluate(input, frame, run) as JsonataFunction ?? throw callee.NoFunction(run);
        object? context = Sequence.Unwrapped(input);
        if (function is Closure { Lambda.Signature: null } closure)
        {
            object?[] slots = Slots(closure.Lambda, input, frame, run);
            if (!isTail)
            {
                return Value.Normalized(callee.Run(closure, slots, run), keepsArray);
            }

            run.TailFunction = closure;
            run.TailArguments = slots;
            return TailCall.Marker;
        }

        object?[] values = new object?[arguments.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = arguments[i].Evaluate(input, frame, run);
        }

        if (isTail && function is Closure)
        {
            run.TailFunction = function;
            run.TailArguments = values;
            run.TailInput = context;
            return TailCall.Marker;
        }

        return Value.Normalized(callee.Invoke(function, values, context, run), keepsArray);
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
            return !checks && function is Closure closure ? closure.InvokeUnchecked(arguments, run) : function.Invoke(arguments, input, run);
        }
        catch (JsonataException error) when (IsIncomplete(error))
        {
            throw error.At(Position, Name);
        }
    }

    /// <summary>Calls a function without a signature with a frame that holds its arguments.</summary>
    public object? Run(Closure closure, object?[] slots, Evaluator run)
    {
        try
        {
            return closure.Run(slots, run);
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
