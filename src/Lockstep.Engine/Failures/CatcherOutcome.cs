using Lockstep.Asl;
using Lockstep.Asl.Compiled;
using Lockstep.Asl.Evaluation;
using Lockstep.Engine.Behaviours;
using Lockstep.Engine.Turns;
using Lockstep.Json;

namespace Lockstep.Engine.Failures;

/// <summary>What a Catcher passes on: the state's raw input with the error output put in, and the variables it assigns.</summary>
internal sealed record CatcherOutcome(JsonValue Output, JsonObject? Assigned)
{
    /// <summary>Evaluates a Catcher; null when that fails in turn.</summary>
    public static CatcherOutcome? Of(
        Turn turn, LiveFrame frame, CompiledState state, Catcher catcher, JsonObject errorOutput, out Failure followUp)
    {
        followUp = default;
        if (state.QueryLanguage == QueryLanguage.Jsonata)
        {
            return OfQueries(turn, frame, state, catcher, errorOutput, out followUp);
        }

        if (!DataFlow.TryPlace(catcher.ResultPath, frame.Input, errorOutput, out JsonValue? output, out StatesError? problem)
            || !DataFlow.TryEvaluateAssign(turn, frame, catcher.Assign, errorOutput, out JsonObject? assigned, out problem))
        {
            followUp = FailureRules.OfState(turn, frame, problem);
            return null;
        }

        return Checked(turn, state, output, assigned, out followUp);
    }

    private static CatcherOutcome? OfQueries(
        Turn turn, LiveFrame frame, CompiledState state, Catcher catcher, JsonObject errorOutput, out Failure followUp)
    {
        var available = new EndValues(null, errorOutput, errorOutput);
        if (!DataFlow.TryEvaluateEnd(
            turn, frame, available, catcher.Assign, catcher.Output, out JsonObject? assigned, out JsonValue? output, out StatesError? problem))
        {
            followUp = FailureRules.OfState(turn, frame, problem);
            return null;
        }

        return Checked(turn, state, output, assigned, out followUp);
    }

    private static CatcherOutcome? Checked(Turn turn, CompiledState state, JsonValue output, JsonObject? assigned, out Failure followUp)
    {
        followUp = default;
        if (!turn.IsOversized(output))
        {
            return new CatcherOutcome(output, assigned);
        }

        followUp = new Failure(FailureRules.Oversized(state.Name), FailureOrigin.State);
        return null;
    }
}
