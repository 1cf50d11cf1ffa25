using Lockstep.Asl.Compiled;
using Lockstep.Asl.Evaluation;
using Lockstep.Engine.Failures;
using Lockstep.Engine.Testing;
using Lockstep.Engine.Turns;
using Lockstep.Json;

namespace Lockstep.Engine.Behaviours;

/// <summary>Fail: ends its scope with an error and a cause, each of which may be absent. It is entered and never left.</summary>
internal static class FailBehaviour
{
    public static void Run(Turn turn, LiveFrame frame, CompiledFail state)
    {
        turn.Inspection?.Note(InspectedStep.AfterInputPath, frame.Input);
        if (TryText(turn, frame, state.Error, out string? error) && TryText(turn, frame, state.Cause, out string? cause))
        {
            FailureRules.Fail(turn, frame, new Failure(new StatesError(error, cause), FailureOrigin.State));
        }
    }

    private static bool TryText(Turn turn, LiveFrame frame, ValueExpression? expression, out string? text)
    {
        text = null;
        if (expression is null)
        {
            return true;
        }

        if (!DataFlow.TryEvaluate(turn, frame, expression, frame.Input, out JsonValue? value))
        {
            return false;
        }

        text = value is JsonString json ? json.Value : throw new InvalidOperationException("A compiled Error or Cause gives a string or an error.");
        return true;
    }
}
