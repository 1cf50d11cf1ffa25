namespace Lockstep.Asl.Resources;

/// <summary>How a service integration reports back (Step Functions, "service integration patterns").</summary>
public enum IntegrationPattern
{
    /// <summary>The answer of the call is the result.</summary>
    RequestResponse,

    /// <summary><c>.sync</c>: the state waits until the job that the call started has ended.</summary>
    Sync,

    /// <summary><c>.sync:2</c>: as <see cref="Sync"/>, with the job's output as JSON instead of text.</summary>
    Sync2,

    /// <summary><c>.waitForTaskToken</c>: the state waits until somebody returns the token.</summary>
    WaitForTaskToken,
}

/// <summary>Which family of history events a task writes.</summary>
public enum ResourceKind
{
    /// <summary>A function ARN in <c>Resource</c>: LambdaFunctionScheduled, LambdaFunctionStarted, …</summary>
    Function,

    /// <summary>An activity ARN: ActivityScheduled, ActivityStarted, …</summary>
    Activity,

    /// <summary>A service integration <c>arn:…:states:::service:action[.pattern]</c>: TaskScheduled, TaskStarted, TaskSubmitted, …</summary>
    Service,
}

/// <summary>A parsed <c>Resource</c> field of a Task state.</summary>
/// <param name="Text">The ARN as written.</param>
/// <param name="Kind">Its family.</param>
/// <param name="Service">For a service: the part shown as <c>resourceType</c>, such as <c>lambda</c>, <c>states</c> or <c>aws-sdk:dynamodb</c>. Else empty.</param>
/// <param name="Action">For a service: the action with its pattern as shown in <c>resource</c>, such as <c>invoke</c> or <c>startExecution.sync:2</c>.
/// For a function or an activity: its name.</param>
/// <param name="Pattern">The integration pattern; request-response for functions and activities.</param>
public sealed record TaskResource(string Text, ResourceKind Kind, string Service, string Action, IntegrationPattern Pattern)
{
    /// <summary>The action without its pattern, such as <c>startExecution</c>; for a function or an activity: its name.</summary>
    public string ActionName { get; } = Kind == ResourceKind.Service ? Action[..^TaskResourceParser.SuffixOf(Pattern).Length] : Action;
}
