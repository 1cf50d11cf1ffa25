using Lockstep.Conformance.Tests.Cases;
using Lockstep.Engine;
using Lockstep.Engine.History;
using Lockstep.Json;
using Lockstep.Service.Events;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.Naming;
using Lockstep.Service.Redrives;
using Lockstep.Service.StateMachines;

namespace Lockstep.Conformance.Tests;

/// <summary>Status-change events: those that a recording has, wherever it has them, and what the service sends for the same execution.</summary>
internal static class StatusChanges
{
    /// <summary>The recorded events, in their order.</summary>
    public static IEnumerable<JsonObject> In(JsonValue expected) => expected switch
    {
        JsonObject json when json["detail-type"] is JsonString { Value: StatusChangeEvent.DetailType } => [json],
        JsonObject json => json.SelectMany(member => In(member.Value)),
        JsonArray array => array.SelectMany(In),
        _ => [],
    };

    /// <summary>The event of ours for the status that a recorded one has: the start or the end.</summary>
    public static JsonObject Of(CaseRun run, JsonObject recorded, bool express)
    {
        bool starts = (recorded["detail"] as JsonObject)?["status"] is JsonString { Value: "RUNNING" };
        var record = new ExecutionRecord
        {
            Key = ArnFormat.TryParseExecution(run.ExecutionArn, out ExecutionKey key) ? key : throw new InvalidDataException(run.ExecutionArn),
            Arn = run.ExecutionArn,
            Name = "Exec",
            StateMachineName = "Machine",
            StateMachineArn = "arn:aws:states:us-east-1:111111111111:stateMachine:Machine",
            RevisionId = "r",
            Type = express ? WorkflowType.Express : WorkflowType.Standard,
            Status = starts ? ExecutionStatus.Running : run.Finish.Status,
            StartedAt = run.History[0].Timestamp,
            StoppedAt = starts ? null : run.History[^1].Timestamp,
            Input = (run.History[0].Details as ExecutionStartedDetails)?.Input.ToString(),
            Output = starts ? null : run.Finish.Output?.ToString(),
            Error = starts ? null : run.Finish.Error,
            Cause = starts ? null : run.Finish.Cause,
        };
        var change = new ExecutionEvent(starts ? 1 : 2, record.StoppedAt ?? record.StartedAt, record);
        return StatusChangeEvent.ToMessage(change, new ArnFormat("us-east-1"), RedriveRules.Of(ServiceLimits.Default)).Content;
    }
}
