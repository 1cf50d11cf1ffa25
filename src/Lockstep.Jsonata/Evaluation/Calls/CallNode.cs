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
                return Value.Normalized(closure.Run(slots, run), keepsArray);
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
internal sealed record Callee(string Name, bool LacksDollar, bool IsPartial, int Position)
{
    /// <summary>Calls the function; an error that has no place yet has this one.</summary>
    public object? Invoke(JsonataFunction function, object?[] arguments, object? input, Evaluator run)
    {
        try
        {
            return function.Invoke(arguments, input, run);
        }
        catch (JsonataException error) when (error.Position < 0)
        {
            throw error.At(Position, Name);
        }
    }

    public JsonataException NoFunction(Evaluator run)
    {
        bool isMeant = LacksDollar && run.Library.Contains(Name);
        (string code, string message) = (IsPartial, isMeant) switch
        {
            (false, true) => ("T1005", $"Attempted to invoke a non-function. Did you mean ${Name}?"),
            (false, false) => ("T1006", "Attempted to invoke a non-function"),
            (true, true) => ("T1007", $"Attempted to partially apply a non-function. Did you mean ${Name}?"),
            (true, false) => ("T1008", "Attempted to partially apply a non-function"),
        };
        return new JsonataException(code, message, Position, Name);
    }
}
