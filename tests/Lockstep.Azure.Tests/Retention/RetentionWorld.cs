using Lockstep.Azure.Executions;
using Lockstep.Azure.Objects;
using Lockstep.Azure.Ports;
using Lockstep.Azure.Retention;
using Lockstep.Azure.StateMachines;
using Lockstep.Azure.Tests.Ledger;
using Lockstep.Azure.Tests.Storage;
using Lockstep.Engine;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;
using Lockstep.TestKit;
using Lockstep.TestKit.Azure;
using static Lockstep.Azure.Tests.Ledger.LedgerFixture;

namespace Lockstep.Azure.Tests.Retention;

/// <summary>Things that retention has to remove, and things like them that it has to leave. The clock stands 100 days after noon.</summary>
internal sealed class RetentionWorld
{
    private readonly ManualTime _clock = new(Noon.AddDays(100));

    public LedgerFixture Ledger { get; } = new();

    public MemoryAzure Azure => Ledger.Azure;

    public List<string> Warnings { get; } = [];

    public IStateMachineStore Machines(DateTimeOffset now) => new TableStateMachineStore(Azure.Tables, Azure.Blobs, Stores.Stubborn, new ManualTime(now));

    public static async Task<RetentionWorld> CreateAsync()
    {
        var world = new RetentionWorld();
        foreach (int tenant in (int[])[1, 2])
        {
            await Stores.Tenants(world.Azure).EnsureAsync(Tenant(tenant), CancellationToken.None);
        }

        await world.EndAsync(Key("gone"), large: true);
        await world.EndAsync(Key("gone", tenant: 2));
        await world.EndAsync(Key("recent"), ended: Noon.AddDays(10).AddTicks(1));
        await world.EndAsync(Key("unpublished"));
        await world.Azure.Tables[TableName.Executions].WriteAsync(
            [new InsertEntity(new Entity(new EntityKey("000000000001|m:unpublished", "o|2")))], CancellationToken.None);
        await world.Ledger.StartAsync(Key("running"));
        await world.Ledger.AppendAsync(Key("running"), Batch(1, Turns(1, 3)) with { Opens = [Open(1)] });
        await world.StartChildAsync("child-of-running", Key("running"));
        await world.Ledger.StartAsync(Key("parent"));
        await world.StartChildAsync("child-of-gone", Key("parent"));
        await world.FinishAsync(Key("parent"), Noon.AddHours(1), large: false);
        await world.CreateMachinesAsync();
        return world;
    }

    /// <summary>Steps until a round is done; whoever is cut off steps again.</summary>
    public async Task<(int Executions, int Revisions)> RunRoundAsync(int maxRows = 3)
    {
        int executions = 0;
        int revisions = 0;
        while (true)
        {
            try
            {
                RetentionStep step = await Sweep(maxRows).StepAsync(CancellationToken.None);
                executions += step.Executions;
                revisions += step.Revisions;
                if (step.IsRoundDone)
                {
                    return (executions, revisions);
                }
            }
            catch (StorageUnavailableException)
            {
                // Cut off.
            }
        }
    }

    public TableObjectStore Objects => new(Azure.Tables, Azure.Blobs, Stores.Stubborn, _clock);

    public RetentionSweep Sweep(int maxRows) => new(
        Azure.Tables, Azure.Blobs, [Objects], Stores.Tenants(Azure), _clock, new RetentionOptions { MaxRows = maxRows }, (place, defect) => Warnings.Add($"{place}: {defect}"));

    /// <summary>Everything that is stored of executions and machines, by name.</summary>
    public IReadOnlyList<string> Everything() =>
    [
        .. new[] { TableName.Executions, TableName.Listings, TableName.Machines }.SelectMany(
            table => Azure.Tables.All(table).Select(row => $"{table} {row.Key.Partition} {row.Key.Row}")),
        .. Azure.Blobs.Names,
    ];

