namespace Lockstep.Jsonata.Evaluation;

/// <summary>
/// What a call at the end of a function's body answers instead of calling: the caller of the body makes the call then, so that a function
/// that ends by calling itself takes no stack.
/// </summary>
internal sealed class TailCall
{
    private TailCall()
    {
    }

    public static TailCall Marker { get; } = new();
}
