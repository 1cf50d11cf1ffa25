using Lockstep.Asl.Resources;
using Lockstep.Azure.Ports;
using Lockstep.Service.Targets;

namespace Lockstep.TestKit.Azure.Crashes;

/// <summary>The tables as one process reaches them.</summary>
internal sealed class ProcessTables(WorkerProcess process, ITables tables) : ITables
{
    public ITable this[TableName name] => new ProcessTable(process, name.ToString(), tables[name]);

    private sealed class ProcessTable(WorkerProcess process, string name, ITable table) : ITable
    {
        public ValueTask<Entity?> FindAsync(EntityKey key, CancellationToken cancellation) =>
            process.CallAsync("find in " + name, () => table.FindAsync(key, cancellation));

        public ValueTask<EntityPage> QueryAsync(EntityRange range, int maxItems, string? continuation, CancellationToken cancellation) =>
            process.CallAsync("query of " + name, () => table.QueryAsync(range, maxItems, continuation, cancellation));

        public ValueTask<WriteOutcome> WriteAsync(IReadOnlyList<EntityWrite> writes, CancellationToken cancellation) =>
            process.CallAsync("write to " + name, () => table.WriteAsync(writes, cancellation));
    }
}

/// <summary>The container as one process reaches it.</summary>
internal sealed class ProcessBlobs(WorkerProcess process, IBlobs blobs) : IBlobs
{
    public ValueTask PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation) =>
        process.DoAsync("put of a blob", () => blobs.PutAsync(name, content, cancellation));

    public ValueTask<ReadOnlyMemory<byte>?> FindAsync(string name, CancellationToken cancellation) =>
        process.CallAsync("find of a blob", () => blobs.FindAsync(name, cancellation));

    public ValueTask DeleteAsync(string name, CancellationToken cancellation) =>
        process.DoAsync("delete of a blob", () => blobs.DeleteAsync(name, cancellation));

    public ValueTask<BlobPage> ListAsync(string prefix, int maxItems, string? continuation, CancellationToken cancellation) =>
        process.CallAsync("list of blobs", () => blobs.ListAsync(prefix, maxItems, continuation, cancellation));
}

/// <summary>Service Bus as one process sends to it.</summary>
internal sealed class ProcessMessages(WorkerProcess process, IMessages messages) : IMessages
{
    public ValueTask SendAsync(MessageRoute route, IReadOnlyList<OutgoingMessage> sent, CancellationToken cancellation) =>
        process.DoAsync("send to " + route, () => messages.SendAsync(route, sent, cancellation));
}

/// <summary>The vault as one process reaches it.</summary>
internal sealed class ProcessSecrets(WorkerProcess process, ISecrets secrets) : ISecrets
{
    public ValueTask<string?> FindAsync(string name, CancellationToken cancellation) =>
        process.CallAsync("find of a secret", () => secrets.FindAsync(name, cancellation));

    public ValueTask PutAsync(string name, string value, CancellationToken cancellation) =>
        process.DoAsync("put of a secret", () => secrets.PutAsync(name, value, cancellation));
}

/// <summary>The scheduler as the client of one process reaches it.</summary>
internal sealed class ProcessOrchestrations(WorkerProcess process, IOrchestrations orchestrations) : IOrchestrations
{
    public ValueTask ScheduleAsync(OrchestrationStart start, CancellationToken cancellation) =>
        process.DoAsync("scheduling", () => orchestrations.ScheduleAsync(start, cancellation));

    public ValueTask WakeAsync(string instanceId, CancellationToken cancellation) =>
        process.DoAsync("waking", () => orchestrations.WakeAsync(instanceId, cancellation));

    public ValueTask<bool> IsRunningAsync(string instanceId, CancellationToken cancellation) =>
        process.CallAsync("looking up an orchestration", () => orchestrations.IsRunningAsync(instanceId, cancellation));

    public ValueTask TerminateAsync(string instanceId, CancellationToken cancellation) =>
        process.DoAsync("terminating", () => orchestrations.TerminateAsync(instanceId, cancellation));

    public ValueTask PurgeAsync(string instanceId, CancellationToken cancellation) =>
        process.DoAsync("purging", () => orchestrations.PurgeAsync(instanceId, cancellation));
}

/// <summary>What tasks call, as one process calls it.</summary>
internal sealed class ProcessTargets(WorkerProcess process, ITaskTargets targets) : ITaskTargets
{
    public ITaskTarget? Find(TaskResource resource) => targets.Find(resource) is { } target ? new ProcessTarget(process, target) : null;

    private sealed class ProcessTarget(WorkerProcess process, ITaskTarget target) : ITaskTarget
    {
        public ValueTask<TaskOutcome> InvokeAsync(TaskInvocation invocation, CancellationToken cancellation) =>
            process.CallAsync("the effect", () => target.InvokeAsync(invocation, cancellation));
    }
}
