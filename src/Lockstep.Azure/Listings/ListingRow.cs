using System.Collections.Immutable;
using System.Globalization;
using Lockstep.Azure.Ledger;
using Lockstep.Azure.Ports;
using Lockstep.Engine;
using Lockstep.Service.Executions;
using Lockstep.Service.MapRuns;
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
    private const string Items = "Items";

    /// <summary>
    /// The rows of an execution: all of the tenant, all of the machine, those of its status; and of its version and its alias, where it has one.
    /// </summary>
    public static ImmutableArray<string> RowsOf(ExecutionRecord record)
    {
        string place = PlaceOf(record.StartedAt) + "|" + LedgerKeys.Digest(record.Key.Id);
        if (record.IsPartOfMapRun)
        {
            return RowsOfPart(record, place);
        }

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

    /// <summary>What the rows of the list of all parts of map runs begin with, or of those of a status.</summary>
    public static string ListOfParts(ExecutionStatus? status) => $"p|{StatusOf(status)}|";

    /// <summary>What the rows of a list of a map run's children begin with, the last one first.</summary>
    /// <param name="run">The map run.</param>
    /// <param name="status">Those of a status; null for all.</param>
    /// <param name="isRedriven">Those that were redriven, or those that were not.</param>
    public static string ListOfChildren(ExecutionKey run, ExecutionStatus? status, bool isRedriven) =>
        $"r|{LedgerKeys.Short(run.Id)}|{StatusOf(status)}|{(isRedriven ? 1 : 0)}|";

    /// <summary>What the rows of the list of those children of a map run begin with that have not succeeded, the first one first.</summary>
    public static string ListOfUnsuccessful(ExecutionKey run) => $"u|{LedgerKeys.Short(run.Id)}|";

    /// <summary>The part of a place that stands for the time of the start: the first one of those that started then or before.</summary>
    public static string PlaceOf(DateTimeOffset started) => LedgerKeys.Number(DateTimeOffset.MaxValue.UtcTicks - started.UtcTicks);

    /// <summary>What the rows of a list begin with.</summary>
    public static string ListOf(ExecutionFilter filter)
    {
        string status = StatusOf(filter.Status);
        string machine = LedgerKeys.Short(filter.StateMachineName ?? "");
        return filter switch
        {
            { StateMachineName: null } => $"t|{status}|",
            { Version: { } version } => string.Create(CultureInfo.InvariantCulture, $"v|{machine}|{version}|{status}|"),
            { Alias: { } alias } => $"l|{machine}|{LedgerKeys.Short(alias)}|{status}|",
            _ => $"m|{machine}|{status}|",
        };
    }

    /// <summary>
    /// The rows of a part of a map run, which no list of executions shows: those by which recovery and retention find it, and, of a child, those of its map run.
    /// </summary>
    private static ImmutableArray<string> RowsOfPart(ExecutionRecord record, string place)
    {
        List<string> lists = [ListOfParts(null), ListOfParts(record.Status)];
        if (!IsMapRun(record))
        {
            return [.. lists.Select(list => list + place), .. RowsOfChild(record)];
        }

        return [.. lists.Select(list => list + place)];
    }

    /// <summary>Children of a map run are in the order of their numbers, which is that of their first starts.</summary>
    private static IEnumerable<string> RowsOfChild(ExecutionRecord record)
    {
        ExecutionKey run = MapRunNames.RunOf(record.Key);
        long index = MapRunNames.IndexOf(record.Key);
        string lastFirst = LedgerKeys.Number(long.MaxValue - index);
        bool isRedriven = record.RedriveCount > 0;
        yield return ListOfChildren(run, null, isRedriven) + lastFirst;
        yield return ListOfChildren(run, record.Status, isRedriven) + lastFirst;
        if (record.Status != ExecutionStatus.Succeeded)
        {
            yield return ListOfUnsuccessful(run) + LedgerKeys.Number(index);
        }
    }

    private static bool IsMapRun(ExecutionRecord record) => record.Arn.Split(':', 7) is [_, _, _, _, _, "mapRun", _];

    private static string StatusOf(ExecutionStatus? status) => status is { } one ? ((int)one).ToString(CultureInfo.InvariantCulture) : "a";

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
        .With(Redriven, record.RedrivenAt)
        .With(Items, record.ItemCount);

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
        ItemCount = row.TryGet(Items, out long items) ? items : null,
    };
}
