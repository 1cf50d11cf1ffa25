using Lockstep.Asl.Compiled;
using Lockstep.Engine.Turns;
using Lockstep.Json;

namespace Lockstep.Engine.Behaviours;

/// <summary>Succeed: ends its scope; the output is the effective input.</summary>
internal static class SucceedBehaviour
{
    public static void Run(Turn turn, LiveFrame frame, CompiledSucceed state)
    {
        if (DataFlow.TryEvaluate(turn, frame, state.InputPath, frame.Input, out JsonValue? effective))
        {
            DataFlow.LeaveWith(turn, frame, state, effective, null, CompiledState.End);
        }
    }
}
