using System.Net;
using System.Net.Sockets;
using Lockstep.EndToEnd.Tests.Telemetry;
using Lockstep.TestKit.Processes;
using SQLitePCL;

namespace Lockstep.EndToEnd.Tests.Serving;

/// <summary>Every way in which a server cannot start ends in one clear line and an exit code of its own; docs/operations.md lists them.</summary>
public sealed class StartFailureTests
{
    private const int TimeoutMilliseconds = 60_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Port_in_use_is_31_and_leaves_no_data_folder()
    {
        using var folder = new TemporaryFolder();
        using var occupied = new TcpListener(IPAddress.Loopback, 0);
        occupied.Start();
        await using LockstepProcess server = TestServer.Launch(folder, "--urls", $"http://127.0.0.1:{((IPEndPoint)occupied.LocalEndpoint).Port}");

        await AssertEndsAsync(server, 31, "another process listens on");
        Assert.False(Directory.Exists(folder.PathOf("data")));
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Second_process_on_the_folder_is_40()
    {
        using var folder = new TemporaryFolder();
        await using TestServer first = await TestServer.StartAsync(folder);
        await using LockstepProcess second = TestServer.Launch(folder);

        await AssertEndsAsync(second, 40, "is in use by another process");
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Folder_that_cannot_be_created_is_41()
    {
        using var folder = new TemporaryFolder();
        folder.Write("data", "a file where the folder should be");
        await using LockstepProcess server = TestServer.Launch(folder);

        await AssertEndsAsync(server, 41, "cannot be used");
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Start_that_fails_does_not_wait_for_the_collector()
    {
        using var folder = new TemporaryFolder();
        folder.Write("data", "a file where the folder should be");
        await using Collector collector = await Collector.StartAsync(answer: async cancellation =>
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            return 200;
        });
        await using LockstepProcess server = TestServer.Launch(folder, "--set", "Lockstep:Telemetry:Endpoint=" + collector.Endpoint);

        await AssertEndsAsync(server, 41, "cannot be used");
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Locked_database_is_43()
    {
        using var folder = new TemporaryFolder();
        await ServeOnceAsync(folder);
        Batteries_V2.Init();
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_open(folder.PathOf("data/lockstep.db"), out sqlite3 other));
        using (other)
        {
            Assert.Equal(raw.SQLITE_OK, raw.sqlite3_exec(other, "PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE"));
            await using LockstepProcess server = TestServer.Launch(folder, "--set", "Lockstep:Storage:BusyTimeoutMs=1");

            await AssertEndsAsync(server, 43, "lockstep.db");
        }
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Damaged_database_is_44()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.PathOf("data"));
        folder.Write("data/lockstep.db", string.Concat(Enumerable.Repeat("this is no database. ", 500)));
        await using LockstepProcess server = TestServer.Launch(folder);

        await AssertEndsAsync(server, 44, "lockstep.db");
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Address_of_another_machine_is_32()
    {
        // 192.0.2.0/24 is for documentation: no machine has an address of it.
        using var folder = new TemporaryFolder();
        await using LockstepProcess server = TestServer.Launch(folder, "--urls", "http://192.0.2.1:7071");

        await AssertEndsAsync(server, 32, "192.0.2.1");
    }

    [Theory(Timeout = TimeoutMilliseconds)]
    [InlineData("PRAGMA application_id = 1", 45)]
    [InlineData("PRAGMA user_version = 1000000", 46)]
    public async Task Database_of_another_program_is_45_and_of_a_newer_version_46(string change, int exitCode)
    {
        using var folder = new TemporaryFolder();
        await ServeOnceAsync(folder);
        Batteries_V2.Init();
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_open(folder.PathOf("data/lockstep.db"), out sqlite3 other));
        using (other)
        {
            Assert.Equal(raw.SQLITE_OK, raw.sqlite3_exec(other, change));
        }

        await using LockstepProcess server = TestServer.Launch(folder);

        await AssertEndsAsync(server, exitCode, "lockstep.db");
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Damaged_key_file_is_47()
    {
        using var folder = new TemporaryFolder();
        await ServeOnceAsync(folder);
        folder.Write("data/signing-keys.json", "{");
        await using LockstepProcess server = TestServer.Launch(folder);

        await AssertEndsAsync(server, 47, "signing-keys.json");
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Key_file_that_others_may_read_is_47()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        using var folder = new TemporaryFolder();
        await ServeOnceAsync(folder);
        string keys = folder.PathOf("data/signing-keys.json");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(keys, File.GetUnixFileMode(keys) | UnixFileMode.OtherRead);
        }

        await using LockstepProcess server = TestServer.Launch(folder);

        await AssertEndsAsync(server, 47, "signing-keys.json");
    }

    [Theory(Timeout = TimeoutMilliseconds)]
    [InlineData("Lockstep:Limits:MaxPayloadBytes=lots", "Lockstep:Limits:MaxPayloadBytes")]
    [InlineData("Lockstep:Driver:MaxReaders=1", "there is no setting Lockstep:Driver:MaxReaders")]
    [InlineData("Lockstep:Storage:MaxReaders=0", "whole number from 1 to 64")]
    [InlineData("MaxReaders", "expected KEY=VALUE")]
    [InlineData("Lockstep:LogFormat=xml", "Lockstep:LogFormat is \"xml\", but has to be Json, Text")]
    [InlineData("Lockstep:LogFormat=2", "has to be Json, Text")]
    [InlineData("Lockstep:LogLevel=loud", "has to be Trace, Debug, Information, Warning, Error, Critical, None")]
    [InlineData("Lockstep:Telemetry:Protocol=thrift", "Lockstep:Telemetry:Protocol is \"thrift\", but has to be http/protobuf or grpc")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=localhost", "OTEL_EXPORTER_OTLP_ENDPOINT has to be an absolute http or https address")]
    public async Task Setting_that_cannot_be_used_is_30(string assignment, string message)
    {
        using var folder = new TemporaryFolder();
        await using LockstepProcess server = TestServer.Launch(folder, "--set", assignment);

        await AssertEndsAsync(server, 30, message);
        Assert.False(Directory.Exists(folder.PathOf("data")));
    }

    [Theory(Timeout = TimeoutMilliseconds)]
    [InlineData("https://127.0.0.1:0", "put a proxy in front")]
    [InlineData("http://no-such-host:7071", "has to be an IP address or localhost")]
    [InlineData("7071", "expected http://HOST:PORT")]
    public async Task Address_that_cannot_be_used_is_30(string url, string message)
    {
        using var folder = new TemporaryFolder();
        await using LockstepProcess server = TestServer.Launch(folder, "--urls", url);

        await AssertEndsAsync(server, 30, message);
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Environment_is_read_like_the_command_line()
    {
        using var folder = new TemporaryFolder();
        await using LockstepProcess server = LockstepProcess.Start(
            ["serve", "--data", folder.PathOf("data"), "--urls", "http://127.0.0.1:0"],
            new Dictionary<string, string?> { ["LOCKSTEP__STORAGE__MAXREADERS"] = "many" });

        await AssertEndsAsync(server, 30, "\"many\"");
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Command_line_that_is_none_is_2()
    {
        await using LockstepProcess server = LockstepProcess.Start(["serve", "--nonsense"]);

        Assert.Equal(2, await server.WaitForExitAsync(Cancellation));
        Assert.Contains("--nonsense", server.Error, StringComparison.Ordinal);
    }

    /// <summary>Leaves a data folder as a server leaves it that was told to stop.</summary>
    private static async Task ServeOnceAsync(TemporaryFolder folder)
    {
        await using TestServer first = await TestServer.StartAsync(folder);
        await first.Process.TerminateAsync(Cancellation);
    }

    private static async Task AssertEndsAsync(LockstepProcess server, int exitCode, string message)
    {
        int code = await server.WaitForExitAsync(Cancellation);

        Assert.Contains(message, server.Error, StringComparison.Ordinal);
        Assert.Equal(exitCode, code);
        Assert.StartsWith("lockstep: ", server.Error, StringComparison.Ordinal);
        Assert.Single(server.Error.TrimEnd('\n').Split('\n'));
        Assert.Equal("", server.Output);
    }
}
