namespace Lockstep.EndToEnd.Tests.Clients;

/// <summary>One call of the AWS CLI.</summary>
/// <param name="Command">What is called, the arguments separated by spaces; <c>{name}</c> stands for what an earlier call has said.</param>
/// <param name="Says">What the answer has in it; in parentheses the error that refuses the call.</param>
internal sealed record AwsCliStep(string Command, string Says)
{
    /// <summary>Whether the call is refused.</summary>
    public bool IsRefused => Says.StartsWith('(');

    /// <summary>What of the answer is kept for later calls: a name, and a pattern whose first group finds it; null when nothing is.</summary>
    public (string Name, string Pattern)? Keep { get; init; }

    /// <summary>Whether it is called again until it says so, because what it shows comes in its own time.</summary>
    public bool IsAwaited { get; init; }

    /// <summary>The operation, as the CLI spells it.</summary>
    public string Operation => Command.Split(' ')[0];
}

/// <summary>Calls of the AWS CLI, in sections that need nothing of one another: every operation well and refused.</summary>
internal static class AwsCliSteps
{
    private const string Account = "arn:aws:states:local:000000000001";
    private const string Role = "--role-arn arn:aws:iam::000000000001:role/any";
    private const string Waits = """{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":3600,"End":true}}}""";
    private const string Passes = """{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}""";
    private const string Works = """{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:local:000000000001:activity:work","End":true}}}""";

    private const string Maps = """
        {"StartAt":"M","States":{"M":{"Type":"Map","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":3600,"End":true}}},"End":true}}}
        """;

