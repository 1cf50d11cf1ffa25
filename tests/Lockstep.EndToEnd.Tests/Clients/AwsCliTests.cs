using System.Text.Json;
using System.Text.RegularExpressions;
using Lockstep.Api.Wire;
using Lockstep.EndToEnd.Tests.Serving;
using Lockstep.TestKit.Processes;

namespace Lockstep.EndToEnd.Tests.Clients;

/// <summary>
/// The AWS CLI against a real server: what it sends is signed and shaped otherwise than what the SDK for JavaScript sends. Every CLI on PATH is used, that of Debian's
/// package first; the others have only to do what it does not know.
/// </summary>
public sealed class AwsCliTests
{
    private const int TimeoutMilliseconds = 1_200_000;
    private const int MaxLooks = 50;

    /// <summary>The version that Debian 12 has as its package awscli.</summary>
    private const string Debian12 = "aws-cli/2.9.19 ";

    /// <summary>What that version does not know, being older than these operations. Said by the CLI itself; the test fails when it knows one of them.</summary>
    private static readonly string[] UnknownToDebian12 =
    [
        "CreateStateMachineAlias", "DeleteStateMachineAlias", "DeleteStateMachineVersion", "DescribeStateMachineAlias", "ListStateMachineAliases",
        "ListStateMachineVersions", "PublishStateMachineVersion", "RedriveExecution", "TestState", "UpdateStateMachineAlias", "ValidateStateMachineDefinition",
    ];

