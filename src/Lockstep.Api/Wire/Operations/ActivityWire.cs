using System.Collections.Immutable;
using System.Text.Json;
using Lockstep.Api.Routing;
using Lockstep.Api.Wire.Shapes;
using Lockstep.Service.Activities;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Paging;

namespace Lockstep.Api.Wire.Operations;

/// <summary>Activities and the polls of their workers.</summary>
internal static class ActivityWire
{
    /// <summary>The operations.</summary>
    public static ImmutableArray<WireOperation> Operations { get; } =
    [
        new(
            "CreateActivity",
            new StructureShape(new("name", RequestShapes.Name, true), new("tags", RequestShapes.Tags), new("encryptionConfiguration", RequestShapes.Encryption)),
            CreateAsync,
            new ThrottleRate(100, 1))
        {
            Errors = ["ActivityLimitExceeded", "InvalidEncryptionConfiguration", "InvalidName", "TooManyTags"],
        },
        new("DescribeActivity", Arn(), DescribeAsync, new ThrottleRate(200, 1)) { Errors = ["ActivityDoesNotExist", "InvalidArn"] },
        new("DeleteActivity", Arn(), DeleteAsync, new ThrottleRate(100, 1)) { Errors = ["InvalidArn"] },
        new("ListActivities", StateMachineWire.ListShape(), ListAsync, new ThrottleRate(100, 10)) { Errors = ["InvalidToken"] },
        new("GetActivityTask", Arn(new ShapeMember("workerName", RequestShapes.Name)), PollAsync, new ThrottleRate(3_000, 500))
        {
            Pace = RoutePace.LongPoll,
            Errors = ["ActivityDoesNotExist", "ActivityWorkerLimitExceeded", "InvalidArn"],
            Differences = ["The number of polls that may wait is counted for each tenant, not for each activity (MaxLongPollsPerTenant)."],
        },
    ];

    private static StructureShape Arn(params ImmutableArray<ShapeMember> more) => new([new("activityArn", RequestShapes.Arn, true), .. more]);

    private static async ValueTask<WireAnswer> CreateAsync(WireCall call)
    {
        string name = call.Text("name");
        if ((WireTags.Read(call, out Dictionary<string, string> tags) ?? WireSettings.Check(call)) is { } wrong)
        {
            return wrong;
        }

        if (tags.Count > call.Limits.MaxTags)
        {
            return WireErrors.Of(new ServiceError(ErrorCodes.TooManyTags, $"An activity may have {call.Limits.MaxTags} tags."), call.Service.Arns.Activity(call.Tenant, name));
        }

        Result<CreateActivityOutcome> outcome = await call.Service.Activities.CreateAsync(call.Tenant, name, call.Cancellation);
        if (outcome is { Succeeded: true, Value: { Created: true, Activity: { } activity } } && tags.Count > 0
            && await call.Service.Tags.ChangeAsync(activity, tags, [], call.Cancellation) is { Error: { } untagged })
        {
            return WireErrors.Of(untagged, activity.Arn);
        }

        return outcome.Succeeded
            ? WireAnswer.Of(writer =>
            {
                writer.WriteString("activityArn", outcome.Value.Activity.Arn);
                writer.WriteEpoch("creationDate", outcome.Value.Activity.CreatedAt);
            })
            : WireErrors.Of(outcome.Error, name);
    }

    private static async ValueTask<WireAnswer> DescribeAsync(WireCall call)
    {
        string arn = call.Text("activityArn");
        if (WireArns.ReadActivity(call, arn, out string name) is { } badArn)
        {
            return badArn;
        }

        Result<ActivityRecord> activity = await call.Service.Activities.DescribeAsync(call.Tenant, name, call.Cancellation);
        return activity.Succeeded
            ? WireAnswer.Of(writer =>
            {
                Write(writer, activity.Value);
                writer.WriteStartObject("encryptionConfiguration");
                writer.WriteString("type", "AWS_OWNED_KEY");
                writer.WriteEndObject();
            })
            : Refuse(activity.Error, arn);
    }

    private static async ValueTask<WireAnswer> DeleteAsync(WireCall call)
    {
        string arn = call.Text("activityArn");
        if (WireArns.ReadActivity(call, arn, out string name) is { } badArn)
        {
            return badArn;
        }

        Result<Accepted> deleted = await call.Service.Activities.DeleteAsync(call.Tenant, name, call.Cancellation);
        return deleted.Succeeded ? WireAnswer.Empty : Refuse(deleted.Error, arn);
    }

    private static async ValueTask<WireAnswer> ListAsync(WireCall call)
    {
        Result<Page<ActivityRecord>> page = await call.Service.Activities.ListAsync(call.Tenant, call.Page(), call.Cancellation);
        return page.Succeeded
            ? WireAnswer.Of(writer =>
            {
                writer.WriteList("activities", page.Value.Items, Write);
                writer.WriteNextToken(page.Value.Next);
            })
            : WireErrors.Of(page.Error, "");
    }

    private static async ValueTask<WireAnswer> PollAsync(WireCall call)
    {
        string arn = call.Text("activityArn");
        if (WireArns.ReadActivity(call, arn, out string name) is { } badArn)
        {
            return badArn;
        }

        using IDisposable? place = call.Surroundings.Bounds.LongPolls.TryTake(call.Tenant);
        if (place is null)
        {
            return new WireError("ActivityWorkerLimitExceeded", "The maximum number of workers concurrently polling for activity tasks has been reached.");
        }

        CancellationToken draining = call.Surroundings.Draining.Begun;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(call.Cancellation, draining);
        try
        {
            Result<PollOutcome> outcome = await call.Service.Activities.PollAsync(
                call.Tenant, name, call.OptionalText("workerName"), waitSeconds: null, either.Token);
            return outcome.Succeeded ? Answer(outcome.Value.Task)
                : outcome.Error is { Code: ErrorCodes.InvalidName, Target: "/workerName" } ? WireErrors.Validation(outcome.Error.Message)
                : Refuse(outcome.Error, arn);
        }
        catch (OperationCanceledException) when (draining.IsCancellationRequested && !call.Cancellation.IsCancellationRequested)
        {
            // The service stops: no task was taken, the worker polls again and meets whoever serves next.
            return Answer(null);
        }
    }

    // A poll that nothing came for is answered with a token that is null.
    private static WireAnswer Answer(ActivityTask? task) => WireAnswer.Of(writer =>
    {
        writer.WriteString("taskToken", task?.TaskToken);
        writer.WriteOptional("input", task?.Input);
    });

    private static void Write(Utf8JsonWriter writer, ActivityRecord activity)
    {
        writer.WriteString("activityArn", activity.Arn);
        writer.WriteString("name", activity.Name);
        writer.WriteEpoch("creationDate", activity.CreatedAt);
    }

    private static WireError Refuse(ServiceError error, string arn) =>
        error.Code == ErrorCodes.InvalidName ? WireErrors.InvalidArn(error.Message) : WireErrors.Of(error, arn);
}
