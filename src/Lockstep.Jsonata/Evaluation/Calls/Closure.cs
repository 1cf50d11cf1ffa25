using Lockstep.Jsonata.Values;

namespace Lockstep.Jsonata.Evaluation.Calls;

/// <summary>A function definition.</summary>
internal sealed class LambdaNode(int parameters, FrameLayout layout, Signature? signature) : Node
{
    /// <summary>How many parameters there are; their slots are the first of the frame.</summary>
    public int Parameters { get; } = parameters;

    public Signature? Signature { get; } = signature;

    /// <summary>The body, set once it is compiled.</summary>
    public Node Body { get; set; } = new ConstantNode(null);

    /// <summary>Levels of depth that a call counts as.</summary>
    public int Height { get; set; } = 1;

    public override object? Evaluate(object? input, Frame frame, Evaluator run)
    {
        run.Fuel.Spend();
        return new Closure(this, input, frame);
    }

    public object?[] NewSlots() => layout.NewSlots();
}

/// <summary>A function that an expression defines, with the context and the variables of the place where it does.</summary>
internal sealed class Closure(LambdaNode lambda, object? context, Frame outside) : JsonataFunction
{
    public override int Arity => lambda.Parameters;

    public LambdaNode Lambda => lambda;

    public override object? Invoke(object?[] arguments, object? input, Evaluator run) => Run(Bind(arguments, input, run), input, run);

    /// <summary>Calls the function without looking at its signature, as partial application does.</summary>
    public object? InvokeUnchecked(object?[] arguments, object? input, Evaluator run) => Run(Slots(arguments), input, run);

    /// <summary>Calls the function with a frame whose first slots hold its parameters.</summary>
    /// <param name="slots">The slots.</param>
    /// <param name="input">The context of the caller, which a call at the end of the function has too.</param>
    /// <param name="run">The evaluation.</param>
    public object? Run(object?[] slots, object? input, Evaluator run)
    {
        Closure closure = this;
        while (true)
        {
            int height = closure.Lambda.Height;
            run.Fuel.Spend();
            run.Enter(height);
            object? result = closure.Body(slots, run);
            run.Leave(height);
            if (!ReferenceEquals(result, TailCall.Marker))
            {
                return result;
            }

            JsonataFunction next = run.TailFunction ?? throw new InvalidOperationException("A tail call names its function.");
            object?[] arguments = run.TailArguments ?? [];
            if (next is not Closure following)
            {
                Callee callee = run.TailCallee ?? throw new InvalidOperationException("A tail call says where it stands.");
                return callee.Invoke(next, arguments, input, run);
            }

            slots = following.Lambda.Signature is null ? arguments : following.Bind(arguments, input, run);
            closure = following;
        }
    }

    private object? Body(object?[] slots, Evaluator run) => lambda.Body.Evaluate(context, new Frame(outside, slots), run);

    /// <summary>The frame's slots with the arguments in the first of them.</summary>
    private object?[] Bind(object?[] arguments, object? input, Evaluator run) =>
        Slots(lambda.Signature is null ? arguments : lambda.Signature.Validate(arguments, input, run));

    private object?[] Slots(object?[] given)
    {
        object?[] slots = lambda.NewSlots();
        for (int i = 0; i < lambda.Parameters; i++)
        {
            slots[i] = Undefined.Slot(i < given.Length ? given[i] : null);
        }

        return slots;
    }
}
