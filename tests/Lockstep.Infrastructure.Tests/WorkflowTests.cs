using System.Text.Json;
using System.Text.RegularExpressions;
using Lockstep.TestKit;
using YamlDotNet.RepresentationModel;

namespace Lockstep.Infrastructure.Tests;

/// <summary>What GitHub, azd and Docker read: that it can be read, names what is there, and is allowed no more than it needs.</summary>
public sealed partial class WorkflowTests
{
    /// <summary>What a workflow may name before it is there. An entry does no harm once it is.</summary>
    private static readonly string[] Announced = ["src/Lockstep.Functions", "src/Lockstep.Functions/*.csproj"];

    /// <summary>The jobs that may do more than read the repository, with all that they may do.</summary>
    private static readonly Dictionary<string, string> Permissions = new(StringComparer.Ordinal)
    {
        ["azure.yml azd"] = "contents: read, id-token: write",
        ["release.yml attest"] = "attestations: write, contents: read, id-token: write",
        ["release.yml gallery"] = "id-token: write",
        ["release.yml release"] = "contents: write",
    };

    public static TheoryData<string> YamlFiles => [.. RepositoryFiles.Workflows, "azure.yaml", "infra/local/compose.yaml"];

    public static TheoryData<string> JsonFiles =>
        ["infra/main.parameters.json", "infra/bicepconfig.json", "infra/local/service-bus.json", "infra/workbooks/operations.json"];

    [Theory]
    [MemberData(nameof(YamlFiles))]
    public void Yaml_can_be_read(string path) => Assert.NotEmpty(RepositoryFiles.Yaml(path).Children);

