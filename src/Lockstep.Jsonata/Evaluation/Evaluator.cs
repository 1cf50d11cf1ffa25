using Lockstep.Json;
using Lockstep.Jsonata.Evaluation.Calls;
using Lockstep.Jsonata.Values;

namespace Lockstep.Jsonata.Evaluation;

/// <summary>
/// The state of one evaluation: what it may still cost, how deep it is, and what is constant throughout. Depth counts levels of nodes, not
/// calls: a function's body counts as many as it is high, so the bound on depth bounds the stack.
/// </summary>
internal sealed class Evaluator
{
    /// <summary>Levels that a function of the library counts as.</summary>
    public const int LibraryHeight = 3;

    private readonly int _maxDepth;
    private int _depth;

    public Evaluator(JsonataContext context, object?[] globals, object? input, Library library)
    {
        Context = context;
        Fuel = context.Fuel;
        Globals = globals;
        Input = input;
        Library = library;
        _maxDepth = context.Limits.MaxDepth;
    }

    public Fuel Fuel { get; }

    public JsonataContext Context { get; }

    public JsonataLimits Limits => Context.Limits;

    /// <summary>The values of the free variables, by their index.</summary>
    public object?[] Globals { get; }

    /// <summary>The input, <c>$$</c>.</summary>
    public object? Input { get; }

    /// <summary>The functions that a name can mean.</summary>
    public Library Library { get; }

    /// <summary>The call that <see cref="TailCall.Marker"/> stands for: whom to call.</summary>
    public JsonataFunction? TailFunction { get; set; }

    /// <summary>With what.</summary>
    public object?[]? TailArguments { get; set; }

    /// <summary>Where the call stands.</summary>
    public Callee? TailCallee { get; set; }

    /// <summary>An evaluation within this one, at the same cost and depth, of another expression with another input.</summary>
    public Evaluator Nested(object?[] globals, object? input) => new(Context, globals, input, Library) { _depth = _depth };

    /// <summary>Goes deeper by so many levels.</summary>
    public void Enter(int levels = 1)
    {
        if ((_depth += levels) > _maxDepth)
        {
            throw new JsonataException(
                JsonataErrorCodes.DepthExceeded, $"The evaluation is nested deeper than {_maxDepth} levels; a function may call itself without end.");
        }
    }

    /// <summary>Comes back.</summary>
    public void Leave(int levels = 1) => _depth -= levels;

    /// <summary>Checks the length of a string or array that is about to be made, and spends its cost.</summary>
    public void SpendCharacters(long count)
    {
        CheckLength(count);
        Fuel.SpendCharacters(count);
    }

    /// <summary>Checks the length of an array that is about to be made, and spends its cost.</summary>
    public void SpendItems(long count) => SpendItems(count, count);

    /// <summary>Checks the length of an array that is about to get longer, and spends the cost of what comes to it.</summary>
    public void SpendItems(long count, long more)
    {
        CheckLength(count);
        Fuel.Spend(1 + more);
    }

    private void CheckLength(long count)
    {
        if (count > Limits.MaxLength)
        {
            throw new JsonataException(
                JsonataErrorCodes.LengthExceeded, $"The expression makes a string or array longer than {Limits.MaxLength}.");
        }
    }

    /// <summary>
    /// Calls a function from within the library, with as many of the arguments as it takes. A sequence that it gives is not normalized: a list of what functions
    /// give holds lists, also those of a single item. The context of the call is null, as in the reference.
    /// </summary>
    public object? Call(JsonataFunction function, object? first, object? second = null, object? third = null, object? fourth = null)
    {
        int arity = function.Arity;
        object?[] arguments = arity switch
        {
            <= 0 => [],
            1 => [first],
            2 => [first, second],
            3 => [first, second, third],
            _ => [first, second, third, fourth],
        };
        return function.Invoke(arguments, JsonNull.Instance, this);
    }
}
