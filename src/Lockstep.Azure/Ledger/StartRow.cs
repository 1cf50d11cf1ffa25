using Lockstep.Azure.Executions;
using Lockstep.Azure.Ports;
using Lockstep.Engine;
using Lockstep.Engine.Codec;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Telemetry;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.Ledger;

/// <summary>
/// How an execution begins, as a row: in the execution's own partition, and in the partition of the parent whose task starts it, where the
/// first one decides what the task's child is.
/// </summary>
internal sealed class StartRow(Bodies bodies)
{
    private const string Id = "Id";
    private const string Arn = "Arn";
    private const string Name = "Name";
    private const string Machine = "Machine";
    private const string MachineArn = "MachineArn";
    private const string Revision = "Revision";
    private const string Version = "Version";
    private const string Alias = "Alias";
    private const string Type = "Type";
    private const string Body = "Start";
    private const string ParentTenant = "ParentTenant";
    private const string ParentId = "ParentId";
    private const string ParentTask = "ParentTask";
    private const string ParentWaits = "ParentWaits";
    private const string Kind = "Kind";
    private const string MapState = "MapState";
    private const string Items = "Items";

    /// <summary>The row, its body written where it takes a blob.</summary>
    public async ValueTask<Entity> ToEntityAsync(EntityKey key, NewExecution execution, CancellationToken cancellation)
    {
        ExecutionRecord record = execution.Record;
        Entity entity = new Entity(key)
            .With(Id, record.Key.Id)
            .With(Arn, record.Arn)
            .With(Name, record.Name)
            .With(Machine, record.StateMachineName)
            .With(MachineArn, record.StateMachineArn)
            .With(Revision, record.RevisionId)
            .With(Version, record.Version)
            .With(Alias, record.Alias)
            .With(Type, (long)record.Type)
            .With(Kind, execution.Part.Kind == ExecutionKind.Machine ? null : (long)execution.Part.Kind)
            .With(MapState, execution.Part.Kind == ExecutionKind.Machine ? null : (long)execution.Part.MapState)
            .With(Items, record.ItemCount);
        if (execution.Parent is { } parent)
        {
            entity = entity
                .With(ParentTenant, parent.Execution.Tenant.Value)
                .With(ParentId, parent.Execution.Id)
                .With(ParentTask, parent.Task.Ordinal)
                .With(ParentWaits, parent.Waits);
        }

        return await bodies.AddAsync(entity, Body, StimulusBytes.Of(execution.Start), record.Key, "start", cancellation);
    }

    /// <summary>Reads the row.</summary>
    public async ValueTask<NewExecution> ReadAsync(TenantId tenant, Entity entity, CancellationToken cancellation)
    {
        var start = StimulusBytes.Read(await bodies.ReadAsync(entity, Body, cancellation)) as Started
            ?? throw new CorruptRecordException("An execution does not begin with its start.");
        var record = new ExecutionRecord
        {
            Key = new ExecutionKey(tenant, entity.Get<string>(Id)),
            Arn = entity.Get<string>(Arn),
            Name = entity.Get<string>(Name),
            StateMachineName = entity.Get<string>(Machine),
            StateMachineArn = entity.Get<string>(MachineArn),
            RevisionId = entity.Get<string>(Revision),
            Version = entity.TryGet(Version, out long version) ? version : null,
            Alias = entity.TryGet<string>(Alias, out string? alias) ? alias : null,
            Type = (WorkflowType)entity.Get<long>(Type),
            Status = ExecutionStatus.Running,
            StartedAt = start.Time,
            Input = start.Input.ToString(),
            ItemCount = entity.TryGet(Items, out long items) ? items : null,
            TraceHeader = TraceOrigin.Read(start.Identity.TraceParent).Header,
        };
        return new NewExecution(record, start, ReadParent(entity)) { Part = ReadPart(entity) };
    }

    /// <summary>A row that only names an execution.</summary>
    public static Entity ToName(EntityKey place, ExecutionKey execution) => new Entity(place).With(Id, execution.Id);

    /// <summary>The id of the execution that a row is about.</summary>
    public static string IdOf(Entity entity) => entity.Get<string>(Id);

    private static ExecutionPart ReadPart(Entity entity) => entity.TryGet(Kind, out long kind)
        ? new ExecutionPart((ExecutionKind)kind, (int)entity.Get<long>(MapState))
        : default;

    private static ParentTask? ReadParent(Entity entity)
    {
        if (!entity.TryGet<string>(ParentId, out var id))
        {
            return null;
        }

        return TenantId.TryParse(entity.Get<string>(ParentTenant), out TenantId tenant)
            ? new ParentTask(new ExecutionKey(tenant, id), new CommandId(entity.Get<long>(ParentTask)), entity.Get<bool>(ParentWaits))
            : throw new CorruptRecordException("The parent of an execution has no tenant.");
    }
}
