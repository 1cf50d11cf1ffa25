using Lockstep.Engine;
using Lockstep.Engine.History;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Paging;
using Lockstep.Service.Redrives;
using Lockstep.Service.Tenancy;

namespace Lockstep.Targets.Tests.Fakes;

/// <summary>Executions that start and go no further: driver and reader in one, with the driver's rules for names.</summary>
internal sealed class MemoryExecutions : IExecutionDriver, IExecutionReader
{
    private readonly Dictionary<ExecutionKey, (ExecutionRecord Record, StartRequest Request)> _executions = [];

    public List<StartRequest> Started { get; } = [];

    public void End(ExecutionKey key) =>
        _executions[key] = (_executions[key].Record with { Status = ExecutionStatus.Succeeded, Output = "{}" }, _executions[key].Request);

    public ValueTask<Result<StartOutcome>> StartAsync(StartRequest request, CancellationToken cancellation)
    {
        foreach ((ExecutionRecord record, StartRequest earlier) in _executions.Values)
        {
            if (request.Parent is not null && earlier.Parent == request.Parent)
            {
                return ValueTask.FromResult<Result<StartOutcome>>(new StartOutcome(record, Created: false));
            }
        }

        if (_executions.TryGetValue(request.Key, out (ExecutionRecord Record, StartRequest Request) existing))
        {
            bool idempotent = existing.Record.Status == ExecutionStatus.Running && existing.Request.Input.Equals(request.Input);
            Result<StartOutcome> answer = idempotent
                ? new StartOutcome(existing.Record, Created: false)
                : new ServiceError(ErrorCodes.ExecutionAlreadyExists, "There is one already.");
            return ValueTask.FromResult(answer);
        }

        var started = new ExecutionRecord
        {
            Key = request.Key,
            Arn = request.ExecutionArn,
            Name = request.Name,
            StateMachineName = request.Machine.Name,
            StateMachineArn = request.StateMachineArn,
            RevisionId = request.Machine.RevisionId,
            Type = request.Machine.Type,
            Status = ExecutionStatus.Running,
            StartedAt = DateTimeOffset.UnixEpoch.AddMilliseconds(1_234),
            Input = request.Input.ToString(),
        };
        _executions[request.Key] = (started, request);
        Started.Add(request);
        return ValueTask.FromResult<Result<StartOutcome>>(new StartOutcome(started, Created: true));
    }

    public ValueTask<ExecutionRecord?> FindAsync(ExecutionKey key, CancellationToken cancellation) =>
        ValueTask.FromResult(_executions.TryGetValue(key, out (ExecutionRecord Record, StartRequest Request) found) ? found.Record : null);

    public ValueTask<long> CountOpenAsync(TenantId tenant, CancellationToken cancellation) => ValueTask.FromResult(0L);

    public ValueTask<Result<ExecutionRecord>> StartSyncAsync(StartRequest request, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask<Result<ExecutionRecord>> StopAsync(ExecutionKey key, string? error, string? cause, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask<Result<RedriveOutcome>> RedriveAsync(RedriveRequest request, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<Result<Accepted>> DeliverAsync(TaskTokenClaims task, TaskReport report, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask<Page<ExecutionRecord>> ListAsync(TenantId tenant, ExecutionFilter filter, PageRequest page, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask<Page<HistoryEvent>?> ReadHistoryAsync(ExecutionKey key, bool reverse, PageRequest page, CancellationToken cancellation) =>
        throw new NotSupportedException();
}
