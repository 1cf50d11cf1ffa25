using System.Diagnostics.CodeAnalysis;
using Lockstep.Json;

namespace Lockstep.Asl.Evaluation;

/// <summary>
/// What an expression can see while it is evaluated: the input (<c>$</c>), the context object (<c>$$</c>), the variables and a
/// deterministic source of random numbers. The interpreter supplies one per turn and moves it from state to state.
/// </summary>
public abstract class EvaluationScope
{
    /// <summary>Bytes of JSON that count as one unit of work.</summary>
    public const int BytesPerUnit = 16;

    private long _workBefore;

    /// <summary>Units of work done in this scope so far. A caller that bounds a whole turn reads it between fields.</summary>
    public long WorkDone { get; private set; }

    /// <summary>Units of work that JSONata expressions have done in this scope so far, a part of <see cref="WorkDone"/>.</summary>
    public long ExpressionWorkDone { get; private set; }

    /// <summary>
    /// The value that <c>$</c> names: the effective input, the task result or the raw input, depending on the field. In a JSONata state the raw input,
    /// which is <c>$states.input</c>.
    /// </summary>
    public abstract JsonValue Input { get; }

    /// <summary><c>$states.result</c> of a JSONata state; null where there is none.</summary>
    public virtual JsonValue? Result => null;

    /// <summary><c>$states.errorOutput</c> of a JSONata state; null outside a Catcher.</summary>
    public virtual JsonValue? ErrorOutput => null;

    /// <summary>The recorded time of the turn, which <c>$now</c> and <c>$millis</c> show.</summary>
    public abstract DateTimeOffset Now { get; }

    /// <summary>The context object that <c>$$</c> names. Built only when an expression asks for it.</summary>
    public abstract JsonValue Context { get; }

    /// <summary>Whether the items of the Map state may be the members of an object: in DISTRIBUTED mode.</summary>
    public virtual bool GoesOverMembers => false;

    /// <summary>Finds a variable visible in the current scope, the innermost first.</summary>
    public abstract bool TryGetVariable(string name, [MaybeNullWhen(false)] out JsonValue value);

    /// <summary>Bytes of JSON text that the calls in an expression may compute; beyond it they fail with <c>States.DataLimitExceeded</c>.</summary>
    public abstract int MaxValueBytes { get; }

    /// <summary>
    /// Units of work that the evaluation of one field may cost: nodes that indefinite paths visit, and the bytes that intrinsic functions go through,
    /// <see cref="BytesPerUnit"/> of them a unit. Beyond it the field fails with <c>States.Runtime</c>.
    /// </summary>
    public abstract int MaxWork { get; }

    /// <summary>
    /// Units of work that one JSONata expression may cost: steps, elements produced or visited, 16 characters read or written. Beyond it the
    /// expression fails with <c>States.QueryEvaluationError</c>.
    /// </summary>
    public abstract int MaxExpressionFuel { get; }

    /// <summary>Calls and expressions within each other that the evaluation of one JSONata expression may reach; beyond it, it fails as above.</summary>
    public abstract int MaxExpressionDepth { get; }

    /// <summary>Elements that <c>States.ArrayRange</c> may produce; beyond it fails with <c>States.IntrinsicFailure</c>.</summary>
    public abstract int MaxRangeElements { get; }

    /// <summary>
    /// Characters that <c>States.Base64Encode</c>, <c>States.Base64Decode</c> and <c>States.Hash</c> accept; beyond it they fail with
    /// <c>States.IntrinsicFailure</c>.
    /// </summary>
    public abstract int MaxEncodedCharacters { get; }

    /// <summary>Draws the next 64 random bits from the execution's seed. The same draw on every replay.</summary>
    public abstract ulong NextRandom();

    /// <summary>Allows <see cref="MaxWork"/> from now on; called whenever the scope moves to another field.</summary>
    protected void RenewWork() => _workBefore = WorkDone;

    /// <summary>Units that may still be spent on the current field.</summary>
    internal long WorkLeft => Math.Max(0, MaxWork - (WorkDone - _workBefore));

    /// <summary>Spends units; false when they were not left.</summary>
    internal bool TrySpend(long units)
    {
        WorkDone += units;
        return WorkDone - _workBefore <= MaxWork;
    }

    /// <summary>Spends units on a JSONata expression.</summary>
    internal void SpendOnExpression(long units)
    {
        WorkDone += units;
        ExpressionWorkDone += units;
    }

    /// <summary>The error of a field that costs more than <see cref="MaxWork"/>.</summary>
    internal StatesError TooMuchWork(string expression) => new(
        StatesErrorNames.Runtime, $"The expression '{expression}' needs more work than a field may cost ({MaxWork} visited nodes)");
}