    /// <summary>An execution is whole: described, with every event, on the lists.</summary>
    public async Task<bool> IsWholeAsync(ExecutionKey key, int events)
    {
        bool isDescribed = await Ledger.Reader.FindAsync(key, CancellationToken.None) is not null;
        var history = await Ledger.Reader.ReadHistoryAsync(key, false, new Service.Paging.PageRequest(1_000, null), CancellationToken.None);
        var listed = await Ledger.Reader.ListAsync(key.Tenant, new ExecutionFilter(null, null), new Service.Paging.PageRequest(1_000, null), CancellationToken.None);
        return isDescribed && history?.Items.Count == events && listed.Items.Any(record => record.Key == key);
    }

    private async Task EndAsync(ExecutionKey key, DateTimeOffset? ended = null, bool large = false)
    {
        string input = large ? $"\"{new string('i', 40_000)}\"" : "{}";
        Assert.IsType<Created>(await Ledger.Ledger.CreateAsync(New(key, input: input), CancellationToken.None));
        await FinishAsync(key, ended ?? Noon.AddDays(10), large);
    }

    private async Task FinishAsync(ExecutionKey key, DateTimeOffset ended, bool large)
    {
        int payload = large ? 50_000 : 0;
        await Ledger.AppendAsync(key, Batch(1, Turns(1, 2, payload: payload)) with { Opens = [Open(1, invocation: large ? 40_000 : -1), Open(2)] });
        await Ledger.Ledger.ReportAsync(key, new CommandId(2), Success(2), CancellationToken.None);
        var end = new ExecutionEnd(ExecutionStatus.Succeeded, ended, Json.JsonValue.Parse("1"), null, null);
        Assert.IsType<Appended>(await Ledger.AppendAsync(key, Batch(1, Turns(1, 3, payload: payload)) with { End = end }));
    }

    private async Task StartChildAsync(string name, ExecutionKey parent)
    {
        Assert.IsType<Created>(await Ledger.Ledger.CreateAsync(
            New(Key(name), parent: new ParentTask(parent, new CommandId(9), Waits: true)), CancellationToken.None));
        await FinishAsync(Key(name), Noon.AddDays(1), large: false);
    }

    /// <summary>m: pinned by executions that stay. n: not pinned, small and large. d: deleted. e: out of force since lately. ghost: a blob whose machine never came.</summary>
    private async Task CreateMachinesAsync()
    {
        DateTimeOffset old = Noon.AddDays(5);
        await PutAsync("m", old, 100, 100);
        await PutAsync("n", old, 40_000, 100, 40_000);
        await PutAsync("d", old, 40_000);
        await Machines(old).DeleteAsync(Tenant(), "d", null, CancellationToken.None);
        await PutAsync("e", Noon.AddDays(10).AddTicks(1), 100, 100);
        await Azure.Blobs.PutAsync(MachineRows.BlobNameOf(Tenant(), "ghost", "r1"), new byte[1], CancellationToken.None);
        await NoteAsync("ghost", "r1", old);
        await NoteAsync("n", "r3", old);
    }

    private async Task NoteAsync(string name, string revision, DateTimeOffset since) => await Azure.Tables[TableName.Machines].WriteAsync(
        [new PutEntity(MachineRows.ToOutOfForce(Tenant(), name, revision, since))], CancellationToken.None);

    private async Task PutAsync(string name, DateTimeOffset at, params int[] sizes)
    {
        for (int i = 0; i < sizes.Length; i++)
        {
            var machine = new StateMachineRecord(Tenant(), name, $"r{i + 1}", new string(' ', sizes[i]), "role", WorkflowType.Standard, at, at);
            Result<StateMachineRecord> put = i == 0
                ? await Machines(at).CreateAsync(machine, CancellationToken.None)
                : await Machines(at).UpdateAsync(machine, null, CancellationToken.None);
            Assert.True(put.Succeeded);
        }
    }
}
