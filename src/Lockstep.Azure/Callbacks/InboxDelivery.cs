using Lockstep.Azure.Executions;
using Lockstep.Azure.Ports;
using Lockstep.Engine;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;

namespace Lockstep.Azure.Callbacks;

/// <summary>
/// The way of everything that reaches a running execution from outside: an intent, the row in the inbox, a wake. Once the row is there it will
/// be taken in, whatever happens to the wake: the sweep looks after the intent.
/// </summary>
/// <param name="ledger">Keeps the inbox.</param>
/// <param name="intents">Remembers whom to wake again.</param>
/// <param name="messages">Carries wakes.</param>
/// <param name="time">The clock.</param>
/// <param name="wakeAgainAfter">When the sweep looks whether a wake has got lost.</param>
/// <param name="warn">Tells the operator what needs attention.</param>
public sealed class InboxDelivery(
    IExecutionLedger ledger, IIntents intents, IMessages messages, TimeProvider time, TimeSpan wakeAgainAfter, Action<string, Exception?> warn)
{
    /// <summary>
    /// Reports the outcome of a task. Fails as <see cref="IExecutionLedger.ReportAsync"/>; whatever it answers is durable.
    /// </summary>
    public async ValueTask<Result<Accepted>> ReportAsync(ExecutionKey execution, CommandId task, Stimulus outcome, CancellationToken cancellation)
    {
        await intents.AddAsync(NewIntent(execution), cancellation);
        Result<Accepted> reported = await ledger.ReportAsync(execution, task, outcome, cancellation);
        if (reported.Succeeded)
        {
            await WakeAsync(execution);
        }

        return reported;
    }

    /// <summary>Asks an execution to stop; false when it has ended, or is not there, or when another task of its parent waits for it by now.</summary>
    /// <param name="execution">The execution.</param>
    /// <param name="stop">The stimulus.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="waiting">The task of its parent that has given it up; null for whoever asks for the stop of the execution itself.</param>
    public async ValueTask<bool> StopAsync(ExecutionKey execution, StopRequested stop, CancellationToken cancellation, CommandId? waiting = null)
    {
        await intents.AddAsync(NewIntent(execution), cancellation);
        bool isOpen = await ledger.RequestStopAsync(execution, stop, waiting, cancellation);
        if (isOpen)
        {
            await WakeAsync(execution);
        }

        return isOpen;
    }

    /// <summary>Something is about to be put into an inbox: should whoever puts it there die before it has woken the execution, the sweep does.</summary>
    internal ValueTask AnnounceAsync(ExecutionKey execution, CancellationToken cancellation) => intents.AddAsync(NewIntent(execution), cancellation);

    /// <summary>Has an execution look into its inbox. A wake that cannot be sent is one that got lost: late, and no failure.</summary>
    internal async ValueTask WakeAsync(ExecutionKey execution)
    {
        try
        {
            // What it tells of is durable, so it goes out even when the caller has gone.
            await messages.SendAsync(
                MessageRoute.Callbacks, [WakeMessage.For(execution, Guid.CreateVersion7(time.GetUtcNow()).ToString())], CancellationToken.None);
        }
        catch (StorageUnavailableException unavailable)
        {
            warn($"A wake of an execution could not be sent; the sweep sends it in {wakeAgainAfter.TotalSeconds} s", unavailable);
        }
    }

    /// <summary>Due at the end of the interval after this one: many reports to one execution at about the same time are one intent.</summary>
    private Intent NewIntent(ExecutionKey execution)
    {
        long interval = wakeAgainAfter.Ticks;
        long due = ((time.GetUtcNow().UtcTicks / interval) + 2) * interval;
        return new Intent(IntentKind.Wake, execution, new DateTimeOffset(due, TimeSpan.Zero));
    }
}
