using Lockstep.Asl.Compiled;
using Lockstep.Engine.Turns;
using Lockstep.Json;

namespace Lockstep.Engine.Behaviours;

/// <summary>Pass: its result is the fixed <c>Result</c>, else the shaped input. Entered and left in one go.</summary>
internal static class PassBehaviour
{
    public static void Run(Turn turn, LiveFrame frame, CompiledPass state)
    {
        if (DataFlow.TryInput(turn, frame, state, out JsonValue? effective)
            && DataFlow.TryShape(turn, frame, state.Parameters, effective, out JsonValue? shaped))
        {
            JsonValue result = state.Result ?? shaped;
            turn.Inspection?.NotePass(result, isFixed: state.Result is not null);
            DataFlow.Leave(turn, frame, state, result, state.ResultPath);
        }
    }
}
