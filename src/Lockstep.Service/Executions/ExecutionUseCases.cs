using System.Globalization;
using Lockstep.Engine;
using Lockstep.Engine.History;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Limits;
using Lockstep.Service.MapRuns;
using Lockstep.Service.Naming;
using Lockstep.Service.Paging;
using Lockstep.Service.Redrives;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Executions;

/// <summary>Starting, stopping and reading executions.</summary>
public sealed class ExecutionUseCases(
    IStateMachineStore machines,
    IStateMachineVersionStore versions,
    IExecutionDriver driver,
    IExecutionReader reader,
    ArnFormat arns,
    ResourceNames names,
    PageTokens pages,
    ServiceLimits limits,
    TimeProvider time,
    Func<int, int> draw,
    IMapRunDriver? mapRuns = null)
{
    private readonly StartTargets _targets = new(machines, versions, draw);

    /// <summary>
    /// Starts an execution. A Standard one is idempotent by its name: the same name and input while it runs give the same answer. An
    /// Express one is new each time. Through whichever version or alias it is asked for again, the name keeps the version that the first start drew.
    /// </summary>
    /// <param name="tenant">On whose behalf.</param>
    /// <param name="stateMachine">
    /// The machine, whose newest revision is pinned; or <c>machine:version</c>; or <c>machine:alias</c>, which draws a version by its weights.
    /// </param>
    /// <param name="name">The execution's name; null to have one made up.</param>
    /// <param name="input">The input; null for an empty object.</param>
    /// <param name="parent">The task that starts it; null when none does.</param>
    /// <param name="cancellation">Ends the wait for the answer, not the execution.</param>
    /// <param name="traceParent">The span that starts it, as a W3C traceparent; null when there is none.</param>
    /// <param name="traceHeader">The X-Ray tracing header of the start; null when there is none.</param>
    public async ValueTask<Result<StartOutcome>> StartAsync(
        TenantId tenant,
        string stateMachine,
        string? name,
        JsonValue? input,
        ParentTask? parent,
        CancellationToken cancellation,
        string? traceParent = null,
        string? traceHeader = null)
    {
        Result<StartRequest> request = await PrepareAsync(tenant, stateMachine, name, input, cancellation);
        if (!request.Succeeded)
        {
            return request.Error;
        }

        return await driver.StartAsync(
            parent is null && traceParent is null && traceHeader is null
                ? request.Value
                : request.Value with { Parent = parent, TraceParent = traceParent, TraceHeader = traceHeader },
            cancellation);
    }

    /// <summary>
    /// Runs an Express execution to its end and answers with it, also when it failed or was timed out after MaxSyncSeconds. Where the host's calls
    /// may not take that long, the answer may be an execution that is still running and goes on.
    /// </summary>
    public async ValueTask<Result<ExecutionRecord>> StartSyncAsync(
        TenantId tenant,
        string stateMachine,
        string? name,
        JsonValue? input,
        CancellationToken cancellation,
        string? traceParent = null,
        string? traceHeader = null)
    {
        Result<StartRequest> request = await PrepareAsync(tenant, stateMachine, name, input, cancellation);
        if (!request.Succeeded)
        {
            return request.Error;
        }

        if (request.Value.Machine.Type != WorkflowType.Express)
        {
            return new ServiceError(
                ErrorCodes.StateMachineTypeNotSupported,
                $"\"{stateMachine}\" is a Standard state machine. Only Express ones can be started synchronously; start it and follow its stream instead.");
        }

        return await driver.StartSyncAsync(
            request.Value with { LongestRun = TimeSpan.FromSeconds(limits.MaxSyncSeconds), TraceParent = traceParent, TraceHeader = traceHeader }, cancellation);
    }

    /// <summary>Finds an execution.</summary>
    public async ValueTask<Result<ExecutionRecord>> DescribeAsync(ExecutionKey key, CancellationToken cancellation) =>
        await reader.FindAsync(key, cancellation) is { } execution
            ? execution with
            {
                Redrive = RedriveRules.Of(limits).Judge(execution, time.GetUtcNow()),
                IsPendingRedrive = await IsPendingRedriveAsync(execution, cancellation),
            }
            : ExecutionIds.DoesNotExist();

    /// <summary>Whether it is a child that the redrive of its map run has not come to.</summary>
    private async ValueTask<bool> IsPendingRedriveAsync(ExecutionRecord execution, CancellationToken cancellation) =>
        mapRuns is not null && execution.IsPartOfMapRun && MapRunChildFilter.Unsuccessful.Contains(execution.Status)
        && await mapRuns.FindAsync(MapRunNames.RunOf(execution.Key), cancellation) is { Status: ExecutionStatus.Running } run
        && MapRunChildFilter.IsPending(execution.Status, execution.StoppedAt, run.RedrivenAt);

    /// <summary>The state machine that an execution runs, in the revision that it pins.</summary>
    public async ValueTask<Result<StateMachineRecord>> DescribeStateMachineAsync(ExecutionKey key, CancellationToken cancellation) =>
        await reader.FindAsync(key, cancellation) is { } execution
        && await machines.FindRevisionAsync(key.Tenant, execution.StateMachineName, execution.RevisionId, cancellation) is { } machine
            ? machine
            : ExecutionIds.DoesNotExist();

    /// <summary>Lists a tenant's executions, newest first.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="stateMachine">
    /// Only those of a machine, or of <c>machine:version</c>, or those started through <c>machine:alias</c>; null for all.
    /// </param>
    /// <param name="status">Only those with a status; null for all.</param>
    /// <param name="asked">The page.</param>
    /// <param name="cancellation">Gives up.</param>
    public async ValueTask<Result<Page<ExecutionRecord>>> ListAsync(
        TenantId tenant, string? stateMachine, ExecutionStatus? status, ListRequest asked, CancellationToken cancellation)
    {
        var filter = new ExecutionFilter(null, status);
        if (stateMachine is not null)
        {
            Result<StateMachineReference> reference = StateMachineReference.Read(names, stateMachine, "stateMachine");
            if (!reference.Succeeded)
            {
                return reference.Error;
            }

            filter = new ExecutionFilter(reference.Value.Name, status) { Version = reference.Value.Version, Alias = reference.Value.Alias };
        }

        string query = $"executions\n{stateMachine}\n{status}";
        return await pages.ListAsync(tenant, query, asked, page => reader.ListAsync(tenant, filter, page, cancellation));
    }

    /// <summary>
    /// Lists the executions of one machine, which has to exist; or of <c>machine:version</c> or <c>machine:alias</c>, which may be deleted already.
    /// </summary>
    public async ValueTask<Result<Page<ExecutionRecord>>> ListOfMachineAsync(
        TenantId tenant, string stateMachine, ExecutionStatus? status, ListRequest asked, CancellationToken cancellation)
    {
        Result<StateMachineReference> reference = StateMachineReference.Read(names, stateMachine, "name");
        if (!reference.Succeeded)
        {
            return reference.Error;
        }

        return await machines.FindAsync(tenant, reference.Value.Name, cancellation) is null
            ? StateMachineUseCases.DoesNotExist(reference.Value.Name)
            : await ListAsync(tenant, stateMachine, status, asked, cancellation);
    }

    /// <summary>Stops an execution; one that has ended stays as it is.</summary>
    public async ValueTask<Result<ExecutionRecord>> StopAsync(ExecutionKey key, string? error, string? cause, CancellationToken cancellation)
    {
        if (ReportTexts.Check(error, cause, limits) is { } tooLong)
        {
            return tooLong;
        }

        return await driver.StopAsync(key, error, cause, cancellation);
    }

    /// <summary>Reads history, oldest first or newest first.</summary>
    public async ValueTask<Result<Page<HistoryEvent>>> HistoryAsync(
        ExecutionKey key, bool reverse, ListRequest asked, CancellationToken cancellation)
    {
        string query = $"history\n{key.Id}\n{reverse}";
        Result<PageRequest> page = pages.Open(key.Tenant, query, asked);
        if (!page.Succeeded)
        {
            return page.Error;
        }

        return await reader.ReadHistoryAsync(key, reverse, page.Value, cancellation) is { } history
            ? pages.Seal(key.Tenant, query, history)
            : ExecutionIds.DoesNotExist();
    }

    /// <summary>Reads the history after an event that the caller has seen, oldest first, without a token: for streams.</summary>
    public async ValueTask<Result<Page<HistoryEvent>>> HistoryAfterAsync(ExecutionKey key, long afterEventId, CancellationToken cancellation)
    {
        var page = new PageRequest(limits.MaxPageSize, afterEventId.ToString(CultureInfo.InvariantCulture)) { MaxBytes = limits.MaxPageBytes };
        return await reader.ReadHistoryAsync(key, reverse: false, page, cancellation) is { } history ? history : ExecutionIds.DoesNotExist();
    }

    /// <summary>The failure of opening one execution more than a tenant may have open.</summary>
    internal static ServiceError TooManyOpen(ServiceLimits limits) => new(
        ErrorCodes.ExecutionLimitExceeded,
        string.Create(CultureInfo.InvariantCulture, $"The tenant has {limits.MaxOpenExecutions} open executions, which is its limit. Let some end, or stop them."));

    private async ValueTask<Result<StartRequest>> PrepareAsync(
        TenantId tenant, string stateMachine, string? name, JsonValue? input, CancellationToken cancellation)
    {
        Result<StateMachineReference> reference = StateMachineReference.Read(names, stateMachine, "stateMachine");
        if (!reference.Succeeded)
        {
            return reference.Error;
        }

        if (name is not null && names.Check(name, "/name") is { } badName)
        {
            return badName;
        }

        JsonValue payload = input ?? JsonObject.Empty;
        if (payload.Utf8Length > limits.MaxPayloadBytes)
        {
            return new ServiceError(
                ErrorCodes.PayloadTooLarge,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The input has {payload.Utf8Length} bytes as compact JSON; {limits.MaxPayloadBytes} are allowed. Pass large data by reference."))
            {
                Target = "/input",
            };
        }

        Result<StartTarget> target = await _targets.FindAsync(tenant, reference.Value, cancellation);
        if (!target.Succeeded)
        {
            return target.Error;
        }

        if (await reader.CountOpenAsync(tenant, cancellation) >= limits.MaxOpenExecutions)
        {
            return TooManyOpen(limits);
        }

        return StartRequest.For(arns, target.Value.Machine, name ?? NewName(), payload) with
        {
            Version = target.Value.Version,
            Alias = target.Value.Alias,
        };
    }

    /// <summary>A name that nobody else has. Names ascend with time, so that a store's index of them grows at its end instead of all over.</summary>
    private string NewName() => Guid.CreateVersion7(time.GetUtcNow()).ToString();
}
