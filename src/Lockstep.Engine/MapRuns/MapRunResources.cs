using Lockstep.Asl.Resources;

namespace Lockstep.Engine.MapRuns;

/// <summary>
/// What a Map state in DISTRIBUTED mode and its map run call. No definition can name these: no catalog knows them. Each starts or does something that
/// has the same effect when it is repeated.
/// </summary>
public static class MapRunResources
{
    private const string Service = "states";

    /// <summary>Starts a map run; its end is the outcome. Called by the Map state with a <see cref="MapRunRequest"/>.</summary>
    public static TaskResource Run { get; } = Of("mapRun", IntegrationPattern.Sync);

    /// <summary>Starts a child of a map run; its end is the outcome. Called by the map run with a <see cref="MapChildRequest"/>.</summary>
    public static TaskResource Child { get; } = Of("mapRunChild", IntegrationPattern.Sync);

    /// <summary>Reads the next items. Called by the map run with an <see cref="ItemsRequest"/>, answered with an <see cref="ItemsAnswer"/>.</summary>
    public static TaskResource Read { get; } = Of("mapRunRead", IntegrationPattern.RequestResponse);

    /// <summary>Finds children of before that did not succeed. Called by a redriven map run with a <see cref="PastChildrenRequest"/>.</summary>
    public static TaskResource Past { get; } = Of("mapRunPast", IntegrationPattern.RequestResponse);

    /// <summary>Writes or collects the results. Called by the map run with a <see cref="ResultsRequest"/>, answered with a <see cref="ResultsAnswer"/>.</summary>
    public static TaskResource Results { get; } = Of("mapRunResults", IntegrationPattern.RequestResponse);

    /// <summary>Whether the call is one of these.</summary>
    public static bool IsOne(TaskResource resource) => Is(resource, Run) || Is(resource, Child) || Is(resource, Read) || Is(resource, Results) || Is(resource, Past);

    /// <summary>Whether the call starts a map run.</summary>
    public static bool IsRun(TaskResource resource) => Is(resource, Run);

    /// <summary>Whether the call starts a child of a map run.</summary>
    public static bool IsChild(TaskResource resource) => Is(resource, Child);

    private static bool Is(TaskResource resource, TaskResource one) => resource.Service == Service && resource.Action == one.Action;

    private static TaskResource Of(string action, IntegrationPattern pattern)
    {
        string name = action + TaskResourceParser.SuffixOf(pattern);
        return new TaskResource($"arn:aws:states:::{Service}:{name}", ResourceKind.Service, Service, name, pattern);
    }
}
