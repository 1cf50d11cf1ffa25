using Lockstep.Asl.Evaluation;
using Lockstep.Engine.Commands;
using Lockstep.Engine.MapRuns;
using Lockstep.Engine.State;
using Lockstep.Json;

namespace Lockstep.Engine.Turns;

/// <summary>The working copy of a <see cref="RunningMap"/>, with the request that it serves.</summary>
internal sealed class LiveMapRun
{
    public LiveMapRun(MapRunRequest request, RunningMap saved)
    {
        Request = request;
        Stage = saved.Stage;
        Settings = saved.Settings;
        Source = saved.Source;
        Items = saved.Items;
        Executions = saved.Executions;
        Children = saved.Children;
        Open = saved.Open.Edit();
        Call = saved.Call;
        Error = saved.Error;
        Collected = saved.Collected;
        Past = saved.Past;
    }

    public MapRunRequest Request { get; }

    public MapRunStage Stage { get; set; }

    public MapRunSettings Settings { get; set; }

    public ItemSource Source { get; set; }

    public MapRunCounts Items { get; set; }

    public MapRunCounts Executions { get; set; }

    public long Children { get; set; }

    public PersistentTable<OpenChild>.Editor Open { get; }

    public InvokeTask? Call { get; set; }

    public StatesError? Error { get; set; }

    public JsonArray Collected { get; set; }

    /// <summary>The children of before a redrive that it has not come to; null when there are none.</summary>
    public PastChildren? Past { get; set; }

    /// <summary>Children that may run at a time.</summary>
    public long Width
    {
        get
        {
            long most = Request.MostConcurrency ?? DefaultMostConcurrency;
            return Settings.MaxConcurrency > 0 ? Math.Min(Settings.MaxConcurrency, most) : most;
        }
    }

    /// <summary>Items that are read at a time.</summary>
    public long ItemsAtOnce => Request.ItemsAtOnce ?? DefaultItemsAtOnce;

    /// <summary>Whether more items have failed than is put up with. The share is known only when all items are.</summary>
    public bool ExceedsTolerance
    {
        get
        {
            long failed = Items.Unsuccessful;
            if (failed == 0)
            {
                return false;
            }

            if (Settings.ToleratedFailureCount is null && Settings.ToleratedFailurePercentage is null)
            {
                return true;
            }

            double total = Items.Total + Source.Pending;
            return failed > (Settings.ToleratedFailureCount ?? long.MaxValue)
                || (Source.IsDone && Settings.ToleratedFailurePercentage is JsonNumber share && failed * 100.0 > share.ToDouble() * total);
        }
    }

    // As AWS has it, for runs that no service has bounded.
    private const long DefaultMostConcurrency = 10_000;
    private const long DefaultItemsAtOnce = 1_000;

    public static LiveMapRun Begin(MapRunRequest request) => new(request, new RunningMap(
        MapRunStage.Running,
        request.Settings,
        new ItemSource(null, null, request.Items is not null, request.Items ?? JsonArray.Empty, 0, 0)
        {
            Origins = request.Items is null ? JsonArray.Empty : ItemOrigins.Of(request.Items.Count, ItemOrigins.StateData, request.AreMembers),
        },
        MapRunCounts.None,
        MapRunCounts.None,
        0,
        PersistentTable<OpenChild>.Empty,
        null,
        null,
        JsonArray.Empty));

    public RunningMap Save() => new(Stage, Settings, Source, Items, Executions, Children, Open.ToTable(), Call, Error, Collected) { Past = Past };
}
