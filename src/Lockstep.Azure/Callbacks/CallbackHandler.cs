using Lockstep.Azure.Ports;

namespace Lockstep.Azure.Callbacks;

/// <summary>
/// What the trigger of the queue <c>callbacks</c> does with a message: wake the orchestration that its session names. The orchestration looks
/// into its inbox itself, so a message that comes twice, late, or for an instance that has ended, does no harm.
/// </summary>
public sealed class CallbackHandler(IOrchestrations orchestrations)
{
    /// <summary>Wakes an orchestration.</summary>
    /// <param name="instanceId">The session of the message.</param>
    /// <param name="cancellation">Gives up; the message then comes again.</param>
    public ValueTask HandleAsync(string instanceId, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return orchestrations.WakeAsync(instanceId, cancellation);
    }
}
