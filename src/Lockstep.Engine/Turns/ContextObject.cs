using System.Globalization;
using Lockstep.Asl;
using Lockstep.Json;

namespace Lockstep.Engine.Turns;

/// <summary>Builds the context object, <c>$$</c> (Step Functions, "Context object"), with the members that apply to the state asking.</summary>
internal static class ContextObject
{
    public static JsonObject Build(Turn turn, LiveFrame frame, MapItem? item, string? taskToken)
    {
        if (frame.MapRun is LiveMapRun run)
        {
            // An ItemSelector sees the execution whose Map state it is part of.
            return item is null ? run.Request.Context : run.Request.Context.With("Map", Map(item));
        }

        var context = new JsonObjectBuilder()
            .Add("Execution", Execution(turn))
            .Add("StateMachine", JsonObject.Of(
                new JsonProperty("Id", JsonString.Of(turn.Identity.StateMachineArn)),
                new JsonProperty("Name", JsonString.Of(turn.Identity.StateMachineName))))
            .Add("State", State(turn, frame));
        if ((item ?? InnermostItem(turn, frame)) is MapItem shown)
        {
            context.Add("Map", Map(shown));
        }

        if (taskToken is not null)
        {
            context.Add("Task", JsonObject.Of("Token", JsonString.Of(taskToken)));
        }

        return context.Build();
    }

    /// <summary>A time as the context object shows it: ISO 8601, UTC, milliseconds.</summary>
    public static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The member <c>Map</c>.</summary>
    public static JsonObject Map(MapItem item)
    {
        JsonObjectBuilder shown = new JsonObjectBuilder().Add("Index", JsonNumber.Of(item.Index));
        if (item.Key is not null)
        {
            shown.Add("Key", JsonString.Of(item.Key));
        }

        shown.Add("Value", item.Value);
        if (item.Source is not null)
        {
            shown.Add("Source", JsonString.Of(item.Source));
        }

        return JsonObject.Of("Item", shown.Build());
    }

    private static JsonObject Execution(Turn turn)
    {
        ExecutionIdentity identity = turn.Identity;
        var execution = new JsonObjectBuilder()
            .Add("Id", JsonString.Of(identity.ExecutionArn))
            .Add("Input", turn.ExecutionInput)
            .Add("StartTime", JsonString.Of(Text(turn.StartTime)))
            .Add("Name", JsonString.Of(identity.ExecutionName))
            .Add("RoleArn", JsonString.Of(identity.RoleArn));
        if (!identity.IsExpress)
        {
            execution.Add("RedriveCount", JsonNumber.Of(turn.Before.RedriveCount));
            if (turn.Before.RedriveTime is DateTimeOffset redriven)
            {
                execution.Add("RedriveTime", JsonString.Of(Text(redriven)));
            }
        }

        return execution.Build();
    }

    private static JsonObject State(Turn turn, LiveFrame frame)
    {
        var state = new JsonObjectBuilder()
            .Add("Name", JsonString.Of(turn.StateOf(frame).Name))
            .Add("EnteredTime", JsonString.Of(Text(frame.EnteredTime)));
        if (turn.StateOf(frame).Type is StateType.Task or StateType.Parallel or StateType.Map)
        {
            state.Add("RetryCount", JsonNumber.Of(turn.Inspection?.RetriesBefore ?? frame.Retries.Total));
        }

        return state.Build();
    }

    private static MapItem? InnermostItem(Turn turn, LiveFrame frame)
    {
        for (LiveFrame? at = frame; at is not null; at = turn.ParentOf(at))
        {
            if (at.Item is not null)
            {
                return new MapItem(at.Index, at.Item);
            }
        }

        return null;
    }
}
