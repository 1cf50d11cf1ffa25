using System.Collections.Immutable;
using System.Diagnostics;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Ledger;
using Lockstep.Azure.Orchestration.Activities;
using Lockstep.Azure.Orchestration.Contracts;
using Lockstep.Engine;
using Lockstep.Service.Executions;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.Orchestration;

/// <summary>
/// The activities of the orchestrators, each from text to text. Every one may run any number of times, also at the same time. What it throws means broken
/// infrastructure or a defect; the orchestration tries again, for ever, with growing pauses.
/// </summary>
public sealed class ExecutionActivities
{
    private const int InboxItems = 100;

    private readonly ActivityPorts _ports;
    private readonly BodyParts _parts;
    private readonly AppendActivity _append;
    private readonly InvokeActivity _invoke;
    private readonly LoadActivity _load;

    /// <summary>Activities over ports.</summary>
    public ExecutionActivities(ActivityPorts ports)
    {
        ArgumentNullException.ThrowIfNull(ports);
        _ports = ports;
        _parts = new BodyParts(ports.Blobs);
        _append = new AppendActivity(ports, _parts);
        _invoke = new InvokeActivity(_append, ports, _parts);
        _load = new LoadActivity(ports.Ledger, ports.Machines, _parts);
    }

    /// <summary>Runs the activity of a name (<see cref="OrchestrationNames.Activities"/>).</summary>
    public ValueTask<string> RunAsync(string name, string input, CancellationToken cancellation) => name switch
    {
        OrchestrationNames.Append => AnswerAsync<AppendRequest, AppendAnswer>(
            input, request => _append.RunAsync(KeyOf(request), request.Instance, request.Batch, request.Traced, request.Logging, cancellation)),
        OrchestrationNames.Invoke => AnswerAsync<InvokeRequest, InvokeAnswer>(
            input, request => _invoke.RunAsync(KeyOf(request), request, cancellation)),
        OrchestrationNames.Claim => AnswerAsync<ClaimRequest, ClaimAnswer>(input, request => ClaimAsync(request, cancellation)),
        OrchestrationNames.ReadInbox => AnswerAsync<InboxRequest, InboxAnswer>(input, request => ReadInboxAsync(request, cancellation)),
        OrchestrationNames.LoadPart => AnswerAsync<LoadPartRequest, PartAnswer>(
            input, request => _load.RunAsync(KeyOf(request), request, cancellation)),
        OrchestrationNames.StorePart => DoAsync<StorePartRequest>(
            input, request => _parts.PutPartAsync(KeyOf(request), request.Name, request.Part, request.Content, cancellation)),
        OrchestrationNames.SaveState => DoAsync<SaveStateRequest>(
            input, request => _ports.Ledger.SaveStatePartAsync(KeyOf(request), request.Epoch, request.Part, request.Content, cancellation)),
        OrchestrationNames.Quarantine => DoAsync<QuarantineRequest>(
            input, request => _ports.Ledger.QuarantineAsync(KeyOf(request), request.Reason, cancellation)),
        _ => throw new ArgumentException($"There is no activity {name}.", nameof(name)),
    };

    private static ExecutionKey KeyOf(ExecutionMessage message) => TenantId.TryParse(message.Tenant, out TenantId tenant)
        ? new ExecutionKey(tenant, message.Execution)
        : throw new ArgumentException($"'{message.Tenant}' is no tenant.", nameof(message));

    private static async ValueTask<string> AnswerAsync<TRequest, TAnswer>(string input, Func<TRequest, ValueTask<TAnswer>> run)
        where TRequest : ExecutionMessage => OrchestrationJson.Write(await run(OrchestrationJson.Read<TRequest>(input)));

    private static async ValueTask<string> DoAsync<TRequest>(string input, Func<TRequest, ValueTask> run)
        where TRequest : ExecutionMessage
    {
        await run(OrchestrationJson.Read<TRequest>(input));
        return "";
    }

    private async ValueTask<ClaimAnswer> ClaimAsync(ClaimRequest request, CancellationToken cancellation)
    {
        // Neither clock may lag behind the other, or a timer that has fired would be told that it is early.
        DateTimeOffset now = _ports.Time.GetUtcNow();
        now = request.Now > now ? request.Now : now;
        return await _ports.Ledger.ClaimAsync(KeyOf(request), new CommandId(request.Task), request.Reason, now, cancellation) switch
        {
            Claimed => new ClaimAnswer(true, null),
            ReportedBefore => new ClaimAnswer(false, null),
            StillAlive alive => new ClaimAnswer(false, alive.Deadline),
            _ => throw new UnreachableException(),
        };
    }

    private async ValueTask<InboxAnswer> ReadInboxAsync(InboxRequest request, CancellationToken cancellation)
    {
        ExecutionKey key = KeyOf(request);
        if (request.Begins is long epoch)
        {
            if (!await _ports.Ledger.BeginEpochAsync(key, epoch, cancellation))
            {
                return new InboxAnswer(true, [], false, null);
            }

            await _ports.Ledger.DropStatesBeforeAsync(key, epoch, cancellation);
        }

        InboxPage page = await _ports.Ledger.ReadInboxAsync(
            key, [.. request.Known], InboxItems, MessageSizes.Inline, cancellation);
        ImmutableArray<InboxMessage>.Builder items = ImmutableArray.CreateBuilder<InboxMessage>(page.Items.Length);
        int room = MessageSizes.Message;
        foreach (InboxItem item in page.Items)
        {
            Body body = await _parts.PutAsync(key, StimulusBytes.Of(item.Stimulus), Math.Min(room, MessageSizes.Inline), cancellation);
            room -= body.Bytes?.Length ?? 0;
            items.Add(new InboxMessage(item.Id, body));
        }

        return new InboxAnswer(false, items.ToImmutable(), page.HasMore, request.Begins is null ? null : _ports.Settings);
    }
}
