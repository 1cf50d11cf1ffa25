using System.Diagnostics;
using Lockstep.TestKit;

namespace Lockstep.Infrastructure.Tests;

/// <summary>The hooks of a deployment, run by a real shell against a vault and an app that the test plays.</summary>
public sealed class HookTests
{
    public static TheoryData<string> Scripts => [.. Directory
        .EnumerateFiles(Repository.PathOf("infra/hooks"), "*.sh").Select(path => "infra/hooks/" + Path.GetFileName(path))];

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Script_has_no_syntax_error(string script)
    {
        SkipOnWindows();
        using Process process = Process.Start(new ProcessStartInfo("bash", ["-n", Repository.PathOf(script)]) { RedirectStandardError = true })
            ?? throw new InvalidOperationException("bash did not start.");
        string errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal((0, ""), (process.ExitCode, errors));
    }

    [Fact]
    public void Every_script_has_its_twin_for_the_other_shell() =>
        Assert.Equal(
            Directory.EnumerateFiles(Repository.PathOf("infra/hooks"), "*.sh").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(Repository.PathOf("infra/hooks"), "*.ps1").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));

    [Fact]
    public async Task Operator_key_is_drawn_when_there_is_none_and_is_not_shown()
    {
        SkipOnWindows();
        await using FakeCloud cloud = await FakeCloud.StartAsync();

        HookRun run = await HookRun.OfAsync("postprovision", cloud);

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Matches("^[A-Za-z0-9_-]{43}$", cloud.OperatorKey ?? "");
        Assert.DoesNotContain(cloud.OperatorKey ?? "", run.Output, StringComparison.Ordinal);
        Assert.Equal(
            ["GET /vault/secrets/operator-key?api-version=7.4", "PUT /vault/secrets/operator-key?api-version=7.4"], cloud.Requests);
    }

    [Fact]
    public async Task Two_operator_keys_differ()
    {
        SkipOnWindows();
        await using FakeCloud one = await FakeCloud.StartAsync();
        await using FakeCloud other = await FakeCloud.StartAsync();

        await HookRun.OfAsync("postprovision", one);
        await HookRun.OfAsync("postprovision", other);

        Assert.NotEqual(one.OperatorKey, other.OperatorKey);
    }

    [Fact]
    public async Task Operator_key_that_is_there_is_left_alone()
    {
        SkipOnWindows();
        await using FakeCloud cloud = await FakeCloud.StartAsync(operatorKey: "kept");

        HookRun run = await HookRun.OfAsync("postprovision", cloud);

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Equal("kept", cloud.OperatorKey);
        Assert.Single(cloud.Requests);
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(3, 1)]
    public async Task Role_that_is_not_known_yet_is_waited_for_as_long_as_there_are_attempts(int refusals, int exitCode)
    {
        SkipOnWindows();
        await using FakeCloud cloud = await FakeCloud.StartAsync(refusals: refusals);

        HookRun run = await HookRun.OfAsync("postprovision", cloud);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Equal(exitCode == 0, cloud.OperatorKey is not null);
        Assert.Equal(exitCode != 0, run.Output.Contains("Key Vault Secrets Officer", StringComparison.Ordinal));
    }

    [Fact]
    public async Task First_tenant_is_created_its_key_printed_once_and_the_tenant_remembered()
    {
        SkipOnWindows();
        await using FakeCloud cloud = await FakeCloud.StartAsync(operatorKey: "the-operator-key", unready: 2);

        HookRun run = await HookRun.OfAsync("postdeploy", cloud);

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Equal([("Bearer the-operator-key", """{"name":"first"}""")], cloud.Creations);
        Assert.Equal(2, run.Output.Split("k1.secret-of-the-tenant").Length);
        Assert.DoesNotContain("the-operator-key", run.Output, StringComparison.Ordinal);
        Assert.Equal(["LOCKSTEP_FIRST_TENANT 000000000007"], run.Remembered);
    }

    [Fact]
    public async Task Next_deployment_creates_no_other_tenant()
    {
        SkipOnWindows();
        await using FakeCloud cloud = await FakeCloud.StartAsync(operatorKey: "the-operator-key");

        HookRun run = await HookRun.OfAsync("postdeploy", cloud, ("LOCKSTEP_FIRST_TENANT", "000000000007"));

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Empty(cloud.Requests);
        Assert.Empty(cloud.Creations);
    }

    [Fact]
    public async Task App_that_never_gets_ready_fails_the_deployment_and_creates_nothing()
    {
        SkipOnWindows();
        await using FakeCloud cloud = await FakeCloud.StartAsync(operatorKey: "the-operator-key", unready: 3);

        HookRun run = await HookRun.OfAsync("postdeploy", cloud);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("/readyz does not answer 200", run.Output, StringComparison.Ordinal);
        Assert.Empty(cloud.Creations);
    }

    [Fact]
    public async Task Refusal_to_create_the_tenant_is_shown_without_the_operator_key_and_not_repeated()
    {
        SkipOnWindows();
        await using FakeCloud cloud = await FakeCloud.StartAsync(operatorKey: "the-operator-key", creation: 401);

        HookRun run = await HookRun.OfAsync("postdeploy", cloud);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("status 401", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("the-operator-key", run.Output, StringComparison.Ordinal);
        Assert.Single(cloud.Creations);
        Assert.Empty(run.Remembered);
    }

    [Fact]
    public async Task Hook_that_azd_does_not_run_says_so()
    {
        SkipOnWindows();
        await using FakeCloud cloud = await FakeCloud.StartAsync();

        HookRun run = await HookRun.OfAsync("postprovision", cloud, ("AZURE_KEY_VAULT_ENDPOINT", ""));

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("run this through azd", run.Output, StringComparison.Ordinal);
    }

    private static void SkipOnWindows() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The hooks for Windows are the .ps1 files.");
}
