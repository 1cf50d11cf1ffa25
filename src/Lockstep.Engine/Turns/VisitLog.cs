using Lockstep.Asl.Compiled;
using Lockstep.Engine.State;

namespace Lockstep.Engine.Turns;

/// <summary>The visits of states that a turn ends, for whoever asks for them. It changes nothing of the decision.</summary>
/// <param name="machine">The machine.</param>
/// <param name="ended">Takes the visits; null when nobody asks.</param>
internal sealed class VisitLog(CompiledMachine machine, List<StateVisit>? ended)
{
    /// <summary>Whether anybody asks.</summary>
    public bool AreWanted => ended is not null;

    /// <summary>The frame leaves its state.</summary>
    /// <param name="frame">The frame; it is in a state.</param>
    /// <param name="around">The frame that opened it; null for the machine's own.</param>
    /// <param name="outcome">How it leaves.</param>
    public void Ended(LiveFrame frame, LiveFrame? around, VisitOutcome outcome)
    {
        if (ended is not null)
        {
            CompiledState state = machine.States[frame.State];
            ended.Add(new StateVisit(
                state.Name, state.Type, frame.EnteredEventId, frame.EnteredTime, around?.EnteredEventId ?? 0, frame.Index, outcome));
        }
    }

    /// <summary>The execution ends with these frames still in their states.</summary>
    public void Aborted(List<Frame> open)
    {
        if (ended is null)
        {
            return;
        }

        var entered = open.ToDictionary(frame => frame.Id, frame => frame.EnteredEventId);
        foreach (Frame frame in open.Where(frame => frame.EnteredEventId != 0))
        {
            CompiledState state = machine.States[frame.State];
            ended.Add(new StateVisit(
                state.Name,
                state.Type,
                frame.EnteredEventId,
                frame.EnteredTime,
                entered.GetValueOrDefault(frame.Parent),
                frame.Index,
                VisitOutcome.Aborted));
        }
    }
}
