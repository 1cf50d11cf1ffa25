using Lockstep.Engine.State;

namespace Lockstep.Engine.Turns;

/// <summary>
/// What was inside a Parallel or Map state when it failed from inside: which frames it had open and what was done already, for a redrive. Kept within
/// the turn, until a Retrier or Catcher takes the failure or the execution ends with it.
/// </summary>
/// <param name="Join">What the state waited for.</param>
/// <param name="Frames">The frames that it had open, with all inside them.</param>
internal sealed record StoppedInside(Joining Join, List<Frame> Frames)
{
    /// <summary>What is inside a state, one frame of which has failed and not been closed yet.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="parent">The frame in the Parallel or Map state.</param>
    /// <param name="failed">The frame inside that failed, as it is kept; null when the state itself failed.</param>
    /// <param name="insideFailed">What was inside that frame; null for nothing.</param>
    public static StoppedInside? Of(Turn turn, LiveFrame parent, Frame? failed, StoppedInside? insideFailed)
    {
        if (parent.Join is not LiveJoin join)
        {
            return null;
        }

        var frames = new List<Frame>();
        if (failed is not null)
        {
            frames.Add(failed);
            frames.AddRange(insideFailed?.Frames ?? []);
        }

        foreach (KeyValuePair<long, long> open in join.Open.Entries())
        {
            if (open.Value != failed?.Id)
            {
                Collect(turn, turn.Load(open.Value), frames);
            }
        }

        return new StoppedInside(join.Save(), frames);
    }

    private static void Collect(Turn turn, LiveFrame frame, List<Frame> frames)
    {
        frames.Add(StoppedFrames.Of(frame.Save()));
        if (frame.Join is LiveJoin join)
        {
            foreach (KeyValuePair<long, long> open in join.Open.Entries())
            {
                Collect(turn, turn.Load(open.Value), frames);
            }
        }
    }
}
