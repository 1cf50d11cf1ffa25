using System.Collections.Immutable;
using System.Globalization;
using Lockstep.Azure.Ledger;
using Lockstep.Azure.Ports;
using Lockstep.Engine;
using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.Listings;

/// <summary>
/// A row of a list: what a list shows of an execution. Its key is the list, then its place: the time of the start counted down, so that the newest
/// comes first, and a hash of the id, which tells executions of the same time apart.
/// </summary>
internal static class ListingRow
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
    private const string Status = "Status";
    private const string Started = "Started";
    private const string Stopped = "Stopped";
    private const string Transitions = "Transitions";
    private const string Redrives = "Redrives";
    private const string Redriven = "Redriven";

    /// <summary>
    /// The rows of an execution: all of the tenant, all of the machine, those of its status; and of its version and its alias, where it has one.
    /// </summary>
    public static ImmutableArray<string> RowsOf(ExecutionRecord record)
    {
        string place = PlaceOf(record.StartedAt) + "|" + LedgerKeys.Digest(record.Key.Id);
        var ofMachine = new ExecutionFilter(record.StateMachineName, null);
        List<ExecutionFilter> lists = [new(null, null), ofMachine, new(null, record.Status), ofMachine with { Status = record.Status }];
        if (record.Version is not null)
        {
            lists.Add(ofMachine with { Version = record.Version });
            lists.Add(ofMachine with { Version = record.Version, Status = record.Status });
        }

        if (record.Alias is not null)
        {
            lists.Add(ofMachine with { Alias = record.Alias });
            lists.Add(ofMachine with { Alias = record.Alias, Status = record.Status });
        }

        return [.. lists.Select(list => ListOf(list) + place)];
    }

    /// <summary>The part of a place that stands for the time of the start: the first one of those that started then or before.</summary>
    public static string PlaceOf(DateTimeOffset started) => LedgerKeys.Number(DateTimeOffset.MaxValue.UtcTicks - started.UtcTicks);

    /// <summary>What the rows of a list begin with.</summary>
    public static string ListOf(ExecutionFilter filter)
    {
        string status = filter.Status is { } one ? ((int)one).ToString(CultureInfo.InvariantCulture) : "a";
        string machine = LedgerKeys.Short(filter.StateMachineName ?? "");
        return filter switch
        {
            { StateMachineName: null } => $"t|{status}|",
            { Version: { } version } => string.Create(CultureInfo.InvariantCulture, $"v|{machine}|{version}|{status}|"),
            { Alias: { } alias } => $"l|{machine}|{LedgerKeys.Short(alias)}|{status}|",
            _ => $"m|{machine}|{status}|",
        };
    }

    public static Entity ToEntity(string partition, string row, ExecutionRecord record) => new Entity(new EntityKey(partition, row))
        .With(Id, record.Key.Id)
        .With(Arn, record.Arn)
        .With(Name, record.Name)
        .With(Machine, record.StateMachineName)
        .With(MachineArn, record.StateMachineArn)
        .With(Revision, record.RevisionId)
        .With(Version, record.Version)
        .With(Alias, record.Alias)
        .With(Type, (long)record.Type)
        .With(Status, (long)record.Status)
        .With(Started, record.StartedAt)
        .With(Stopped, record.StoppedAt)
        .With(Transitions, record.Transitions)
        .With(Redrives, record.RedriveCount == 0 ? null : (long)record.RedriveCount)
        .With(Redriven, record.RedrivenAt);

    public static ExecutionStatus StatusOf(Entity row) => (ExecutionStatus)row.Get<long>(Status);

    public static ExecutionRecord Read(TenantId tenant, Entity row) => new()
    {
        Key = new ExecutionKey(tenant, row.Get<string>(Id)),
        Arn = row.Get<string>(Arn),
        Name = row.Get<string>(Name),
        StateMachineName = row.Get<string>(Machine),
        StateMachineArn = row.Get<string>(MachineArn),
        RevisionId = row.Get<string>(Revision),
        Version = row.TryGet(Version, out long version) ? version : null,
        Alias = row.TryGet<string>(Alias, out string? alias) ? alias : null,
        Type = (WorkflowType)row.Get<long>(Type),
        Status = StatusOf(row),
        StartedAt = row.Get<DateTimeOffset>(Started),
        StoppedAt = row.TryGet(Stopped, out DateTimeOffset stopped) ? stopped : null,
        Transitions = row.Get<long>(Transitions),
        RedriveCount = row.TryGet(Redrives, out long redrives) ? (int)redrives : 0,
        RedrivenAt = row.TryGet(Redriven, out DateTimeOffset redriven) ? redriven : null,
    };
}
