using System.Collections.Immutable;
using System.Text.Json;
using Lockstep.Api.Bodies;
using Lockstep.Api.Routing;
using Lockstep.Json;
using Lockstep.Service.Activities;
using Lockstep.Service.Errors;
using Microsoft.AspNetCore.Http;

namespace Lockstep.Api.Operations;

/// <summary>Activities: create, read, delete, and the workers' polls.</summary>
public static class ActivityOperations
{
    private const string Tag = "Activities";

    /// <summary>The routes.</summary>
    public static ImmutableArray<ApiRoute> Routes { get; } =
    [
        new("POST", "/v1/activities", "CreateActivity", "Creates an activity; the same again gives the same answer.", CreateAsync)
        {
            Tag = Tag,
            RequestSchema = "CreateActivityRequest",
            Answers = [new(201, "Created.", "Activity"), new(200, "It was there already.", "Activity")],
            Errors = [ErrorCodes.InvalidName, ErrorCodes.ActivityLimitExceeded],
        },
        new("GET", "/v1/activities", "ListActivities", "Lists the activities by name.", ListAsync)
        {
            Tag = Tag,
            Parameters = ListQuery.Parameters,
            Answers = [new(200, "A page.", "ActivityList")],
            Errors = [ErrorCodes.InvalidToken],
        },
        new("GET", "/v1/activities/{name}", "DescribeActivity", "Shows an activity.", DescribeAsync)
        {
            Tag = Tag,
            Answers = [new(200, "The activity.", "Activity")],
            Errors = [ErrorCodes.InvalidName, ErrorCodes.ActivityDoesNotExist],
        },
        new("DELETE", "/v1/activities/{name}", "DeleteActivity", "Deletes an activity.", DeleteAsync)
        {
            Tag = Tag,
            Answers = [new(204, "It is not there any more, or never was.")],
            Errors = [ErrorCodes.InvalidName],
        },
        new("POST", "/v1/activities/{name}/poll", "GetActivityTask", "Takes the oldest waiting task, waiting for one if need be.", PollAsync)
        {
            Tag = Tag,
            Pace = RoutePace.LongPoll,
            RequestSchema = "GetActivityTaskRequest",
            RequestOptional = true,
            Answers = [new(200, "A task.", "ActivityTask"), new(204, "No task came in time; poll again.")],
            Errors = [ErrorCodes.InvalidName, ErrorCodes.ActivityDoesNotExist, ErrorCodes.ActivityWorkerLimitExceeded],
        },
    ];

    private static async ValueTask CreateAsync(ApiCall call)
    {
        Result<JsonObject> body = await call.ReadBodyAsync();
        if (!body.Succeeded)
        {
            await call.RefuseAsync(body.Error);
            return;
        }

        var members = new Members(body.Value, "name");
        string name = members.Text("name");
        Result<CreateActivityOutcome> outcome = members.Error is { } wrong
            ? wrong
            : await call.Service.Activities.CreateAsync(call.Tenant, name, call.Cancellation);
        if (!outcome.Succeeded)
        {
            await call.RefuseAsync(outcome.Error);
            return;
        }

        call.Response.Headers.Location = "/v1/activities/" + Uri.EscapeDataString(name);
        await call.AnswerAsync(
            outcome.Value.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK, Write, outcome.Value.Activity);
    }

    private static ValueTask ListAsync(ApiCall call) =>
        ListQuery.AnswerAsync(call, asked => call.Service.Activities.ListAsync(call.Tenant, asked, call.Cancellation), Write);

    private static async ValueTask DescribeAsync(ApiCall call) =>
        await call.AnswerAsync(await call.Service.Activities.DescribeAsync(call.Tenant, call.PathValue(0), call.Cancellation), Write);

    private static async ValueTask DeleteAsync(ApiCall call) =>
        await call.AnswerEmptyAsync(await call.Service.Activities.DeleteAsync(call.Tenant, call.PathValue(0), call.Cancellation));

    private static async ValueTask PollAsync(ApiCall call)
    {
        Result<JsonObject> body = await call.ReadBodyAsync();
        if (!body.Succeeded)
        {
            await call.RefuseAsync(body.Error);
            return;
        }

        var members = new Members(body.Value, "workerName", "waitSeconds");
        string? workerName = members.OptionalText("workerName");
        int? waitSeconds = members.OptionalInteger("waitSeconds");
        if (members.Error is { } wrong)
        {
            await call.RefuseAsync(wrong);
            return;
        }

        using IDisposable? place = call.Surroundings.Bounds.LongPolls.TryTake(call.Tenant);
        if (place is null)
        {
            await call.RefuseAsync(new ServiceError(ErrorCodes.ActivityWorkerLimitExceeded, "As many polls wait as may wait at a time."));
            return;
        }

        await WaitAsync(call, workerName, waitSeconds);
    }

    private static async ValueTask WaitAsync(ApiCall call, string? workerName, int? waitSeconds)
    {
        CancellationToken draining = call.Surroundings.Draining.Begun;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(call.Cancellation, draining);
        Result<PollOutcome> outcome;
        try
        {
            outcome = await call.Service.Activities.PollAsync(call.Tenant, call.PathValue(0), workerName, waitSeconds, either.Token);
        }
        catch (OperationCanceledException) when (draining.IsCancellationRequested && !call.Cancellation.IsCancellationRequested)
        {
            // The service stops: no task was taken, the worker polls again and meets whoever serves next.
            await call.AnswerEmptyAsync();
            return;
        }

        if (!outcome.Succeeded)
        {
            await call.RefuseAsync(outcome.Error);
            return;
        }

        await (outcome.Value.Task is { } task
            ? call.AnswerAsync(
                StatusCodes.Status200OK,
                static (writer, task) =>
                {
                    writer.WriteStartObject();
                    writer.WriteString("taskToken", task.TaskToken);
                    writer.WriteJson("input", task.Input);
                    writer.WriteEndObject();
                },
                task)
            : call.AnswerEmptyAsync());
    }

    private static void Write(Utf8JsonWriter writer, ActivityRecord activity)
    {
        writer.WriteStartObject();
        writer.WriteString("name", activity.Name);
        writer.WriteString("activityArn", activity.Arn);
        writer.WriteTime("createdAt"u8, activity.CreatedAt);
        writer.WriteEndObject();
    }
}
