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
        if (!DataFlow.TryPlace(catcher.ResultPath, frame.Input, errorOutput, out JsonValue? output, out StatesError? problem)
            || !DataFlow.TryEvaluateAssign(turn, frame, catcher.Assign, errorOutput, out JsonObject? assigned, out problem))
        {
            followUp = FailureRules.OfState(turn, frame, problem);
            return null;
        }

        if (turn.IsOversized(output))
        {
            followUp = new Failure(FailureRules.Oversized(state.Name), FailureOrigin.State);
            return null;
        }

        return new CatcherOutcome(output, assigned);
    }
}
