using System.Diagnostics;
using System.Text.RegularExpressions;
using Lockstep.Api.Tests.Support;
using Lockstep.TestKit;

namespace Lockstep.Api.Tests;

/// <summary>Types the examples of docs/api.md into bash, in order.</summary>
public sealed partial class ApiGuideTests : IDisposable
{
    private const int TimeoutMilliseconds = 60_000;
    private readonly string _folder = Directory.CreateTempSubdirectory("lockstep-guide-").FullName;

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Every_example_of_the_guide_works()
    {
        Assert.SkipUnless(File.Exists("/bin/bash") && File.Exists("/usr/bin/curl"), "There is no bash or no curl on this machine.");
        await using EmbeddedApi api = await EmbeddedApi.OpenAsync(_folder);
        string guide = await File.ReadAllTextAsync(Repository.PathOf("docs/api.md"), TestContext.Current.CancellationToken);
        string script = "set -euo pipefail\n" + string.Concat(Block().Matches(guide).Select(match => match.Groups[1].Value));

        (int code, string output, string error) = await RunAsync(script, api.Anna.Http.BaseAddress?.GetLeftPart(UriPartial.Authority) ?? "");

        Assert.True(code == 0, $"bash ended with {code}\n{output}\n{error}");
        Assert.Contains("\"result\":\"FAIL\"", output, StringComparison.Ordinal);
        Assert.Contains("\"input\":{\"who\":\"world\",\"exactly\":1.50}", output, StringComparison.Ordinal);
        Assert.Contains("event: ActivityScheduled\n", output, StringComparison.Ordinal);
        Assert.Contains("\"output\":{\"greeting\":\"Hello, world!\"}", output, StringComparison.Ordinal);
        Assert.Contains("lockstep.execution.succeeded", output, StringComparison.Ordinal);
        Assert.EndsWith("{\"status\":\"ok\"}{\"status\":\"ok\"}", output, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [GeneratedRegex("^```bash\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    private static async Task<(int Code, string Output, string Error)> RunAsync(string script, string url)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo("/bin/bash", ["-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LOCKSTEP_URL"] = url;
        start.Environment["LOCKSTEP_API_KEY"] = "annas-key";
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
}
