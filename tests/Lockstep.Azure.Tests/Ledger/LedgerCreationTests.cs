using Lockstep.Azure.Executions;
using Lockstep.Azure.Ledger;
using Lockstep.Engine;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;
using Lockstep.TestKit.Azure;
using static Lockstep.Azure.Tests.Ledger.LedgerFixture;

namespace Lockstep.Azure.Tests.Ledger;

public sealed class LedgerCreationTests
{
    private static readonly CommandId _task = new(3);

    private readonly LedgerFixture _fixture = new();

    [Theory]
    [InlineData("m:one")]
    [InlineData("m:one:run")]
    [InlineData("Maschine_größer:名前")]
    public async Task Created_execution_is_found_as_it_was_given(string id)
    {
        NewExecution execution = New(new ExecutionKey(Tenant(), id), input: """{"a":[1,2]}""", type: WorkflowType.Express);
        Assert.IsType<Created>(await CreateAsync(execution));
        LedgerHead head = await _fixture.HeadAsync(execution.Record.Key);
        Assert.Equal(execution.Record, head.Record);
        Assert.Equal(execution.Start.Identity, head.Start.Identity);
        Assert.Equal((0, 0, 0, 0, null, null), (head.Epoch, head.LastTurn, head.LastEventId, head.Chain, head.Quarantine, head.Parent));
    }

    [Fact]
    public async Task Input_of_any_size_is_kept()
    {
        NewExecution execution = New(Key(), input: $"\"{new string('x', 200_000)}\"");
        await CreateAsync(execution);
        Assert.Equal(execution.Record.Input, (await _fixture.HeadAsync(Key())).Record.Input);
    }

    [Fact]
    public async Task Same_start_again_is_created_and_another_one_finds_the_name_taken()
    {
        Assert.IsType<Created>(await CreateAsync(New(Key())));
        Assert.IsType<Created>(await CreateAsync(New(Key())));
        NameTaken taken = Assert.IsType<NameTaken>(await CreateAsync(New(Key(), seed: 8)));
        Assert.Equal(7UL, taken.Existing.Start.Identity.Seed);
        Assert.Null(await _fixture.Ledger.FindAsync(Key(tenant: 2), CancellationToken.None));
    }

    [Fact]
    public async Task Execution_whose_starter_died_before_it_was_listed_is_listed_by_whoever_asks_again()
    {
        _fixture.Azure.Faults = Faults.Once(2, Fault.BeforeEffect);
        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await CreateAsync(New(Key())));
        _fixture.Azure.Faults = Faults.None;
        Assert.Equal(0, await _fixture.Reader.CountOpenAsync(Tenant(), CancellationToken.None));

        Assert.IsType<NameTaken>(await CreateAsync(New(Key(), seed: 8)));
        Assert.IsType<NameTaken>(await CreateAsync(New(Key(), seed: 9)));
        Assert.Equal(1, await _fixture.Reader.CountOpenAsync(Tenant(), CancellationToken.None));
    }

    [Fact]
    public async Task Task_starts_one_child_whatever_it_is_called()
    {
        ExecutionKey parent = await _fixture.StartAsync();
        var by = new ParentTask(parent, _task, Waits: true);
        Assert.IsType<Created>(await CreateAsync(New(Key("child"), parent: by)));
        Assert.IsType<Created>(await CreateAsync(New(Key("child"), parent: by)));
        Assert.Equal(Key("child"), Assert.IsType<TaskHasChild>(await CreateAsync(New(Key("child"), seed: 8, parent: by))).Child.Record.Key);
        Assert.Equal(Key("child"), Assert.IsType<TaskHasChild>(await CreateAsync(New(Key("other"), seed: 8, parent: by))).Child.Record.Key);
        Assert.Null(await _fixture.Ledger.FindAsync(Key("other"), CancellationToken.None));
        Assert.Equal(by, (await _fixture.HeadAsync(Key("child"))).Parent);
        Assert.Equal(Key("child"), await _fixture.Ledger.FindChildAsync(parent, _task, CancellationToken.None));
        Assert.Null(await _fixture.Ledger.FindChildAsync(parent, new CommandId(4), CancellationToken.None));
    }

    [Fact]
    public async Task Child_that_was_decided_but_not_created_is_created_by_whoever_asks_again()
    {
        ExecutionKey parent = await _fixture.StartAsync();
        var by = new ParentTask(parent, _task, Waits: true);
        _fixture.Azure.Faults = TestKit.Azure.Faults.Once(2, TestKit.Azure.Fault.BeforeEffect);
        await Assert.ThrowsAsync<Service.Errors.StorageUnavailableException>(() => CreateAsync(New(Key("child"), input: "1", parent: by)));
        Assert.Null(await _fixture.Ledger.FindAsync(Key("child"), CancellationToken.None));

        TaskHasChild child = Assert.IsType<TaskHasChild>(await CreateAsync(New(Key("other"), seed: 8, parent: by)));
        Assert.Equal((Key("child"), "1"), (child.Child.Record.Key, child.Child.Record.Input));
        Assert.Null(await _fixture.Ledger.FindAsync(Key("other"), CancellationToken.None));
    }

    [Fact]
    public async Task Child_whose_name_somebody_else_has_finds_it_taken()
    {
        ExecutionKey parent = await _fixture.StartAsync();
        await CreateAsync(New(Key("child")));
        var by = new ParentTask(parent, _task, Waits: true);
        Assert.IsType<NameTaken>(await CreateAsync(New(Key("child"), seed: 8, parent: by)));
        Assert.IsType<NameTaken>(await CreateAsync(New(Key("child"), seed: 8, parent: by)));
    }

    [Fact]
    public void Keys_hold_nothing_that_a_table_refuses_and_never_meet()
    {
        string[] ids =
        [
            "m:n", "m:n:r", "m:N", "a/b:c", "a~002fb:c", "a#b:c", "a?b:c", "a\\b:c", "ü:c", $"{new string('a', 80)}:{new string('b', 80)}",
            $"{new string('ü', 80)}:{new string('b', 80)}", $"{new string('ü', 80)}:{new string('c', 80)}",
        ];
        string[] partitions = [.. ids.Select(id => LedgerKeys.Partition(new ExecutionKey(Tenant(), id)))];
        Assert.Equal(ids.Length, partitions.Distinct(StringComparer.Ordinal).Count());
        Assert.All(partitions, partition =>
        {
            Assert.StartsWith("000000000001|", partition, StringComparison.Ordinal);
            Assert.True(partition.Length <= 512 && !partition.AsSpan().ContainsAny("/\\#?") && partition.All(char.IsAscii));
        });
    }

    private async Task<CreateOutcome> CreateAsync(NewExecution execution) => await _fixture.Ledger.CreateAsync(execution, CancellationToken.None);
}
