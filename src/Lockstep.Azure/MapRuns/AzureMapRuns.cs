using Lockstep.Asl.Compiled;
using Lockstep.Azure.Callbacks;
using Lockstep.Azure.Driver;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Ledger;
using Lockstep.Azure.Listings;
using Lockstep.Azure.Orchestration;
using Lockstep.Engine;
using Lockstep.Engine.MapRuns;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.MapRuns;
using Lockstep.Service.Naming;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;

namespace Lockstep.Azure.MapRuns;

/// <summary>
/// Map runs and their children are executions like any other: the same ledger, orchestrations, workers and recovery serve them. What they run is a part
/// of the revision that the execution of the Map state pins.
/// </summary>
internal sealed class AzureMapRuns(MapRunParts parts) : IMapRunDriver
{
    /// <inheritdoc/>
    public async ValueTask<Result<Accepted>> StartRunAsync(
        ExecutionKey execution, CommandId task, MapRunRequest request, string? traceParent, CancellationToken cancellation)
    {
        if (await FindParentAsync(execution, cancellation) is not (var parent, var revision) || parent.Record.Type == WorkflowType.Express)
        {
            return DriverErrors.NoParent(execution);
        }

        ExecutionKey key = MapRunNames.OfRun(execution, request.Label, request.Name);
        var waiting = new ParentTask(execution, task, Waits: true);
        if (request.Redrives > 0 && await parts.Redrives.RedriveAsync(key, waiting, cancellation) is { } redriven)
        {
            return redriven;
        }

        var start = new StartRequest(key.Tenant, revision, request.Name, request.Json)
        {
            Key = key,
            ExecutionArn = request.Arn,
            StateMachineArn = parts.Arns.StateMachine(key.Tenant, revision.Name),
            Part = new ExecutionPart(ExecutionKind.MapRun, request.MapState),
            Parent = waiting,
            TraceParent = traceParent,
        };
        return await StartAsync(start, WorkflowType.Standard, cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<Result<Accepted>> StartChildAsync(
        ExecutionKey run, CommandId task, MapChildRequest request, string? traceParent, CancellationToken cancellation)
    {
        if (await FindParentAsync(run, cancellation) is not (var parent, var revision))
        {
            return DriverErrors.NoParent(run);
        }

        var map = (CompiledMap)parts.Compiled.Get(revision.Definition).States[parent.Part.MapState];
        WorkflowType type = map.ChildType == Asl.WorkflowType.Express ? WorkflowType.Express : WorkflowType.Standard;
        string name = MapRunNames.OfChild(run, request.Index);
        string machine = MapRunNames.LabelledMachineOf(run);
        string? runId = type == WorkflowType.Express ? name : null;
        var key = ExecutionKey.Of(run.Tenant, machine, name, runId);
        var waiting = new ParentTask(run, task, Waits: true);
        if (request.IsRedriven && await parts.Redrives.RedriveAsync(key, waiting, cancellation) is { } redriven)
        {
            return redriven;
        }

        if (request.IsStored)
        {
            return DriverErrors.NotRedrivable("Execution is no longer stored");
        }

        var start = new StartRequest(run.Tenant, revision, name, request.Input)
        {
            Key = key,
            ExecutionArn = parts.Arns.Execution(run.Tenant, machine, name, runId),
            StateMachineArn = parts.Arns.StateMachine(run.Tenant, machine),
            StateMachineName = machine,
            Part = new ExecutionPart(ExecutionKind.MapChild, parent.Part.MapState),
            Parent = waiting,
            TraceParent = traceParent,
        };
        return await StartAsync(start, type, cancellation, map.Distributed?.Batcher is null ? null : MapRunChildFilter.ItemsOfBatch(request.Input));
    }

    /// <inheritdoc/>
    public async ValueTask<ExecutionRecord?> FindChildAsync(ExecutionKey run, long index, CancellationToken cancellation)
    {
        string name = MapRunNames.OfChild(run, index);
        string machine = MapRunNames.LabelledMachineOf(run);
        return ((await parts.Ledger.FindAsync(ExecutionKey.Of(run.Tenant, machine, name, expressRunId: null), cancellation))
            ?? await parts.Ledger.FindAsync(ExecutionKey.Of(run.Tenant, machine, name, name), cancellation))?.Record;
    }

    /// <inheritdoc/>
    public async ValueTask<PastChildrenAnswer?> FindPastChildrenAsync(ExecutionKey run, PastChildrenRequest request, CancellationToken cancellation) =>
        await parts.Ledger.FindAsync(run, cancellation) is { MapRun: not null } ? await parts.Children.FindPastAsync(run, request, cancellation) : null;

    /// <inheritdoc/>
    public async ValueTask<Page<ExecutionRecord>?> ListChildrenAsync(
        ExecutionKey run, MapRunChildFilter filter, PageRequest page, CancellationToken cancellation)
    {
        if (await parts.Ledger.FindAsync(run, cancellation) is not { MapRun: not null } found)
        {
            return null;
        }

        DateTimeOffset? redriven = found.Record.Status == ExecutionStatus.Running ? found.Record.RedrivenAt : null;
        return await parts.Children.ListAsync(run, filter, redriven, page, cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<MapRunRecord?> FindAsync(ExecutionKey run, CancellationToken cancellation) =>
        await parts.Ledger.FindAsync(run, cancellation) is { MapRun: not null } found ? Show(found) : null;

    /// <inheritdoc/>
    public async ValueTask<Page<MapRunRecord>?> ListAsync(ExecutionKey execution, PageRequest page, CancellationToken cancellation) =>
        await parts.Rows.ListAsync(execution, page, cancellation) is { } found
            ? new Page<MapRunRecord>([.. found.Items.Select(Show)], found.Next)
            : null;

    /// <inheritdoc/>
    public async ValueTask<Result<MapRunRecord>> UpdateAsync(ExecutionKey run, MapRunChange change, CancellationToken cancellation)
    {
        LedgerHead? found = await parts.Ledger.FindAsync(run, cancellation);
        if (found is not { MapRun: not null })
        {
            return MapRunUseCases.DoesNotExist();
        }

        if (found.Quarantine is not null)
        {
            return DriverErrors.Quarantined(run);
        }

        // The intent is there before the item, so the sweep wakes a map run whose updater died between the two.
        await parts.Inbox.AnnounceAsync(run, cancellation);
        if (await parts.Rows.UpdateAsync(run, change, parts.Time.GetUtcNow(), cancellation) is not (var item, var settings))
        {
            return MapRunUseCases.HasEnded();
        }

        await parts.Inbox.WakeAsync(run);
        return await WaitAsync(run, item, settings, cancellation);
    }

    /// <summary>
    /// Looks until a turn has taken the change in, or the time is up. It is durable in the inbox by then, so it shows what the map run will run under.
    /// </summary>
    private ValueTask<Result<MapRunRecord>> WaitAsync(ExecutionKey run, string item, MapRunSettings settings, CancellationToken cancellation) =>
        RepeatedLook.UntilAsync<MapRunRecord>(
            parts.Time,
            parts.Options.StopWait,
            async isLast =>
            {
                bool waits = await parts.Rows.IsWaitingAsync(run, item, cancellation);
                return await FindAsync(run, cancellation) switch
                {
                    null => MapRunUseCases.DoesNotExist(),
                    { } shown when !waits => shown,
                    { Status: not ExecutionStatus.Running } => MapRunUseCases.HasEnded(),
                    { } shown when isLast => shown with { Progress = shown.Progress with { Settings = settings } },
                    _ => default(Result<MapRunRecord>?),
                };
            },
            cancellation);

    private async ValueTask<Result<Accepted>> StartAsync(StartRequest request, WorkflowType type, CancellationToken cancellation, long? items = null)
    {
        DateTimeOffset now = parts.Time.GetUtcNow();
        var start = new Started(now, request.NewIdentity(parts.Tokens.CurrentKeyId), request.Input, parts.ExecutionLimits);
        var execution = new NewExecution(request.NewRecord(now) with { Type = type, Input = request.Input.ToString(), ItemCount = items }, start, request.Parent)
        {
            Part = request.Part,
        };
        Result<StartOutcome> outcome = await parts.Starts.CreateAsync(request, execution, cancellation);
        return outcome.Succeeded ? default(Accepted) : outcome.Error;
    }

    private async ValueTask<(LedgerHead Parent, StateMachineRecord Revision)?> FindParentAsync(ExecutionKey key, CancellationToken cancellation) =>
        await parts.Ledger.FindAsync(key, cancellation) is { Record.Status: ExecutionStatus.Running } parent
            && await parts.Machines.FindPinnedAsync(parent.Record, cancellation) is { } revision
            ? (parent, revision)
            : null;

    private MapRunRecord Show(LedgerHead run)
    {
        ExecutionKey parent = run.Parent?.Execution ?? throw new InvalidOperationException($"Map run '{run.Record.Key.Id}' serves no execution.");
        string[] names = parent.Id.Split(':');
        return new MapRunRecord
        {
            Key = run.Record.Key,
            Arn = run.Record.Arn,
            Status = run.Record.Status,
            StartedAt = run.Record.StartedAt,
            StoppedAt = run.Record.StoppedAt,
            RedriveCount = run.Record.RedriveCount,
            RedrivenAt = run.Record.RedrivenAt,
            Progress = run.MapRun ?? throw new InvalidOperationException($"Execution '{run.Record.Key.Id}' is no map run."),
            ExecutionArn = parts.Arns.Execution(parent.Tenant, names[0], names[1], names.Length > 2 ? names[2] : null),
            StateMachineArn = parts.Arns.StateMachine(parent.Tenant, names[0]),
        };
    }
}

/// <summary>What map runs work with.</summary>
/// <param name="Ledger">The truth about executions.</param>
/// <param name="Rows">What the rows say of map runs.</param>
/// <param name="Children">What lists show of the children of map runs.</param>
/// <param name="Redrives">Redrives map runs and their children.</param>
/// <param name="Machines">Where definitions are.</param>
/// <param name="Compiled">Compiles definitions.</param>
/// <param name="Starts">Adds executions and has them run.</param>
/// <param name="Inbox">Wakes executions.</param>
/// <param name="Tokens">Names the key that signs the tokens of new executions.</param>
/// <param name="ExecutionLimits">The limits that new executions get for life.</param>
/// <param name="Options">How long a change waits.</param>
/// <param name="Arns">Forms ARNs.</param>
/// <param name="Time">The clock.</param>
internal sealed record MapRunParts(
    IExecutionLedger Ledger,
    LedgerMapRuns Rows,
    ChildListings Children,
    PartRedrives Redrives,
    IStateMachineStore Machines,
    CompiledMachines Compiled,
    ExecutionStarts Starts,
    InboxDelivery Inbox,
    ITaskTokens Tokens,
    ExecutionLimits ExecutionLimits,
    DriverOptions Options,
    ArnFormat Arns,
    TimeProvider Time);
