using System.Collections.Immutable;
using System.Text.Json;
using Lockstep.Api.Bodies;
using Lockstep.Api.Routing;
using Lockstep.Engine;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.MapRuns;
using Lockstep.Service.Paging;
using Microsoft.AspNetCore.Http;

namespace Lockstep.Api.Operations;

/// <summary>Executions: start, start and wait, describe, list, stop.</summary>
public static class ExecutionOperations
{
    private const string Tag = "Executions";

    private static readonly RouteParameter Status = new("status", "query", "string", "Only executions with this status.")
    {
        Values = [.. Enum.GetValues<ExecutionStatus>().Select(WireText.Of)],
    };

    private static readonly ImmutableArray<string> StartErrors =
    [
        ErrorCodes.InvalidName, ErrorCodes.PayloadTooLarge, ErrorCodes.StateMachineDoesNotExist, ErrorCodes.ExecutionLimitExceeded,
    ];

    /// <summary>The routes.</summary>
    public static ImmutableArray<ApiRoute> Routes { get; } =
    [
        new("POST", "/v1/state-machines/{name}/executions", "StartExecution",
            "Starts an execution of a state machine, of \"name:version\" or through \"name:alias\"; acknowledged when it is durable.", StartAsync)
        {
            Tag = Tag,
            RequestSchema = "StartExecutionRequest",
            RequestOptional = true,
            Answers =
            [
                new(201, "Started.", "StartedExecution"),
                new(200, "An execution of this name and input runs already.", "StartedExecution"),
            ],
            Errors = [.. StartErrors, ErrorCodes.ExecutionAlreadyExists],
        },
        new("GET", "/v1/state-machines/{name}/executions", "ListExecutionsOfStateMachine", "Lists a state machine's executions, newest first.", ListOfMachineAsync)
        {
            Tag = Tag,
            Parameters = [Status, .. ListQuery.Parameters],
            Answers = [new(200, "A page.", "ExecutionList")],
            Errors = [ErrorCodes.InvalidName, ErrorCodes.InvalidToken, ErrorCodes.StateMachineDoesNotExist],
        },
        new("POST", "/v1/state-machines/{name}/executions/sync", "StartSyncExecution",
            "Runs an Express execution and answers when it has ended, also when it failed.", StartSyncAsync)
        {
            Tag = Tag,
            Pace = RoutePace.Synchronous,
            RequestSchema = "StartExecutionRequest",
            RequestOptional = true,
            Answers =
            [
                new(200, "It has ended; see status.", "Execution"),
                new(202, "It takes longer than a call may here, and goes on; the Location header says where to look for its end.", "Execution"),
            ],
            Errors = [.. StartErrors, ErrorCodes.StateMachineTypeNotSupported],
        },
        new("GET", "/v1/executions", "ListExecutions", "Lists the tenant's executions, newest first.", ListAsync)
        {
            Tag = Tag,
            Parameters =
            [
                new("stateMachine", "query", "string", "Only executions of the state machine with this name, or of \"name:version\", or started through \"name:alias\"."),
                new("mapRun", "query", "string", "Only the children of the map run with this id or ARN, which are in no other list."),
                Status with { Description = "Only executions with this status. PENDING_REDRIVE is one of children of map runs alone.", Values = [.. Status.Values, WireText.PendingRedrive] },
                new("redriveFilter", "query", "string", "With mapRun: only children that were redriven, or that were not.") { Values = WireText.RedriveFilters },
                .. ListQuery.Parameters,
            ],
            Answers = [new(200, "A page.", "ExecutionList")],
            Errors = [ErrorCodes.InvalidName, ErrorCodes.InvalidToken, ErrorCodes.ResourceNotFound],
        },
        new("GET", "/v1/executions/{id}", "DescribeExecution", "Shows an execution.", DescribeAsync)
        {
            Tag = Tag,
            Answers = [new(200, "The execution.", "Execution")],
            Errors = [ErrorCodes.InvalidArn, ErrorCodes.ExecutionDoesNotExist],
        },
        new("POST", "/v1/executions/{id}/stop", "StopExecution", "Stops an execution; one that has ended stays as it is.", StopAsync)
        {
            Tag = Tag,
            RequestSchema = "StopExecutionRequest",
            RequestOptional = true,
            Answers = [new(200, "The execution as it is now.", "Execution")],
            Errors = [ErrorCodes.InvalidArn, ErrorCodes.ExecutionDoesNotExist],
        },
    ];