    /// <summary>The sections.</summary>
    public static IReadOnlyList<IReadOnlyList<AwsCliStep>> Sections { get; } =
    [
        [
            new($"create-state-machine --name cli {Role} --definition {Waits} --tags key=a,value=b", Machine("cli")),
            new($"create-state-machine --name cli {Role} --definition {{}}", "(StateMachineAlreadyExists)"),
            new($"create-state-machine --name bad {Role} --definition {{}}", "(InvalidDefinition)"),
            new($"describe-state-machine --state-machine-arn {Machine("cli")}", "\"status\": \"ACTIVE\""),
            new($"describe-state-machine --state-machine-arn {Machine("none")}", "(StateMachineDoesNotExist)"),
            new("list-state-machines", "\"name\": \"cli\""),
            new("list-state-machines --next-token forged", "(InvalidToken)"),
            new($"update-state-machine --state-machine-arn {Machine("cli")} --role-arn arn:aws:iam::000000000001:role/other", "\"updateDate\""),
            new($"update-state-machine --state-machine-arn {Machine("cli")}", "(MissingRequiredParameter)"),
            new($"list-tags-for-resource --resource-arn {Machine("cli")}", "\"value\": \"b\""),
            new($"list-tags-for-resource --resource-arn {Machine("none")}", "(ResourceNotFound)"),
            new($"tag-resource --resource-arn {Machine("cli")} --tags key=c,value=d", ""),
            new($"untag-resource --resource-arn {Machine("cli")} --tag-keys a", ""),
            new($"list-tags-for-resource --resource-arn {Machine("cli")}", "\"key\": \"c\""),
            new($"tag-resource --resource-arn {Account}:activity:none --tags key=c,value=d", "(ResourceNotFound)"),
            new($"untag-resource --resource-arn {Account}:activity:none --tag-keys c", "(ResourceNotFound)"),
            new($"delete-state-machine --state-machine-arn {Machine("cli")}", ""),
            new("delete-state-machine --state-machine-arn cli", "(InvalidArn)"),
        ],
        [
            new($"create-state-machine --name runs {Role} --definition {Waits}", Machine("runs")),
            new($"start-execution --state-machine-arn {Machine("runs")} --name one", Execution("runs:one")),
            new($"start-execution --state-machine-arn {Machine("runs")} --input no", "(InvalidExecutionInput)"),
            new($"list-executions --state-machine-arn {Machine("runs")} --status-filter RUNNING", "\"status\": \"RUNNING\""),
            new($"list-executions --state-machine-arn {Machine("none")}", "(StateMachineDoesNotExist)"),
            new($"get-execution-history --execution-arn {Execution("runs:one")} --max-items 1", "\"type\": \"ExecutionStarted\""),
            new($"get-execution-history --execution-arn {Execution("runs:none")}", "(ExecutionDoesNotExist)"),
            new($"describe-state-machine-for-execution --execution-arn {Execution("runs:one")}", "\"name\": \"runs\""),
            new($"describe-state-machine-for-execution --execution-arn {Execution("runs:none")}", "(ExecutionDoesNotExist)"),
            new($"stop-execution --execution-arn {Execution("runs:one")} --error E --cause C", "\"stopDate\""),
            new($"stop-execution --execution-arn {Execution("runs:none")}", "(ExecutionDoesNotExist)"),
            new($"describe-execution --execution-arn {Execution("runs:one")}", "\"status\": \"ABORTED\""),
            new($"describe-execution --execution-arn {Execution("runs:none")}", "(ExecutionDoesNotExist)"),
            new($"redrive-execution --execution-arn {Execution("runs:one")}", "\"redriveDate\""),
            new($"redrive-execution --execution-arn {Execution("runs:one")}", "(ExecutionNotRedrivable)"),
            new($"stop-execution --execution-arn {Execution("runs:one")}", "\"stopDate\""),
            new($"create-state-machine --name express --type EXPRESS {Role} --definition {Passes}", Machine("express")),
            new($$"""start-sync-execution --state-machine-arn {{Machine("express")}} --input {"a":1}""", "\"output\": \"{\\\"a\\\":1}\""),
            new($"start-sync-execution --state-machine-arn {Machine("runs")}", "(StateMachineTypeNotSupported)"),
        ],
        [
            new($"create-state-machine --name versioned {Role} --definition {Passes}", Machine("versioned")),
            new($"publish-state-machine-version --state-machine-arn {Machine("versioned")}", Machine("versioned:1")),
            new($"publish-state-machine-version --state-machine-arn {Machine("none")}", "(StateMachineDoesNotExist)"),
            new($"list-state-machine-versions --state-machine-arn {Machine("versioned")}", Machine("versioned:1")),
            new("list-state-machine-versions --state-machine-arn versioned", "(InvalidArn)"),
            new($"create-state-machine-alias --name PROD --routing-configuration stateMachineVersionArn={Machine("versioned:1")},weight=100", Machine("versioned:PROD")),
            new($"create-state-machine-alias --name HALF --routing-configuration stateMachineVersionArn={Machine("versioned:1")},weight=50", "(ValidationException)"),
            new($"describe-state-machine-alias --state-machine-alias-arn {Machine("versioned:PROD")}", "\"weight\": 100"),
            new($"describe-state-machine-alias --state-machine-alias-arn {Machine("versioned:NONE")}", "(ResourceNotFound)"),
            new($"update-state-machine-alias --state-machine-alias-arn {Machine("versioned:PROD")} --description new", "\"updateDate\""),
            new($"update-state-machine-alias --state-machine-alias-arn {Machine("versioned:PROD")}", "(ValidationException)"),
            new($"list-state-machine-aliases --state-machine-arn {Machine("versioned")}", Machine("versioned:PROD")),
            new($"list-state-machine-aliases --state-machine-arn {Machine("none")}", "(StateMachineDoesNotExist)"),
            new($"delete-state-machine-version --state-machine-version-arn {Machine("versioned:1")}", "(ConflictException)"),
            new($"delete-state-machine-alias --state-machine-alias-arn {Machine("versioned:PROD")}", ""),
            new($"delete-state-machine-alias --state-machine-alias-arn {Machine("versioned:PROD")}", "(ResourceNotFound)"),
            new($"delete-state-machine-version --state-machine-version-arn {Machine("versioned:1")}", ""),
        ],
        [
            new($"validate-state-machine-definition --definition {Passes}", "\"result\": \"OK\""),
            new($"validate-state-machine-definition --definition {Passes} --max-results 101", "(ValidationException)"),
            new($$"""test-state {{Role}} --definition {"Type":"Pass","End":true} --input {"a":1}""", "\"status\": \"SUCCEEDED\""),
            new($"test-state {Role} --definition {{}}", "(InvalidDefinition)"),
        ],
        [
            new("create-activity --name work", $"{Account}:activity:work"),
            new("create-activity --name a/b", "(InvalidName)"),
            new($"describe-activity --activity-arn {Account}:activity:work", "\"name\": \"work\""),
            new($"describe-activity --activity-arn {Account}:activity:none", "(ActivityDoesNotExist)"),
            new("list-activities", "\"name\": \"work\""),
            new("list-activities --next-token forged", "(InvalidToken)"),
            new($"get-activity-task --activity-arn {Account}:activity:none", "(ActivityDoesNotExist)"),
            new($"create-state-machine --name works {Role} --definition {Works}", Machine("works")),
            new($"start-execution --state-machine-arn {Machine("works")} --name good", Execution("works:good")),
            new($"get-activity-task --activity-arn {Account}:activity:work --worker-name cli", "\"taskToken\"") { Keep = Token },
            new("send-task-heartbeat --task-token {token}", ""),
            new("send-task-heartbeat --task-token forged", "(InvalidToken)"),
            new("""send-task-success --task-token {token} --task-output {"b":2}""", ""),
            new("send-task-success --task-token forged --task-output {}", "(InvalidToken)"),
            new($"describe-execution --execution-arn {Execution("works:good")}", "{\\\"b\\\":2}") { IsAwaited = true },
            new($"start-execution --state-machine-arn {Machine("works")} --name bad", Execution("works:bad")),
            new($"get-activity-task --activity-arn {Account}:activity:work", "\"taskToken\"") { Keep = Token },
            new("send-task-failure --task-token {token} --error E --cause C", ""),
            new("send-task-failure --task-token forged", "(InvalidToken)"),
            new($"describe-execution --execution-arn {Execution("works:bad")}", "\"status\": \"FAILED\"") { IsAwaited = true },
            new($"delete-activity --activity-arn {Account}:activity:work", ""),
            new("delete-activity --activity-arn work", "(InvalidArn)"),
        ],
        [
            new($"create-state-machine --name maps {Role} --definition {Maps.Trim()}", Machine("maps")),
            new($"start-execution --state-machine-arn {Machine("maps")} --name one --input [1,2]", Execution("maps:one")),
            new($"list-map-runs --execution-arn {Execution("maps:one")}", "\"mapRunArn\"") { IsAwaited = true, Keep = ("run", "\"mapRunArn\": \"([^\"]+)\"") },
            new($"list-map-runs --execution-arn {Execution("maps:none")}", "(ExecutionDoesNotExist)"),
            new("describe-map-run --map-run-arn {run}", "\"status\": \"RUNNING\""),
            new($"describe-map-run --map-run-arn {Account}:mapRun:maps/label:none", "(ResourceNotFound)"),
            new("update-map-run --map-run-arn {run} --max-concurrency 2", ""),
            new("update-map-run --map-run-arn {run}", "(ValidationException)"),
            new($"stop-execution --execution-arn {Execution("maps:one")}", "\"stopDate\""),
        ],
    ];

    private static (string, string) Token => ("token", "\"taskToken\": \"([^\"]+)\"");

    private static string Machine(string name) => $"{Account}:stateMachine:{name}";

    private static string Execution(string name) => $"{Account}:execution:{name}";
}
