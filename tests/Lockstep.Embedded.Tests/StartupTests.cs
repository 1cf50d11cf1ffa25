using Lockstep.Embedded.Hosting;
using Lockstep.Embedded.Retention;
using Lockstep.Embedded.Storage;
using Lockstep.Embedded.Tests.Support;
using Lockstep.Engine;
using Lockstep.Service.Channels;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tables;
using Lockstep.Service.Tags;
using Lockstep.Service.Tenancy;
using Lockstep.TestKit.Drivers;
using Lockstep.TestKit.Time;

namespace Lockstep.Embedded.Tests;

public sealed class StartupTests
{
    /// <summary>Makes of the newest tables those of version 14; the rest goes on from there.</summary>
    private const string ToVersion14 = """
        DROP TABLE connections;
        PRAGMA user_version=14;

        """;

    private const string ToVersion13 = ToVersion14 + """
        DROP INDEX executions_waited_for;
        DROP TABLE given_up;
        PRAGMA user_version=13;

        """;

    private const string ToVersion12 = ToVersion13 + """
        DROP INDEX executions_of_map_run;
        PRAGMA user_version=12;

        """;

    private const string ToVersion11 = ToVersion12 + """
        DROP TABLE log_groups;
        DROP TABLE log_events;
        ALTER TABLE revisions DROP COLUMN logging;
        PRAGMA user_version=11;

        """;

    private const string ToVersion10 = ToVersion11 + """
        DROP TABLE resource_tags;
        PRAGMA user_version=10;

        """;

    private const string ToVersion9 = ToVersion10 + """
        DROP TABLE unused_revisions;
        DROP TABLE removed_executions;
        PRAGMA user_version=9;

        """;

    private const string ToVersion8 = ToVersion9 + """
        ALTER TABLE channels DROP COLUMN forwarded;
        PRAGMA user_version=8;

        """;

    private const string ToVersion7 = ToVersion8 + """
        ALTER TABLE executions DROP COLUMN redrives;
        ALTER TABLE executions DROP COLUMN redriven;
        ALTER TABLE execution_events DROP COLUMN event;
        ALTER TABLE execution_events DROP COLUMN redrives;
        PRAGMA user_version=7;

        """;

    private const string ToVersion6 = ToVersion7 + """
        DROP TABLE versions;
        DROP TABLE aliases;
        DROP INDEX executions_of_version;
        DROP INDEX executions_of_alias;
        ALTER TABLE executions DROP COLUMN version;
        ALTER TABLE executions DROP COLUMN alias;
        ALTER TABLE machines DROP COLUMN last_version;
        PRAGMA user_version=6;

        """;

    [Fact]
    public async Task Folder_in_use_is_refused()
    {
        await using TestService service = await TestService.NewAsync();

        Assert.Equal(StorageFailure.DataFolderInUse, FailureOf(service.Folder));
    }

    [Fact]
    public async Task Folder_that_is_a_file_is_refused()
    {
        await using TestService service = TestService.Closed();
        string file = Path.Combine(service.Folder, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);

        Assert.Equal(StorageFailure.DataFolderUnusable, FailureOf(file));
    }

    [Fact]
    public async Task Damaged_database_is_refused()
    {
        await using TestService service = TestService.Closed();
        await File.WriteAllTextAsync(Path.Combine(service.Folder, "lockstep.db"), new string('x', 10_000), TestContext.Current.CancellationToken);

        Assert.Equal(StorageFailure.DatabaseCorrupt, FailureOf(service.Folder));
    }

    [Theory]
    [InlineData("CREATE TABLE t(a)", StorageFailure.SchemaForeign)]
    [InlineData("PRAGMA application_id=7", StorageFailure.SchemaForeign)]
    [InlineData("PRAGMA application_id=1282110324; PRAGMA user_version=999; CREATE TABLE t(a)", StorageFailure.SchemaNewer)]
    public async Task Database_that_is_not_ours_is_refused(string sql, StorageFailure expected)
    {
        await using TestService service = TestService.Closed();
        using (SqliteConnection connection = SqliteConnection.Open(Path.Combine(service.Folder, "lockstep.db"), TimeSpan.Zero))
        {
            connection.Run(sql);
        }

        Assert.Equal(expected, FailureOf(service.Folder));
    }

    private const string ToVersion5 = ToVersion6 + """
        DROP TABLE map_runs;
        DROP INDEX executions_of_machine;
        DROP INDEX executions_of_tenant;
        ALTER TABLE executions DROP COLUMN kind;
        ALTER TABLE executions DROP COLUMN map_state;
        CREATE INDEX executions_of_machine ON executions(machine, status);
        CREATE INDEX executions_of_tenant ON executions(tenant, status);
        PRAGMA user_version=5;

        """;

