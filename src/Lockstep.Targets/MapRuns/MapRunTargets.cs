using Lockstep.Asl.Resources;
using Lockstep.Engine.MapRuns;
using Lockstep.Service.Limits;
using Lockstep.Service.MapRuns;
using Lockstep.Service.Objects;
using Lockstep.Service.Targets;
using Lockstep.Targets.MapRuns.Reading;

namespace Lockstep.Targets;

/// <summary>What Map states in DISTRIBUTED mode call (<see cref="MapRunResources"/>): starting map runs and children, reading items, writing results.</summary>
/// <param name="runs">Who runs map runs and their children.</param>
/// <param name="objects">Where items are read and results are written.</param>
/// <param name="limits">What a map run may take at a time.</param>
/// <param name="time">The clock.</param>
public sealed class MapRunTargets(IMapRunDriver runs, IObjectStore objects, ServiceLimits limits, TimeProvider time)
{
    private readonly OpenFiles _open = new(limits.MaxMapRunOpenFiles, TimeSpan.FromSeconds(limits.MapRunOpenFileSeconds), time);

    /// <summary>Each call with who carries it out.</summary>
    internal IEnumerable<(TaskResource Resource, ITaskTarget Target)> All
    {
        get
        {
            var starts = new MapRuns.MapRunTarget(runs, limits, time);
            yield return (MapRunResources.Run, starts);
            yield return (MapRunResources.Child, starts);
            yield return (MapRunResources.Read, new MapRuns.ItemsTarget(objects, _open, limits.MaxPayloadBytes));
            yield return (MapRunResources.Past, new MapRuns.PastChildrenTarget(runs));
            yield return (MapRunResources.Results, new MapRuns.ResultsTarget(runs, objects, limits.MaxMapRunResultsAtOnce));
        }
    }
}
