using System.Globalization;
using Lockstep.Json;
using Lockstep.Service.Channels;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Naming;
using Lockstep.Service.Targets;
using Lockstep.Targets.Aws;

namespace Lockstep.Targets.Messaging;

/// <summary>
/// <c>events:putEvents</c>, plain and .waitForTaskToken, to the tenant's own event buses. As at AWS entries stand alone: those that are well formed
/// are put although another is not, and then the task fails with the list of all.
/// </summary>
internal sealed class PutEventsTarget(Func<ChannelUseCases> channels, TargetOptions options, TimeProvider time) : ITaskTarget
{
    private const int MaxEntries = 10;

    private readonly ArnFormat _arns = new(options.Region);

    /// <inheritdoc/>
    public async ValueTask<TaskOutcome> InvokeAsync(TaskInvocation invocation, CancellationToken cancellation)
    {
        var arguments = new TaskArguments(invocation.Parameters, "Entries");
        JsonArray? entries = arguments.Array("Entries");
        if (arguments.Problem is { } problem)
        {
            return Failures.BadParameter(invocation, problem);
        }

        if (entries is null || entries.Count is 0 or > MaxEntries)
        {
            return new AwsError(
                null,
                "ValidationException",
                400,
                $"1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length from 1 to {MaxEntries}")
                .Of(invocation, AwsService.EventBridge);
        }

        var results = new JsonArrayBuilder();
        int failed = 0;
        for (int index = 0; index < entries.Count; index++)
        {
            string id = DerivedIds.Of(invocation, string.Create(CultureInfo.InvariantCulture, $"entry {index}"));
            if (await PutAsync(invocation, entries[index], id, cancellation) is { } error)
            {
                failed++;
                results.Add(JsonObject.Of(
                    new JsonProperty("ErrorCode", JsonString.Of(error.Code)), new JsonProperty("ErrorMessage", JsonString.Of(error.Message))));
            }
            else
            {
                results.Add(JsonObject.Of("EventId", JsonString.Of(id)));
            }
        }

        JsonObject output = JsonObject.Of(
            new JsonProperty("Entries", results.ToArray()), new JsonProperty("FailedEntryCount", JsonNumber.Of(failed)));
        return failed == 0 ? new TaskAnswered(output) : Failures.Of(invocation, "EventBridge.FailedEntry", output.ToString());
    }

    private async ValueTask<EntryError?> PutAsync(TaskInvocation invocation, JsonValue given, string id, CancellationToken cancellation)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (!EventEntry.TryRead(given, now, out EventEntry? entry, out EntryError? error))
        {
            return error;
        }

        if (ChannelAddress.OfBus(invocation.Tenant, entry.Bus) is not { } place)
        {
            return NoBus(entry.Bus);
        }

        Result<Accepted> sent = await channels().SendAsync(place, [new NewMessage(id, Envelope(invocation, entry, id))], cancellation);
        return sent.Succeeded ? null : sent.Error.Code switch
        {
            ErrorCodes.ChannelDoesNotExist => NoBus(entry.Bus),
            ErrorCodes.PayloadTooLarge => new EntryError("InvalidArgument", sent.Error.Message),
            _ => new EntryError("InternalFailure", sent.Error.Message),
        };
    }

    private static EntryError NoBus(string name) => new("ResourceNotFoundException", $"Event bus {name} does not exist.");

    /// <summary>The event as EventBridge delivers it (EventBridge User Guide, "Events"), with the execution among its resources, as Step Functions adds it.</summary>
    private JsonObject Envelope(TaskInvocation invocation, EventEntry entry, string id)
    {
        string[] names = invocation.Execution.Id.Split(':');
        var resources = new JsonArrayBuilder();
        foreach (string resource in entry.Resources)
        {
            resources.Add(JsonString.Of(resource));
        }

        resources.Add(JsonString.Of(_arns.StateMachine(invocation.Tenant, names[0])));
        resources.Add(JsonString.Of(_arns.Execution(
            invocation.Tenant, names[0], names.Length > 1 ? names[1] : "", names.Length > 2 ? names[2] : null)));
        return JsonObject.Of(
            new JsonProperty("version", JsonString.Of("0")),
            new JsonProperty("id", JsonString.Of(id)),
            new JsonProperty("detail-type", JsonString.Of(entry.DetailType)),
            new JsonProperty("source", JsonString.Of(entry.Source)),
            new JsonProperty("account", JsonString.Of(invocation.Tenant.Value)),
            new JsonProperty("time", JsonString.Of(entry.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture))),
            new JsonProperty("region", JsonString.Of(options.Region)),
            new JsonProperty("resources", resources.ToArray()),
            new JsonProperty("detail", entry.Detail));
    }
}