    /// <summary>Writes an execution as an object.</summary>
    public static void Write(Utf8JsonWriter writer, ExecutionRecord execution)
    {
        writer.WriteStartObject();
        writer.WriteString("id", execution.Key.Id);
        writer.WriteString("executionArn", execution.Arn);
        writer.WriteString("name", execution.Name);
        writer.WriteString("stateMachine", execution.StateMachineName);
        writer.WriteString("stateMachineArn", execution.StateMachineArn);
        writer.WriteText("stateMachineVersionArn", execution.StateMachineVersionArn);
        writer.WriteText("stateMachineAliasArn", execution.StateMachineAliasArn);
        writer.WriteString("revisionId", execution.RevisionId);
        writer.WriteString("type", WireText.Of(execution.Type));
        writer.WriteString("status", WireText.StatusOf(execution));
        writer.WriteText("mapRunArn", execution.MapRunArn);
        if (execution.ItemCount is long items)
        {
            writer.WriteNumber("itemCount", items);
        }

        writer.WriteTime("startedAt"u8, execution.StartedAt);
        if (execution.StoppedAt is { } stoppedAt)
        {
            writer.WriteTime("stoppedAt"u8, stoppedAt);
        }

        RedriveOperations.WriteMembers(writer, execution);
        writer.WriteJson("input", execution.Input);
        writer.WriteJson("output", execution.Output);
        writer.WriteText("error", execution.Error);
        writer.WriteText("cause", execution.Cause);
        writer.WriteEndObject();
    }

    private static async ValueTask StartAsync(ApiCall call)
    {
        Result<StartBody> body = await ReadStartAsync(call);
        if (!body.Succeeded)
        {
            await call.RefuseAsync(body.Error);
            return;
        }

        Result<StartOutcome> outcome = await call.Service.Executions.StartAsync(
            call.Tenant, call.PathValue(0), body.Value.Name, body.Value.Input, parent: null, call.Cancellation, call.TraceParent);
        if (!outcome.Succeeded)
        {
            await call.RefuseAsync(outcome.Error);
            return;
        }

        call.Response.Headers.Location = LocationOf(outcome.Value.Execution);
        await call.AnswerAsync(
            outcome.Value.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK,
            static (writer, execution) =>
            {
                writer.WriteStartObject();
                writer.WriteString("id"u8, execution.Key.Id);
                writer.WriteString("executionArn"u8, execution.Arn);
                writer.WriteString("name"u8, execution.Name);
                writer.WriteTime("startedAt"u8, execution.StartedAt);
                writer.WriteEndObject();
            },
            outcome.Value.Execution);
    }

    private static string LocationOf(ExecutionRecord execution) => "/v1/executions/" + Uri.EscapeDataString(execution.Key.Id);

    private static async ValueTask StartSyncAsync(ApiCall call)
    {
        Result<StartBody> body = await ReadStartAsync(call);
        Result<ExecutionRecord> execution = body.Succeeded
            ? await call.Service.Executions.StartSyncAsync(call.Tenant, call.PathValue(0), body.Value.Name, body.Value.Input, call.Cancellation, call.TraceParent)
            : body.Error;
        if (execution is not { Succeeded: true, Value: { Status: ExecutionStatus.Running } running })
        {
            await AnswerAsync(call, execution);
            return;
        }

        call.Response.Headers.Location = LocationOf(running);
        await call.AnswerAsync(StatusCodes.Status202Accepted, Write, running);
    }

    private static async ValueTask DescribeAsync(ApiCall call)
    {
        Result<ExecutionKey> key = ExecutionIds.Read(call.Tenant, call.PathValue(0));
        await AnswerAsync(call, key.Succeeded ? await call.Service.Executions.DescribeAsync(key.Value, call.Cancellation) : key.Error);
    }

    private static async ValueTask StopAsync(ApiCall call)
    {
        Result<ExecutionKey> key = ExecutionIds.Read(call.Tenant, call.PathValue(0));
        Result<JsonObject> body = await call.ReadBodyAsync();
        if ((key.Error ?? body.Error) is { } refused)
        {
            await call.RefuseAsync(refused);
            return;
        }

        var members = new Members(body.Value ?? JsonObject.Empty, "error", "cause");
        string? error = members.OptionalText("error");
        string? cause = members.OptionalText("cause");
        await AnswerAsync(call, members.Error is { } wrong
            ? wrong
            : await call.Service.Executions.StopAsync(key.Value, error, cause, call.Cancellation));
    }

