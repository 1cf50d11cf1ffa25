using System.Diagnostics.CodeAnalysis;
using Lockstep.Asl;
using Lockstep.Asl.Compiled;
using Lockstep.Asl.Evaluation;
using Lockstep.Engine.Failures;
using Lockstep.Engine.Testing;
using Lockstep.Engine.Turns;
using Lockstep.Json;

namespace Lockstep.Engine.Behaviours;

/// <summary>
/// The data flow of the States Language ("Input and output processing"), in its order: InputPath picks the effective input from the raw
/// input; Parameters shapes it; the state makes a result; ResultSelector shapes that; Assign reads it; ResultPath puts it into the raw
/// input; OutputPath picks the output.
/// </summary>
internal static class DataFlow
{
    /// <summary>Evaluates a field of the state; a failure fails the state.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="frame">The frame in the state.</param>
    /// <param name="expression">The field; when absent the value is <paramref name="input"/> itself.</param>
    /// <param name="input">What <c>$</c> means.</param>
    /// <param name="value">The value.</param>
    /// <param name="taskToken">The token of the task's attempt, when there is one.</param>
    /// <returns>Whether the state can go on.</returns>
    public static bool TryEvaluate(
        Turn turn, LiveFrame frame, ValueExpression? expression, JsonValue input, [NotNullWhen(true)] out JsonValue? value, string? taskToken = null)
    {
        if (expression is null)
        {
            value = input;
            return true;
        }

        Evaluated evaluated = expression.Evaluate(turn.Scope.At(frame, input, null, taskToken));
        if (!evaluated.Succeeded)
        {
            FailureRules.FailState(turn, frame, evaluated.Error);
            value = null;
            return false;
        }

        value = evaluated.Value;
        return true;
    }

    /// <summary>Picks the effective input by InputPath; a failure fails the state.</summary>
    public static bool TryInput(
        Turn turn, LiveFrame frame, CompiledState state, [NotNullWhen(true)] out JsonValue? effective, string? taskToken = null)
    {
        bool picked = TryEvaluate(turn, frame, state.InputPath, frame.Input, out effective, taskToken);
        if (state.QueryLanguage == QueryLanguage.JsonPath)
        {
            turn.Inspection?.Note(InspectedStep.AfterInputPath, effective);
        }

        return picked;
    }

    /// <summary>Shapes the effective input by Parameters, or by Arguments of a JSONata state; a failure fails the state.</summary>
    public static bool TryShape(
        Turn turn,
        LiveFrame frame,
        ValueExpression? parameters,
        JsonValue effective,
        [NotNullWhen(true)] out JsonValue? shaped,
        string? taskToken = null)
    {
        bool succeeded = TryEvaluate(turn, frame, parameters, effective, out shaped, taskToken);
        turn.Inspection?.Note(
            turn.StateOf(frame).QueryLanguage == QueryLanguage.Jsonata ? InspectedStep.AfterArguments : InspectedStep.AfterParameters, shaped);
        return succeeded;
    }

    /// <summary>Evaluates an optional field that gives a whole number, such as TimeoutSeconds; a failure fails the state.</summary>
    public static bool TryEvaluateInteger(Turn turn, LiveFrame frame, ValueExpression? expression, JsonValue input, out long? value)
    {
        value = null;
        if (expression is null)
        {
            return true;
        }

        if (!TryEvaluate(turn, frame, expression, input, out JsonValue? evaluated))
        {
            return false;
        }

        if (evaluated is JsonNumber number && number.TryGetInt64(out long whole))
        {
            value = whole;
            return true;
        }

        throw new InvalidOperationException("A compiled number field gives a whole number or an error.");
    }

    /// <summary>Takes the result of a Task, Parallel or Map state through the rest of the data flow, and leaves the state.</summary>
    public static void AcceptResult(Turn turn, LiveFrame frame, CompiledWorkState state, JsonValue result, string? taskToken = null)
    {
        if (state.QueryLanguage == QueryLanguage.Jsonata)
        {
            LeaveByQueries(turn, frame, state, new EndValues(result, null, result, taskToken), state.Assign, state.Output, state.NextState);
        }
        else if (TryEvaluate(turn, frame, state.ResultSelector, result, out JsonValue? selected, taskToken))
        {
            turn.Inspection?.Note(InspectedStep.AfterResultSelector, selected);
            Leave(turn, frame, state, selected, state.ResultPath);
        }
    }

    /// <summary>Leaves a JSONata state: evaluates what it assigns and its output, both from the variables as they were.</summary>
    public static void LeaveByQueries(
        Turn turn, LiveFrame frame, CompiledState state, EndValues available, AssignTemplate? assign, ValueExpression? output, int next)
    {
        if (TryEvaluateEnd(turn, frame, available, assign, output, out JsonObject? assigned, out JsonValue? value, out StatesError? problem))
        {
            LeaveWith(turn, frame, state, value, assigned, next);
        }
        else
        {
            FailureRules.FailState(turn, frame, problem);
        }
    }

