using Lockstep.Asl;
using Lockstep.Asl.Compiled;
using Lockstep.Engine.Turns;
using Lockstep.Json;

namespace Lockstep.Engine.Behaviours;

/// <summary>Succeed: ends its scope; the output is the effective input, or <c>Output</c> of a JSONata state.</summary>
internal static class SucceedBehaviour
{
    public static void Run(Turn turn, LiveFrame frame, CompiledSucceed state)
    {
        if (state.QueryLanguage == QueryLanguage.Jsonata)
        {
            DataFlow.LeaveByQueries(turn, frame, state, new EndValues(null, null, frame.Input), null, state.Output, CompiledState.End);
        }
        else if (DataFlow.TryInput(turn, frame, state, out JsonValue? effective))
        {
            DataFlow.LeaveWith(turn, frame, state, effective, null, CompiledState.End);
        }
    }
}
