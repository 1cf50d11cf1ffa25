using Lockstep.Asl;
using Lockstep.Asl.Compiled;
using Lockstep.Asl.Evaluation;
using Lockstep.Engine.Turns;
using Lockstep.Json;

namespace Lockstep.Engine.Testing;

/// <summary>
/// Watches one state from its entry until it is left, fails or would be tried again. Behaviours tell it what they come by; a turn of an execution
/// has none. What it shows for which type is what Step Functions shows.
/// </summary>
internal sealed class StateInspection(CompiledState state, StateTestSetup setup)
{
    private readonly SortedDictionary<InspectedStep, JsonValue> _steps = [];
    private StatesError? _error;
    private HandledError? _handled;

    private bool IsJsonPath => state.QueryLanguage == QueryLanguage.JsonPath;

    /// <summary>Retries of the retrier that applies, before this attempt; null for the frame's own count.</summary>
    public int? RetriesBefore => setup.RetrierRetryCount;

    /// <summary>Inputs of iterations that a tested Map came to; null when it came to none.</summary>
    public int? Iterations { get; set; }

    /// <summary>What the Map puts up with, once it has been evaluated.</summary>
    public FailureTolerance Tolerance { get; set; }

    /// <summary>What the ItemReader reads; null when nothing is known of it.</summary>
    public string? ItemReaderData => setup.MapItemReaderData;

    /// <summary>Whether the outcome is known.</summary>
    public StateTestStatus? Status { get; private set; }

    public JsonValue? Output { get; private set; }

    public string? NextState { get; private set; }

    /// <summary>Notes a value; one that could not be evaluated is not shown.</summary>
    public void Note(InspectedStep step, JsonValue? value)
    {
        if (value is not null && IsShown(step))
        {
            _steps[step] = value;
        }
    }

    /// <summary>Notes the result of a Pass state. A fixed result is shown in place of the input that it makes meaningless.</summary>
    public void NotePass(JsonValue result, bool isFixed)
    {
        if (isFixed)
        {
            _steps.Remove(InspectedStep.AfterInputPath);
            _steps.Remove(InspectedStep.AfterParameters);
            Note(InspectedStep.Result, result);
        }

        Note(InspectedStep.AfterResultSelector, result);
    }

    /// <summary>The context object that the test was given, with the item of an iteration; null when it was given none.</summary>
    public JsonObject? ContextFor(MapItem? item) =>
        item is null ? setup.Context : setup.Context?.With("Map", ContextObject.Map(item));

    public void Exited(JsonValue output, string? next)
    {
        Status = _handled is null ? StateTestStatus.Succeeded : StateTestStatus.CaughtError;
        Output = output;
        NextState = next;
    }

    public void Caught(int catcher, StatesError error)
    {
        _error = error;
        _handled = new HandledError(catcher, null, null);
    }

    public void Retried(int retrier, TimeSpan delay, StatesError error)
    {
        Status = StateTestStatus.Retriable;
        _error = error;
        _handled = new HandledError(null, retrier, (long)delay.TotalSeconds);
    }

    public void Failed(StatesError error)
    {
        Status = StateTestStatus.Failed;
        _error = error;
        _handled = null;
    }

    public StateTestReport? ToReport() => Status is StateTestStatus status
        ? new StateTestReport(status, Output, _error?.Name, _error?.Cause, NextState, [.. _steps], _handled)
        : null;

    /// <summary>A JSONata state has no paths to show, and only a Task its Arguments. A Parallel state shows nothing of its input.</summary>
    private bool IsShown(InspectedStep step) => step switch
    {
        InspectedStep.AfterInputPath or InspectedStep.AfterParameters => IsJsonPath && state is not CompiledParallel,
        InspectedStep.AfterArguments => state is CompiledTask,
        InspectedStep.AfterItemsPath or InspectedStep.AfterResultSelector => IsJsonPath,
        InspectedStep.AfterResultPath => IsJsonPath && state is not CompiledWait,
        _ => true,
    };
}

/// <summary>The failures that a Map puts up with: none unless it says so.</summary>
/// <param name="Count">Items; null when it does not say.</param>
/// <param name="Percentage">Per cent of the items; null when it does not say.</param>
internal readonly record struct FailureTolerance(double? Count, double? Percentage)
{
    /// <summary>Whether so many failures of so many iterations are too many.</summary>
    public bool IsExceededBy(int failures, int iterations) =>
        Count is null && Percentage is null
            ? failures > 0
            : failures > Count || failures * 100.0 > Percentage * iterations;
}
