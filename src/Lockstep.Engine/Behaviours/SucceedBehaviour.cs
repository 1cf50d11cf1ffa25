using Lockstep.Asl.Compiled;
using Lockstep.Engine.Turns;
using Lockstep.Json;

namespace Lockstep.Engine.Behaviours;

/// <summary>Succeed: ends its scope; the output is the effective input.</summary>
internal static class SucceedBehaviour
{
    public static void Run(Turn turn, LiveFrame frame, CompiledSucceed state)
    {
        if (DataFlow.TryInput(turn, frame, state, out JsonValue? effective))
        {
            DataFlow.LeaveWith(turn, frame, state, effective, null, CompiledState.End);
        }
    }
}
