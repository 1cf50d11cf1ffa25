using Lockstep.EndToEnd.Tests.Serving;
using Lockstep.TestKit.Processes;

namespace Lockstep.EndToEnd.Tests.Clients;

/// <summary>The AWS CLI against a real server: what it sends is signed and shaped otherwise than what the SDK for JavaScript sends.</summary>
public sealed class AwsCliTests
{
    private const int TimeoutMilliseconds = 240_000;
    private const string Account = "arn:aws:states:local:000000000001";
    private const string Machine = $"{Account}:stateMachine:cli";
    private const string Definition = """{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":3600,"End":true}}}""";

    private static readonly (string Command, string Says)[] Steps =
    [
        ($"create-state-machine --name cli --role-arn arn:aws:iam::000000000001:role/any --definition {Definition} --tags key=a,value=b", Machine),
        ("create-state-machine --name cli --role-arn arn:aws:iam::000000000001:role/any --definition {}", "(StateMachineAlreadyExists)"),
        ("create-state-machine --name bad --role-arn arn:aws:iam::000000000001:role/any --definition {}", "(InvalidDefinition)"),
        ($"describe-state-machine --state-machine-arn {Machine}", "\"status\": \"ACTIVE\""),
        ($"describe-state-machine --state-machine-arn {Account}:stateMachine:none", "(StateMachineDoesNotExist)"),
        ("list-state-machines", "\"name\": \"cli\""),
        ("list-state-machines --next-token forged", "(InvalidToken)"),
        ($"list-tags-for-resource --resource-arn {Machine}", "\"value\": \"b\""),
        ($"tag-resource --resource-arn {Machine} --tags key=c,value=d", ""),
        ($"untag-resource --resource-arn {Machine} --tag-keys a", ""),
        ($"list-tags-for-resource --resource-arn {Machine}", "\"key\": \"c\""),
        ($"tag-resource --resource-arn {Account}:activity:none --tags key=c,value=d", "(ResourceNotFound)"),
        ($"start-execution --state-machine-arn {Machine} --name one", $"{Account}:execution:cli:one"),
        ($"start-execution --state-machine-arn {Machine} --input no", "(InvalidExecutionInput)"),
        ($"list-executions --state-machine-arn {Machine} --status-filter RUNNING", "\"status\": \"RUNNING\""),
        ($"get-execution-history --execution-arn {Account}:execution:cli:one --max-items 1", "\"type\": \"ExecutionStarted\""),
        ($"stop-execution --execution-arn {Account}:execution:cli:one --error E --cause C", "\"stopDate\""),
        ($"stop-execution --execution-arn {Account}:execution:cli:none", "(ExecutionDoesNotExist)"),
        ($"describe-execution --execution-arn {Account}:execution:cli:one", "\"status\": \"ABORTED\""),
        ($"publish-state-machine-version --state-machine-arn {Machine}", Machine + ":1"),
        ("create-activity --name work", $"{Account}:activity:work"),
        ("create-activity --name a/b", "(InvalidName)"),
        ($"delete-activity --activity-arn {Account}:activity:work", ""),
        ("send-task-heartbeat --task-token forged", "(InvalidToken)"),
        ($"delete-state-machine --state-machine-arn {Machine}", ""),
    ];

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task The_AWS_CLI_works()
    {
        string? aws = ClientProcess.Find("aws");
        Assert.SkipUnless(aws is not null, "The AWS CLI is not installed (Debian has it as awscli).");
        using var folder = new TemporaryFolder();
        await using TestServer server = await TestServer.StartAsync(
            folder, new Dictionary<string, string?> { ["LOCKSTEP_DEV_ACCESS_KEY_ID"] = "AKCLI", ["LOCKSTEP_DEV_SECRET_ACCESS_KEY"] = "secret" });
        foreach ((string command, string says) in Steps)
        {
            ClientResult result = await RunAsync(aws ?? "aws", server, "secret", command);
            bool isRefused = says.StartsWith('(');
            Assert.True(isRefused != (result.Code == 0), $"{command}\n{result.Output}\n{result.Error}");
            Assert.Contains(says, isRefused ? result.Error : result.Output, StringComparison.Ordinal);
        }

        ClientResult stranger = await RunAsync(aws ?? "aws", server, "wrong", "list-state-machines");
        Assert.Contains("(InvalidSignatureException)", stranger.Error, StringComparison.Ordinal);
    }

    private static Task<ClientResult> RunAsync(string aws, TestServer server, string secret, string command) => ClientProcess.RunAsync(
        aws,
        ["stepfunctions", "--endpoint-url", server.Client.BaseAddress?.ToString().TrimEnd('/') ?? "", "--output", "json", .. command.Split(' ')],
        new Dictionary<string, string?>
        {
            ["AWS_ACCESS_KEY_ID"] = "AKCLI",
            ["AWS_SECRET_ACCESS_KEY"] = secret,
            ["AWS_SESSION_TOKEN"] = null,
            ["AWS_DEFAULT_REGION"] = "eu-central-1",
            ["AWS_PAGER"] = "",
        });
}
