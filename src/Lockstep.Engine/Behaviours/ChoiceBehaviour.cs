using Lockstep.Asl;
using Lockstep.Asl.Compiled;
using Lockstep.Asl.Evaluation;
using Lockstep.Engine.Failures;
using Lockstep.Engine.Turns;
using Lockstep.Json;

namespace Lockstep.Engine.Behaviours;

/// <summary>
/// Choice: the first rule that matches says where to go and what to assign; without a match <c>Default</c> does, with the state's own
/// <c>Assign</c>. The output is the effective input.
/// </summary>
internal static class ChoiceBehaviour
{
    public static void Run(Turn turn, LiveFrame frame, CompiledChoice state)
    {
        if (!DataFlow.TryInput(turn, frame, state, out JsonValue? effective))
        {
            return;
        }

        foreach (ChoiceRule rule in state.Rules)
        {
            ConditionResult result = rule.Condition.Evaluate(turn.Scope.At(frame, effective));
            if (!result.Succeeded)
            {
                FailureRules.FailState(turn, frame, result.Error);
                return;
            }

            if (result.Matched)
            {
                Follow(turn, frame, state, effective, rule.Assign, rule.Output, rule.NextState);
                return;
            }
        }

        if (state.DefaultState == CompiledState.End)
        {
            // The specification names this States.NoChoiceMatched; Step Functions reports States.Runtime, and so do we.
            FailureRules.FailState(turn, frame, new StatesError(
                StatesErrorNames.Runtime, "Failed to transition out of the state. The state does not point to a next state."));
            return;
        }

        Follow(turn, frame, state, effective, state.Assign, state.Output, state.DefaultState);
    }

    private static void Follow(
        Turn turn, LiveFrame frame, CompiledChoice state, JsonValue effective, AssignTemplate? assign, ValueExpression? output, int next)
    {
        if (state.QueryLanguage == QueryLanguage.Jsonata)
        {
            DataFlow.LeaveByQueries(turn, frame, state, new EndValues(null, null, frame.Input), assign, output, next);
        }
        else if (DataFlow.TryEvaluateAssign(turn, frame, assign, effective, out JsonObject? assigned, out StatesError? problem))
        {
            DataFlow.LeaveWith(turn, frame, state, effective, assigned, next);
        }
        else
        {
            FailureRules.FailState(turn, frame, problem);
        }
    }
}