    [Theory]
    [MemberData(nameof(JsonFiles))]
    public void Json_can_be_read(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Repository.PathOf(path)));
        Assert.Equal(JsonValueKind.Object, document.RootElement.ValueKind);
    }

    [Fact]
    public void Every_workflow_may_only_read_unless_a_job_says_why_not()
    {
        foreach (string path in RepositoryFiles.Workflows)
        {
            Assert.Equal("contents: read", Render(RepositoryFiles.Yaml(path).At("permissions")));
        }

        Assert.Equal(
            Permissions.Select(entry => $"{entry.Key}: {entry.Value}"),
            Jobs.Where(job => job.Body.At("permissions") is not null)
                .Select(job => $"{Path.GetFileName(job.Workflow)} {job.Name}: {Render(job.Body.At("permissions"))}")
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_action_is_pinned_to_a_major_version_at_least() =>
        Findings.None(Steps.Select(step => step.At("uses")?.ToString() ?? "actions/none@v1").Where(uses => !PinnedAction().IsMatch(uses)));

    [Fact]
    public void Every_job_ends_by_itself() =>
        Findings.None(Jobs.Where(job => job.Body.At("timeout-minutes") is null).Select(job => $"{job.Workflow}: {job.Name}"));

    [Fact]
    public void Every_job_waits_for_jobs_that_are_there() =>
        Findings.None(
            from job in Jobs
            let needed = job.Body.At("needs")
            where needed is not null && !Jobs.Any(other => other.Workflow == job.Workflow && other.Name == needed.ToString())
            select $"{job.Workflow}: {job.Name} needs {needed}");

    [Fact]
    public void Every_path_a_workflow_names_is_there() =>
        Findings.None(
            from workflow in RepositoryFiles.Workflows
            from Match match in NamedPath().Matches(File.ReadAllText(Repository.PathOf(workflow)))
            let path = match.Value.TrimEnd('.', '/')
            where !Announced.Contains(path) && !IsThere(path)
            select $"{workflow}: {path}");

    [Fact]
    public void No_step_puts_into_a_shell_what_a_stranger_may_have_written() =>
        Findings.None(Steps.Select(step => step.At("run")?.ToString() ?? "").Where(run => run.Contains("${{", StringComparison.Ordinal)));

    [Fact]
    public void Azd_finds_the_service_the_templates_and_the_hooks()
    {
        YamlMappingNode project = RepositoryFiles.Yaml("azure.yaml");

        Assert.Equal("src/Lockstep.Functions", project.At("services", "api", "project")?.ToString());
        Assert.Equal("function", project.At("services", "api", "host")?.ToString());
        Assert.Equal("dotnet", project.At("services", "api", "language")?.ToString());
        Assert.Contains("'azd-service-name': 'api'", File.ReadAllText(Repository.PathOf("infra/modules/function-app.bicep")), StringComparison.Ordinal);
        Assert.True(File.Exists(Repository.PathOf($"{project.At("infra", "path")}/{project.At("infra", "module")}.bicep")));
        Assert.Equal(["postprovision", "postdeploy"], project.At("hooks").Entries().Select(hook => hook.Key));
        Findings.None(
            from hook in project.At("hooks").Entries()
            from shell in hook.Value.Entries()
            let script = shell.Value.At("run")?.ToString() ?? ""
            where !File.Exists(Repository.PathOf(script)) || !script.EndsWith(shell.Key == "posix" ? ".sh" : ".ps1", StringComparison.Ordinal)
            select $"{hook.Key}: {script}");
    }

    [Fact]
    public void Emulators_listen_on_the_loopback_address_only() =>
        Findings.None(
            from service in RepositoryFiles.Yaml("infra/local/compose.yaml").At("services").Entries()
            from port in service.Value.At("ports").Items()
            where !port.ToString().StartsWith("127.0.0.1:", StringComparison.Ordinal)
            select $"{service.Key}: {port}");

    [Fact]
    public void Files_the_emulators_mount_are_there() =>
        Assert.Equal(
            ["./service-bus.json"],
            from service in RepositoryFiles.Yaml("infra/local/compose.yaml").At("services").Entries()
            from volume in service.Value.At("volumes").Items()
            let source = volume.ToString().Split(':')[0]
            where File.Exists(Repository.PathOf("infra/local/" + source))
            select source);

    [Fact]
    public void Storage_emulator_is_the_same_everywhere()
    {
        string[] versions = [.. RepositoryFiles.Workflows.Append("infra/local/compose.yaml").Append(".ci/run")
            .SelectMany(path => StorageEmulator().Matches(File.ReadAllText(Repository.PathOf(path))))
            .Select(match => match.Groups[1].Value)];

        Assert.True(versions.Length > 1);
        Assert.Single(versions.Distinct());
    }

    [Fact]
    public void Workbook_asks_for_the_metrics_that_the_alerts_ask_for()
    {
        string workbook = File.ReadAllText(Repository.PathOf("infra/workbooks/operations.json"));
        string alerts = File.ReadAllText(Repository.PathOf("infra/modules/alerts.bicep"));

        Assert.Equal(
            Metric().Matches(alerts).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal),
            Metric().Matches(workbook).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal));
    }

    private static IEnumerable<(string Workflow, string Name, YamlNode Body)> Jobs =>
        RepositoryFiles.Workflows.SelectMany(path => RepositoryFiles.Yaml(path).At("jobs").Entries().Select(job => (path, job.Key, job.Value)));

    private static IEnumerable<YamlNode> Steps => Jobs.SelectMany(job => job.Body.At("steps").Items());

    private static string Render(YamlNode? permissions) =>
        string.Join(", ", permissions.Entries().Select(entry => $"{entry.Key}: {entry.Value}").Order(StringComparer.Ordinal));

    private static bool IsThere(string path)
    {
        string absolute = Repository.PathOf(path);
        return Path.Exists(absolute)
            || (path.Contains('*', StringComparison.Ordinal)
                && Directory.Exists(Path.GetDirectoryName(absolute))
                && Directory.EnumerateFiles(Path.GetDirectoryName(absolute) ?? "", Path.GetFileName(absolute)).Any());
    }

    [GeneratedRegex(@"^[\w.-]+/[\w.-]+@v\d+(\.\d+)*$")]
    private static partial Regex PinnedAction();

    [GeneratedRegex(@"(?<![\w/.-])(src|tests|bench|docs|infra|samples|\.ci)/[\w./*-]+|\b(Platform\.\w+|global\.json|azure\.yaml)\b")]
    private static partial Regex NamedPath();

    [GeneratedRegex(@"\bazurite[@:](\S+)")]
    private static partial Regex StorageEmulator();

    [GeneratedRegex(@"lockstep\.\w+\.\w+")]
    private static partial Regex Metric();
}
