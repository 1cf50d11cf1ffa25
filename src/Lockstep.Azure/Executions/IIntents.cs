using Lockstep.Service.Executions;

namespace Lockstep.Azure.Executions;

/// <summary>
/// What has to be looked after because it takes two steps: written before the first, so that the sweep finds it when nobody took the second.
/// An intent says where to look and nothing else; what has to be done follows from the ledger.
/// </summary>
public interface IIntents
{
    /// <summary>Remembers an intent; one that is remembered already stays as it is.</summary>
    ValueTask AddAsync(Intent intent, CancellationToken cancellation);

    /// <summary>Forgets an intent; one that is not there is no failure.</summary>
    ValueTask RemoveAsync(Intent intent, CancellationToken cancellation);
}

/// <summary>Something to look after.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Execution">The execution.</param>
/// <param name="Due">When the sweep looks at it, if it is still there.</param>
public sealed record Intent(IntentKind Kind, ExecutionKey Execution, DateTimeOffset Due);

/// <summary>What an intent is about.</summary>
public enum IntentKind
{
    /// <summary>The execution is added to the ledger, and then its orchestration is scheduled, or its message sent.</summary>
    Start,

    /// <summary>Something is put into the inbox, and then the orchestration is woken; again, for as long as anything stays unread.</summary>
    Wake,

    /// <summary>The execution ends in the ledger, and then the end is published and told to its parent.</summary>
    End,
}
