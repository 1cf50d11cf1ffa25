using Lockstep.Asl.Compiled;
using Lockstep.Engine.Turns;
using Lockstep.Json;

namespace Lockstep.Engine.Behaviours;

/// <summary>Pass: its result is the fixed <c>Result</c>, else the shaped input. Entered and left in one go.</summary>
internal static class PassBehaviour
{
    public static void Run(Turn turn, LiveFrame frame, CompiledPass state)
    {
        if (DataFlow.TryEvaluate(turn, frame, state.InputPath, frame.Input, out JsonValue? effective)
            && DataFlow.TryEvaluate(turn, frame, state.Parameters, effective, out JsonValue? shaped))
        {
            DataFlow.Leave(turn, frame, state, state.Result ?? shaped, state.ResultPath);
        }
    }
}