    /// <summary>Evaluates <c>Assign</c> and <c>Output</c> of a JSONata state, Choice rule or Catcher.</summary>
    public static bool TryEvaluateEnd(
        Turn turn,
        LiveFrame frame,
        EndValues available,
        AssignTemplate? assign,
        ValueExpression? output,
        out JsonObject? assigned,
        [NotNullWhen(true)] out JsonValue? value,
        [NotNullWhen(false)] out StatesError? problem)
    {
        value = available.DefaultOutput;
        if (!TryEvaluateAssign(
            turn, frame, assign, turn.Scope.AtEnd(frame, available.Result, available.ErrorOutput, available.TaskToken), out assigned, out problem))
        {
            return false;
        }

        if (output is null)
        {
            return true;
        }

        Evaluated evaluated = output.Evaluate(turn.Scope.AtEnd(frame, available.Result, available.ErrorOutput, available.TaskToken));
        value = evaluated.Value;
        problem = evaluated.Error;
        return evaluated.Succeeded;
    }

    /// <summary>Assigns, places a result in the raw input, picks the output and leaves the state.</summary>
    public static void Leave(Turn turn, LiveFrame frame, CompiledState state, JsonValue result, ResultPlacement? placement)
    {
        if (state.QueryLanguage == QueryLanguage.Jsonata)
        {
            LeaveByQueries(turn, frame, state, new EndValues(null, null, frame.Input), state.Assign, state.Output, state.NextState);
            return;
        }

        if (!TryEvaluateAssign(turn, frame, state.Assign, result, out JsonObject? assigned, out StatesError? problem)
            || !TryPlace(placement, frame.Input, result, out JsonValue? placed, out problem))
        {
            FailureRules.FailState(turn, frame, problem);
            return;
        }

        turn.Inspection?.Note(InspectedStep.AfterResultPath, placed);
        LeaveWith(turn, frame, state, placed, assigned, state.NextState);
    }

    /// <summary>Picks the output by OutputPath, checks its size and leaves the state.</summary>
    public static void LeaveWith(Turn turn, LiveFrame frame, CompiledState state, JsonValue value, JsonObject? assigned, int next)
    {
        if (!TryEvaluate(turn, frame, state.OutputPath, value, out JsonValue? output))
        {
            return;
        }

        if (turn.IsOversized(output))
        {
            FailureRules.FailOversized(turn, frame);
            return;
        }

        Transitions.Exit(turn, frame, state, output, assigned, next);
    }

    /// <summary>Puts a result where ResultPath says.</summary>
    public static bool TryPlace(
        ResultPlacement? placement,
        JsonValue rawInput,
        JsonValue result,
        [NotNullWhen(true)] out JsonValue? placed,
        [NotNullWhen(false)] out StatesError? problem)
    {
        problem = null;
        if (placement is null || (!placement.Discard && placement.Path is null))
        {
            placed = result;
            return true;
        }

        if (placement.Discard || placement.Path is null)
        {
            placed = rawInput;
            return true;
        }

        placed = placement.Path.Set(rawInput, result).Value;
        if (placed is null)
        {
            problem = new StatesError(
                StatesErrorNames.ResultPathMatchFailure, $"Unable to apply ReferencePath {placement.Path.Text} to input {rawInput}");
            return false;
        }

        return true;
    }

    /// <summary>Evaluates what a state, a Choice rule or a Catcher assigns, within the limits of variables; null when it assigns nothing.</summary>
    public static bool TryEvaluateAssign(
        Turn turn,
        LiveFrame frame,
        AssignTemplate? assign,
        JsonValue input,
        out JsonObject? assigned,
        [NotNullWhen(false)] out StatesError? problem) =>
        TryEvaluateAssign(turn, frame, assign, turn.Scope.At(frame, input), out assigned, out problem);

    private static bool TryEvaluateAssign(
        Turn turn,
        LiveFrame frame,
        AssignTemplate? assign,
        FrameScope scope,
        out JsonObject? assigned,
        [NotNullWhen(false)] out StatesError? problem)
    {
        assigned = null;
        problem = null;
        if (assign is null)
        {
            return true;
        }

        Evaluated evaluated = assign.Template.Evaluate(scope);
        if (!evaluated.Succeeded)
        {
            problem = evaluated.Error;
            return false;
        }

        assigned = evaluated.Value as JsonObject ?? throw new InvalidOperationException("An Assign template gives an object.");
        problem = Assignment.Refusal(turn, frame, assigned);
        return problem is null;
    }
}
