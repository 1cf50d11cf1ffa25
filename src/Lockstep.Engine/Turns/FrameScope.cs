using System.Diagnostics.CodeAnalysis;
using Lockstep.Asl.Evaluation;
using Lockstep.Engine.Behaviours;
using Lockstep.Json;

namespace Lockstep.Engine.Turns;

/// <summary>
/// What the expressions of a state see. One instance serves a whole turn and is moved from frame to frame; the context object is built
/// when an expression asks for it, and kept until the frame or its state changes.
/// </summary>
internal sealed class FrameScope(Turn turn) : EvaluationScope
{
    private LiveFrame? _frame;
    private JsonValue _input = JsonNull.Instance;
    private JsonObject? _context;
    private MapItem? _item;
    private string? _taskToken;
    private long _enteredEventId;
    private JsonValue? _result;
    private JsonValue? _errorOutput;

    /// <inheritdoc/>
    public override JsonValue Input => _input;

    /// <inheritdoc/>
    public override JsonValue Context => _context ??= turn.Inspection?.ContextFor(_item) ?? ContextObject.Build(turn, Frame, _item, _taskToken);

    /// <inheritdoc/>
    public override JsonValue? Result => _result;

    /// <inheritdoc/>
    public override JsonValue? ErrorOutput => _errorOutput;

    /// <inheritdoc/>
    public override DateTimeOffset Now => turn.Now;

    /// <inheritdoc/>
    public override int MaxExpressionFuel => turn.Limits.MaxExpressionFuel;

    /// <inheritdoc/>
    public override int MaxExpressionDepth => turn.Limits.MaxExpressionDepth;

    /// <inheritdoc/>
    public override int MaxValueBytes => turn.Limits.MaxComputedBytes;

    /// <inheritdoc/>
    public override int MaxWork => turn.Limits.MaxFieldWork;

    /// <inheritdoc/>
    public override int MaxRangeElements => turn.Limits.MaxRangeElements;

    /// <inheritdoc/>
    public override int MaxEncodedCharacters => turn.Limits.MaxEncodedCharacters;

    /// <inheritdoc/>
    public override bool GoesOverMembers => MapBehaviour.GoesOverMembers(turn, turn.StateOf(Frame));

    private LiveFrame Frame => _frame ?? throw new InvalidOperationException("The scope stands at no frame.");

    /// <summary>Moves the scope to a frame.</summary>
    /// <param name="frame">Whose variables and context object to show.</param>
    /// <param name="input">What <c>$</c> means.</param>
    /// <param name="item">The item of the iteration about to open; null outside an ItemSelector.</param>
    /// <param name="taskToken">The token of the attempt about to start; null when it has none.</param>
    public FrameScope At(LiveFrame frame, JsonValue input, MapItem? item = null, string? taskToken = null)
    {
        if (!ReferenceEquals(frame, _frame) || frame.EnteredEventId != _enteredEventId || item is not null || _item is not null || taskToken != _taskToken)
        {
            _context = null;
        }

        RenewWork();
        _frame = frame;
        _enteredEventId = frame.EnteredEventId;
        _input = input;
        _item = item;
        _taskToken = taskToken;
        _result = null;
        _errorOutput = null;
        return this;
    }

    /// <summary>Moves the scope to a frame in a JSONata state that has a result, or an error that it handles.</summary>
    /// <param name="frame">Whose input, variables and context object to show.</param>
    /// <param name="result"><c>$states.result</c>; null when there is none.</param>
    /// <param name="errorOutput"><c>$states.errorOutput</c>; null when there is none.</param>
    /// <param name="taskToken">The token of the task's attempt; null when it has none.</param>
    public FrameScope AtEnd(LiveFrame frame, JsonValue? result, JsonValue? errorOutput, string? taskToken)
    {
        At(frame, frame.Input, null, taskToken);
        _result = result;
        _errorOutput = errorOutput;
        return this;
    }

    /// <summary>Forgets the context object: something that it shows has changed within a visit of the state.</summary>
    public void Invalidate() => _context = null;

    /// <inheritdoc/>
    public override bool TryGetVariable(string name, [MaybeNullWhen(false)] out JsonValue value)
    {
        LiveFrame? frame = Frame;
        while (frame is not null)
        {
            if (frame.Variables.TryGet(name, out value))
            {
                return true;
            }

            frame = turn.ParentOf(frame);
        }

        value = null;
        return false;
    }

    /// <inheritdoc/>
    public override ulong NextRandom() => turn.NextRandom();
}

/// <summary>The item of a Map iteration, as the context object shows it.</summary>
/// <param name="Index">Counts the items from 0.</param>
/// <param name="Value">The item, or the value of the member that it is.</param>
/// <param name="Key">The name of the member that it is; null when it is none.</param>
/// <param name="Source">Where it comes from, as <see cref="MapRuns.ItemOrigins"/> has it; null when that is not shown.</param>
internal sealed record MapItem(int Index, JsonValue Value, string? Key = null, string? Source = null);
