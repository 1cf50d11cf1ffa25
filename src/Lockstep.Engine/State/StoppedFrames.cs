using Lockstep.Engine.Commands;
using Lockstep.Engine.MapRuns;
using Lockstep.Json;

namespace Lockstep.Engine.State;

/// <summary>
/// What is kept of the frames of an execution that ends without success, for a redrive to go on with: where each of them was, and of Parallel and Map
/// states what was done already.
/// </summary>
internal static class StoppedFrames
{
    /// <summary>A frame as it is kept.</summary>
    /// <param name="frame">The frame when it failed or was given up.</param>
    /// <param name="failed">Whether it is what failed the execution.</param>
    public static Frame Of(Frame frame, bool failed = false) => frame with
    {
        // A map run takes its variables from its request.
        Variables = frame.Occupation is RunningMap ? JsonObject.Empty : frame.Variables,
        Occupation = frame.Occupation switch
        {
            Entering when frame.EnteredEventId == 0 => Entering.Instance,
            Joining joining => joining,
            RunningMap map => map.AtRest(),
            Stopped stopped => stopped,
            CallingTask { Command: InvokeTask command } when MapRunResources.IsRun(command.Resource) => new Stopped(failed, command),
            _ => new Stopped(failed, MapRun: null),
        },
    };

    /// <summary>The frames as a table by id.</summary>
    public static PersistentTable<Frame> ToTable(IEnumerable<Frame> frames)
    {
        PersistentTable<Frame>.Editor table = PersistentTable<Frame>.Empty.Edit();
        foreach (Frame frame in frames)
        {
            table.Set(frame.Id, frame);
        }

        return table.ToTable();
    }
}
