using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Lockstep.EndToEnd.Tests.Clients;
using Lockstep.TestKit;
using Lockstep.TestKit.Processes;

namespace Lockstep.EndToEnd.Tests.Tour;

/// <summary>
/// Types the README's tour into bash. Only two things differ from a newcomer's terminal: the build is not repeated, because the command was built
/// with this test, and the port is a free one.
/// </summary>
public sealed class ReadmeTourTests
{
    private const int TimeoutMilliseconds = 120_000;

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Every_line_of_the_tour_works()
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "There is no bash on this machine.");
        using var clone = new TemporaryFolder();
        Directory.CreateSymbolicLink(clone.PathOf("samples"), Repository.PathOf("samples"));
        Directory.CreateDirectory(clone.PathOf("src/Lockstep.Cli/bin/Release"));
        Directory.CreateSymbolicLink(clone.PathOf("src/Lockstep.Cli/bin/Release/net10.0"), AppContext.BaseDirectory);

        IReadOnlyList<string> blocks = ReadmeTour.Blocks;
        Assert.Equal(6, blocks.Count);
        string script = string.Join(
            '\n',
            [
                "set -euo pipefail",
                "trap 'kill -9 $(jobs -p) 2> /dev/null || true' EXIT",
                "dotnet() { [ \"$*\" = 'build -c Release --nologo -v quiet src/Lockstep.Cli' ]; }",
                .. blocks,
            ]).Replace(":7071", string.Create(CultureInfo.InvariantCulture, $":{FreePort()}"), StringComparison.Ordinal);

        (int code, string output, string error) = await RunAsync(clone.Path, script);

        Assert.True(code == 0, $"bash ended with {code}\n{output}\n{error}");
        Assert.Contains("\"status\":\"RUNNING\"", output, StringComparison.Ordinal);
        Assert.Contains("event: end", output, StringComparison.Ordinal);
        Assert.Contains("\"status\":\"SUCCEEDED\"", output, StringComparison.Ordinal);
        Assert.Contains("samples/order-approval/definition.asl.json: valid", output, StringComparison.Ordinal);
        Assert.EndsWith("{\"text\":\"Hello, world!\"}\n", output, StringComparison.Ordinal);
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task What_it_says_of_the_AWS_CLI_works()
    {
        Assert.SkipUnless(ClientProcess.Find("aws") is not null && File.Exists("/bin/bash"), "The AWS CLI or bash is not installed.");
        using var clone = new TemporaryFolder();
        Directory.CreateDirectory(clone.PathOf("src/Lockstep.Cli/bin/Release"));
        Directory.CreateSymbolicLink(clone.PathOf("src/Lockstep.Cli/bin/Release/net10.0"), AppContext.BaseDirectory);
        string script = string.Join(
            '\n',
            [
                "set -euo pipefail",
                "trap 'kill -9 $(jobs -p) 2> /dev/null || true' EXIT",
                .. ReadmeTour.BlocksOf("Use your AWS SDK or the AWS CLI"),
            ]).Replace(":7071", string.Create(CultureInfo.InvariantCulture, $":{FreePort()}"), StringComparison.Ordinal);

        (int code, string output, string error) = await RunAsync(clone.Path, script);

        Assert.True(code == 0, $"bash ended with {code}\n{output}\n{error}");
        Assert.Contains("\"status\": \"SUCCEEDED\"", output, StringComparison.Ordinal);
        Assert.Contains("\"ExecutionSucceeded\"", output, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string folder, string script)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo("/bin/bash", ["-c", script])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process bash = Process.Start(start) ?? throw new InvalidOperationException("bash did not start.");
        Task<string> output = bash.StandardOutput.ReadToEndAsync(cancellation);
        Task<string> error = bash.StandardError.ReadToEndAsync(cancellation);
        try
        {
            await bash.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            bash.Kill(entireProcessTree: true);
            throw;
        }

        return (bash.ExitCode, await output, await error);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