    [Theory]
    [InlineData(ToVersion5)]
    [InlineData(ToVersion5 + """
        DROP TABLE channels;
        DROP TABLE messages;
        DROP TABLE objects;
        DROP TABLE object_litter;
        DROP TABLE item_tables;
        DROP TABLE items;
        DROP TABLE item_changes;
        DROP INDEX api_keys_tenant;
        ALTER TABLE tenants DROP COLUMN name;
        ALTER TABLE tenants DROP COLUMN created;
        PRAGMA user_version=1;
        """)]
    [InlineData(ToVersion5 + """
        DROP TABLE channels;
        DROP TABLE messages;
        DROP TABLE objects;
        DROP TABLE object_litter;
        DROP TABLE item_tables;
        DROP TABLE items;
        DROP TABLE item_changes;
        PRAGMA user_version=2;
        """)]
    [InlineData(ToVersion5 + """
        DROP TABLE objects;
        DROP TABLE object_litter;
        DROP TABLE item_tables;
        DROP TABLE items;
        DROP TABLE item_changes;
        PRAGMA user_version=3;
        """)]
    [InlineData(ToVersion5 + """
        DROP TABLE item_tables;
        DROP TABLE items;
        DROP TABLE item_changes;
        PRAGMA user_version=4;
        """)]
    [InlineData(ToVersion6)]
    [InlineData(ToVersion7)]
    [InlineData(ToVersion8)]
    [InlineData(ToVersion9)]
    [InlineData(ToVersion10)]
    [InlineData(ToVersion11)]
    [InlineData(ToVersion12)]
    [InlineData(ToVersion13)]
    public async Task Database_of_an_earlier_version_is_brought_up_to_date_with_its_tenants(string toEarlierVersion)
    {
        await using TestService service = await TestService.NewAsync();
        await service.Host.Tenants.EnsureAsync(TestService.Tenant, CancellationToken.None);
        await service.CloseAsync();
        using (SqliteConnection connection = SqliteConnection.Open(Path.Combine(service.Folder, "lockstep.db"), TimeSpan.Zero))
        {
            connection.Run(toEarlierVersion);
        }

        await service.OpenAsync();

        Assert.Equal(new TenantRecord(TestService.Tenant, null, null), await service.Host.Tenants.FindAsync(TestService.Tenant, CancellationToken.None));
        var queue = new ChannelPlace(TestService.Tenant, ChannelKind.Queue, "q");
        Assert.True(await service.Host.Channels.CreateAsync(new ChannelRecord(queue, DateTimeOffset.UnixEpoch), CancellationToken.None));
        Assert.Empty((await service.Host.Objects.ListAsync(TestService.Tenant, "data", "", new PageRequest(1, null), CancellationToken.None)).Items);
        var table = new TableRecord(new TablePlace(TestService.Tenant, "table"), new KeyAttribute("id", "S"), null, DateTimeOffset.UnixEpoch);
        Assert.True(await service.Host.Tables.CreateAsync(table, CancellationToken.None));
        var activity = new TaggedResource(TestService.Tenant, TaggedKind.Activity, "a", DateTimeOffset.UnixEpoch);
        Assert.Null(await service.Host.Tags.FindAsync(activity, CancellationToken.None));
    }

    [Fact]
    public async Task Database_without_versions_is_brought_up_to_date_with_its_machines_and_executions()
    {
        await using TestService service = await TestService.NewAsync();
        StateMachineRecord machine = await service.CreateMachineAsync("m", Machines.Pass);
        ExecutionKey key = await service.StartAsync(machine, "one");
        await service.EndAsync(key);
        await service.CloseAsync();
        using (SqliteConnection connection = SqliteConnection.Open(Path.Combine(service.Folder, "lockstep.db"), TimeSpan.Zero))
        {
            connection.Run(ToVersion6);
        }

        await service.OpenAsync();

        var asked = new NewStateMachineVersion(TestService.Tenant, "m", machine.RevisionId, null, service.Time.GetUtcNow(), 1);
        Assert.Equal(1, (await service.Host.Versions.PublishAsync(asked, CancellationToken.None)).Value?.Version.Number);
        ExecutionRecord? before = await service.Host.Executions.FindAsync(key, CancellationToken.None);
        Assert.Equal((ExecutionStatus.Succeeded, null, null), (before?.Status, before?.Version, before?.Alias));
    }