    private readonly Dictionary<string, string> _kept = new(StringComparer.Ordinal);
    private readonly HashSet<string> _good = new(StringComparer.Ordinal);
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);

    [Fact]
    public void The_calls_have_every_operation_well_and_refused()
    {
        IEnumerable<AwsCliStep> all = AwsCliSteps.Sections.SelectMany(section => section).ToArray();
        Assert.Equal(Served, all.Where(step => !step.IsRefused).Select(step => NameOf(step.Operation)).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(Served, all.Where(step => step.IsRefused).Select(step => NameOf(step.Operation)).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task The_AWS_CLI_works_with_every_operation_that_it_knows()
    {
        List<(string Path, string Version)> installed = await FindAsync();
        Assert.SkipUnless(installed.Count > 0, "The AWS CLI is not installed (Debian has it as awscli).");
        HashSet<string> everyUnknown = [.. Served];
        foreach ((string aws, string version) in installed.TakeWhile(_ => everyUnknown.Count > 0))
        {
            string[] unknown = [.. await RunSectionsAsync(aws)];
            Assert.Equal(IsDebian12(version) ? UnknownToDebian12 : [], unknown);
            everyUnknown.IntersectWith(unknown);
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{aws}, {version}: knows all of the operations it was asked for but {unknown.Length}: {string.Join(", ", unknown)}");
        }

        Assert.Equal(Served.Except(everyUnknown), _good.Order(StringComparer.Ordinal));
        Assert.Equal(Served.Except(everyUnknown), _refused.Order(StringComparer.Ordinal));
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Wrong_secrets_are_refused()
    {
        List<(string Path, string Version)> installed = await FindAsync();
        Assert.SkipUnless(installed.Count > 0, "The AWS CLI is not installed (Debian has it as awscli).");
        using var folder = new TemporaryFolder();
        await using TestServer server = await StartAsync(folder);
        ClientResult stranger = await RunAsync(installed[0].Path, server, "wrong", "list-state-machines");
        Assert.Contains("(InvalidSignatureException)", stranger.Error, StringComparison.Ordinal);
    }

    private static string[] Served => [.. WireRegistry.Operations.Select(operation => operation.Name).Order(StringComparer.Ordinal)];

    private static string NameOf(string operation) => string.Concat(operation.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    private static bool IsDebian12(string version) => version.StartsWith(Debian12, StringComparison.Ordinal);

    /// <summary>The CLIs that run, a version each, Debian's first.</summary>
    private static async Task<List<(string Path, string Version)>> FindAsync()
    {
        List<(string Path, string Version)> found = [];
        foreach (string path in ClientProcess.FindAll("aws"))
        {
            ClientResult version = await ClientProcess.RunAsync(path, ["--version"]);
            if (version.Code == 0)
            {
                found.Add((path, version.Output.Trim()));
            }
        }

        return [.. found.DistinctBy(cli => cli.Version).OrderBy(cli => IsDebian12(cli.Version) ? 0 : 1)];
    }

    /// <summary>Makes the calls of the sections in which something was not called before; answers with what the CLI does not know.</summary>
    private async Task<SortedSet<string>> RunSectionsAsync(string aws)
    {
        var unknown = new SortedSet<string>(StringComparer.Ordinal);
        using var folder = new TemporaryFolder();
        await using TestServer server = await StartAsync(folder);
        foreach (IReadOnlyList<AwsCliStep> section in AwsCliSteps.Sections)
        {
            if (section.All(step => (step.IsRefused ? _refused : _good).Contains(NameOf(step.Operation))))
            {
                continue;
            }

            foreach (AwsCliStep step in section.Where(step => !unknown.Contains(NameOf(step.Operation))))
            {
                if (!await TryAsync(aws, server, step))
                {
                    unknown.Add(NameOf(step.Operation));
                }
            }
        }

        return unknown;
    }

    /// <summary>Makes one call; false when the CLI does not know the operation.</summary>
    private async Task<bool> TryAsync(string aws, TestServer server, AwsCliStep step)
    {
        string command = _kept.Aggregate(step.Command, (text, kept) => text.Replace($"{{{kept.Key}}}", kept.Value, StringComparison.Ordinal));
        for (int look = 1; ; look++)
        {
            ClientResult result = await RunAsync(aws, server, "secret", command);
            if (result.Code != 0 && result.Error.Contains("Invalid choice", StringComparison.Ordinal))
            {
                return false;
            }

            string said = step.IsRefused ? result.Error : result.Output;
            if (step.IsAwaited && look < MaxLooks && !said.Contains(step.Says, StringComparison.Ordinal))
            {
                continue;
            }

            Assert.True(step.IsRefused != (result.Code == 0), $"{command}\n{result.Output}\n{result.Error}");
            Assert.Contains(step.Says, said, StringComparison.Ordinal);
            if (step.Keep is { } keep)
            {
                _kept[keep.Name] = JsonSerializer.Deserialize<string>($"\"{Regex.Match(said, keep.Pattern).Groups[1].Value}\"") ?? "";
            }

            (step.IsRefused ? _refused : _good).Add(NameOf(step.Operation));
            return true;
        }
    }

    private static Task<TestServer> StartAsync(TemporaryFolder folder) => TestServer.StartAsync(
        folder, new Dictionary<string, string?> { ["LOCKSTEP_DEV_ACCESS_KEY_ID"] = "AKCLI", ["LOCKSTEP_DEV_SECRET_ACCESS_KEY"] = "secret" });

    /// <summary>
    /// Runs a command. The CLI puts sync- before the host of two operations: these are sent to a name of nowhere, with the server as the proxy.
    /// </summary>
    private static Task<ClientResult> RunAsync(string aws, TestServer server, string secret, string command)
    {
        string address = server.Client.BaseAddress?.ToString().TrimEnd('/') ?? "";
        bool isPrefixed = command.StartsWith("start-sync-execution ", StringComparison.Ordinal) || command.StartsWith("test-state ", StringComparison.Ordinal);
        var environment = new Dictionary<string, string?>
        {
            ["AWS_ACCESS_KEY_ID"] = "AKCLI",
            ["AWS_SECRET_ACCESS_KEY"] = secret,
            ["AWS_SESSION_TOKEN"] = null,
            ["AWS_DEFAULT_REGION"] = "eu-central-1",
            ["AWS_PAGER"] = "",
        };
        foreach (string name in (string[])["HTTP_PROXY", "http_proxy"])
        {
            environment[name] = isPrefixed ? address : null;
        }

        return ClientProcess.RunAsync(
            aws,
            ["stepfunctions", "--endpoint-url", isPrefixed ? "http://lockstep.test" : address, "--output", "json", .. command.Split(' ')],
            environment);
    }
}