    private static async ValueTask ListAsync(ApiCall call)
    {
        if (call.Query("mapRun") is { } run)
        {
            Result<ListRequest> asked = ListQuery.Read(call);
            Result<MapRunChildFilter> filter = ReadChildFilter(call);
            await AnswerAsync(call, !asked.Succeeded ? asked.Error
                : !filter.Succeeded ? filter.Error
                : await call.Service.MapRuns.ListChildrenAsync(call.Tenant, run, filter.Value, asked.Value, call.Cancellation));
            return;
        }

        if (call.Query("redriveFilter") is not null || call.Query("status") == WireText.PendingRedrive)
        {
            await call.RefuseAsync(new ServiceError(
                ErrorCodes.Validation, "redriveFilter and the status PENDING_REDRIVE are for the children of a map run; name it with mapRun.")
            {
                Target = "mapRun",
            });
            return;
        }

        Result<Selection> selection = ReadSelection(call);
        await AnswerAsync(call, selection.Succeeded
            ? await call.Service.Executions.ListAsync(
                call.Tenant, call.Query("stateMachine"), selection.Value.Status, selection.Value.Page, call.Cancellation)
            : selection.Error);
    }

    private static async ValueTask ListOfMachineAsync(ApiCall call)
    {
        Result<Selection> selection = ReadSelection(call);
        await AnswerAsync(call, selection.Succeeded
            ? await call.Service.Executions.ListOfMachineAsync(
                call.Tenant, call.PathValue(0), selection.Value.Status, selection.Value.Page, call.Cancellation)
            : selection.Error);
    }

    private static ValueTask AnswerAsync(ApiCall call, Result<ExecutionRecord> execution) =>
        call.AnswerAsync(execution, Write);

    private static ValueTask AnswerAsync(ApiCall call, Result<Page<ExecutionRecord>> page) =>
        ListQuery.AnswerAsync(call, page, Write);

    private static Result<MapRunChildFilter> ReadChildFilter(ApiCall call)
    {
        if (call.Query("stateMachine") is not null)
        {
            return new ServiceError(ErrorCodes.Validation, "Name a map run or a state machine, not both.") { Target = "mapRun" };
        }

        if (call.Query("redriveFilter") is { } word && !WireText.RedriveFilters.Contains(word))
        {
            return new ServiceError(ErrorCodes.Validation, $"redriveFilter has to be one of {string.Join(", ", WireText.RedriveFilters)}.") { Target = "redriveFilter" };
        }

        string? status = call.Query("status");
        return status is null or WireText.PendingRedrive || WireText.StatusOf(status) is not null
            ? WireText.ChildFilterOf(status, call.Query("redriveFilter"))
            : new ServiceError(ErrorCodes.Validation, $"status has to be one of {string.Join(", ", Status.Values)}, {WireText.PendingRedrive}.") { Target = "status" };
    }

    private static Result<Selection> ReadSelection(ApiCall call)
    {
        Result<ListRequest> page = ListQuery.Read(call);
        if (!page.Succeeded)
        {
            return page.Error;
        }

        if (call.Query("status") is not { } word)
        {
            return new Selection(null, page.Value);
        }

        return WireText.StatusOf(word) is { } status
            ? new Selection(status, page.Value)
            : new ServiceError(ErrorCodes.Validation, $"status has to be one of {string.Join(", ", Status.Values)}.") { Target = "status" };
    }

    private static async ValueTask<Result<StartBody>> ReadStartAsync(ApiCall call)
    {
        Result<JsonObject> body = await call.ReadBodyAsync();
        if (!body.Succeeded)
        {
            return body.Error;
        }

        var members = new Members(body.Value, "name", "input");
        string? name = members.OptionalText("name");
        return members.Error is { } wrong ? wrong : new StartBody(name, members.Any("input"));
    }

    private sealed record Selection(ExecutionStatus? Status, ListRequest Page);

    private sealed record StartBody(string? Name, JsonValue? Input);
}