    [Fact]
    public async Task Revisions_that_went_out_of_force_before_retention_was_there_are_removed_when_they_are_old_and_nothing_needs_them()
    {
        var time = new ManualTimeProvider();
        await using TestService service = await TestService.NewAsync(time);
        async Task<StateMachineRecord> PutAsync(StateMachineRecord machine, string revision)
        {
            time.Advance(TimeSpan.FromDays(1));
            StateMachineRecord next = machine with { RevisionId = revision, UpdatedAt = time.GetUtcNow() };
            Assert.True((await service.Host.StateMachines.UpdateAsync(next, null, CancellationToken.None)).Succeeded);
            return next;
        }

        StateMachineRecord first = await service.CreateMachineAsync("m", Machines.Wait);
        time.Advance(TimeSpan.FromDays(30));
        await service.StartAsync(first, "runs", """{"seconds":31536000}""");
        StateMachineRecord second = await PutAsync(await PutAsync(first, "second"), "third");
        StateMachineRecord other = await service.CreateMachineAsync("n", Machines.Pass);
        await PutAsync(other, "newer");
        StateMachineRecord gone = await service.CreateMachineAsync("gone", Machines.Pass);
        await service.Host.StateMachines.DeleteAsync(TestService.Tenant, "gone", null, CancellationToken.None);
        await service.CloseAsync();
        using (SqliteConnection connection = SqliteConnection.Open(Path.Combine(service.Folder, "lockstep.db"), TimeSpan.Zero))
        {
            connection.Run(ToVersion9);
        }

        await service.OpenAsync();
        time.Advance(TimeSpan.FromDays(90));
        await service.RestAsync();
        await foreach (RetentionStep _ in service.Host.Retention.StepsAsync())
        {
            // Every step counts.
        }

        async Task<bool> IsKeptAsync(StateMachineRecord machine) =>
            await service.Host.StateMachines.FindRevisionAsync(TestService.Tenant, machine.Name, machine.RevisionId, CancellationToken.None) is not null;
        Assert.True(await IsKeptAsync(first));
        Assert.True(await IsKeptAsync(second));
        Assert.False(await IsKeptAsync(other));
        Assert.False(await IsKeptAsync(gone));
        Assert.NotNull(await service.Host.StateMachines.FindAsync(TestService.Tenant, "m", CancellationToken.None));
        Assert.NotNull(await service.Host.StateMachines.FindAsync(TestService.Tenant, "n", CancellationToken.None));
    }

    [Fact]
    public async Task Database_that_another_program_holds_is_refused()
    {
        await using TestService service = await TestService.NewAsync();
        await service.CloseAsync();
        using SqliteConnection other = SqliteConnection.Open(Path.Combine(service.Folder, "lockstep.db"), TimeSpan.Zero);
        other.Run("PRAGMA locking_mode=EXCLUSIVE");
        other.Run("BEGIN EXCLUSIVE");

        Assert.Equal(StorageFailure.DatabaseLocked, FailureOf(service.Folder));
    }

    [Fact]
    public async Task Key_file_that_others_may_read_is_refused()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes.");
            return;
        }

        await using TestService service = await TestService.NewAsync();
        await service.CloseAsync();
        string keys = Path.Combine(service.Folder, "signing-keys.json");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(keys));
        File.SetUnixFileMode(keys, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        Assert.Equal(StorageFailure.KeyFileUnusable, FailureOf(service.Folder));
    }

    [Fact]
    public async Task Full_disk_ends_the_process_and_loses_nothing_that_was_acknowledged()
    {
        await using TestService service = await TestService.NewAsync();
        StateMachineRecord machine = await service.CreateMachineAsync("m", Machines.Pass);
        await service.Host.ExecuteAsync("PRAGMA max_page_count=80");
        List<ExecutionKey> acknowledged = [];
        for (int index = 0; !service.Fatal.Ended.IsCompleted; index++)
        {
            Task<Result<StartOutcome>> start = service.TryStartAsync(machine, $"e{index}", $"\"{new string('x', 1_000)}\"").AsTask();
            if (await Task.WhenAny(start, service.Fatal.Ended) == start)
            {
                acknowledged.Add((await start).Value?.Execution.Key ?? default);
            }
        }

        (StorageFailure failure, string message) = await service.Fatal.Ended;
        await service.RestartAsync();

        Assert.Equal(StorageFailure.DiskFull, failure);
        Assert.Contains("full", message, StringComparison.Ordinal);
        Assert.NotEmpty(acknowledged);
        foreach (ExecutionKey key in acknowledged)
        {
            Assert.Equal(ExecutionStatus.Succeeded, (await service.DescribeAsync(key)).Status);
        }
    }

    [Fact]
    public async Task Turn_that_replays_differently_quarantines_its_execution_and_no_other()
    {
        await using TestService service = await TestService.NewAsync();
        StateMachineRecord machine = await service.CreateMachineAsync("m", Machines.Wait);
        ExecutionKey bad = await service.StartAsync(machine, "bad", """{"seconds":1000}""");
        ExecutionKey good = await service.StartAsync(machine, "good", """{"seconds":1}""");
        await service.Host.ExecuteAsync("UPDATE journal SET hash = hash + 1 WHERE execution = 1");
        await service.RestartAsync();
        await service.Host.Recovered;

        Result<ExecutionRecord> stopped = await service.Host.Driver.StopAsync(bad, null, null, CancellationToken.None);

        Assert.Equal(ErrorCodes.Conflict, stopped.Error?.Code);
        Assert.Contains(service.Log.Warnings, warning => warning.Cause?.Message.Contains("diverged", StringComparison.Ordinal) == true);
        Assert.Equal(ExecutionStatus.Succeeded, (await service.EndAsync(good)).Status);
        await service.RestartAsync();
        Assert.Equal(ExecutionStatus.Running, (await service.DescribeAsync(bad)).Status);
    }

    private static StorageFailure FailureOf(string folder) => Assert.Throws<EmbeddedStartupException>(() => EmbeddedHost.Open(
        folder,
        new EmbeddedSetup(
            new EmbeddedOptions { Storage = new StorageOptions { BusyTimeout = TimeSpan.Zero } }, TimeProvider.System, TestService.Compile))).Failure;
}
