using System.Diagnostics;
using Lockstep.Asl.Resources;
using Lockstep.Engine;
using Lockstep.Engine.Stimuli;
using Lockstep.Json;
using Lockstep.Service.Callbacks;

namespace Lockstep.Service.Executions;

/// <summary>
/// What the task of a parent gets to see when the child that it waits for has ended (Step Functions, "startExecution", .sync and
/// .sync:2): the answer of DescribeExecution with capitalised names, in alphabetical order. A child that did not succeed fails the
/// task with States.TaskFailed, and the whole answer is the cause.
/// </summary>
public static class NestedExecutionReport
{
    private const string FailedTask = "States.TaskFailed";

    /// <summary>The report for the parent's task.</summary>
    /// <param name="child">The child with input, and with output or error; it has ended.</param>
    /// <param name="pattern"><see cref="IntegrationPattern.Sync"/> shows input and output as text, <see cref="IntegrationPattern.Sync2"/> as JSON.</param>
    public static TaskReport Of(ExecutionRecord child, IntegrationPattern pattern)
    {
        ArgumentNullException.ThrowIfNull(child);
        JsonObject description = Describe(child, asJson: pattern == IntegrationPattern.Sync2);
        return child.Status == ExecutionStatus.Succeeded
            ? new TaskSuccessReport(description)
            : new TaskFailureReport(FailedTask, description.ToString());
    }

    /// <summary>The outcome of the parent's task.</summary>
    public static Stimulus OutcomeFor(CommandId task, ExecutionRecord child, IntegrationPattern pattern, DateTimeOffset now) =>
        Of(child, pattern).ToOutcome(task, now) ?? throw new UnreachableException();

    /// <summary>Whether a resource is a nested execution that its task waits for.</summary>
    public static bool IsAwaited(TaskResource resource) =>
        resource is { Kind: ResourceKind.Service, Service: "states", Pattern: IntegrationPattern.Sync or IntegrationPattern.Sync2 };

    /// <summary>The name of a status in AWS's API.</summary>
    public static string NameOf(ExecutionStatus status) => status switch
    {
        ExecutionStatus.Running => "RUNNING",
        ExecutionStatus.Succeeded => "SUCCEEDED",
        ExecutionStatus.Failed => "FAILED",
        ExecutionStatus.TimedOut => "TIMED_OUT",
        ExecutionStatus.Aborted => "ABORTED",
        _ => throw new UnreachableException(),
    };

    /// <summary>A date as service integrations show it: milliseconds since 1970.</summary>
    public static JsonNumber DateOf(DateTimeOffset time) => JsonNumber.Of(time.ToUnixTimeMilliseconds());

    private static JsonObject Describe(ExecutionRecord child, bool asJson)
    {
        var description = new JsonObjectBuilder(14);
        AddText(description, "Cause", child.Cause);
        AddText(description, "Error", child.Error);
        AddText(description, "ExecutionArn", child.Arn);
        AddData(description, "Input", child.Input, asJson);
        AddText(description, "Name", child.Name);
        AddData(description, "Output", child.Output, asJson);
        description.Add("StartDate", DateOf(child.StartedAt));
        AddText(description, "StateMachineAliasArn", child.StateMachineAliasArn);
        AddText(description, "StateMachineArn", child.StateMachineArn);
        AddText(description, "StateMachineVersionArn", child.StateMachineVersionArn);
        AddText(description, "Status", NameOf(child.Status));
        if (child.StoppedAt is { } stopped)
        {
            description.Add("StopDate", DateOf(stopped));
        }

        return description.Build();
    }

    private static void AddText(JsonObjectBuilder description, string name, string? text)
    {
        if (text is not null)
        {
            description.Add(name, JsonString.Of(text));
        }
    }

    private static void AddData(JsonObjectBuilder description, string name, string? json, bool asJson)
    {
        if (json is not null)
        {
            description.Add(name, asJson ? JsonValue.Parse(json) : JsonString.Of(json));
            description.Add(name + "Details", JsonObject.Of("Included", JsonBoolean.True));
        }
    }
}
