using Lockstep.Service.Errors;

namespace Lockstep.Azure.Ports;

/// <summary>
/// The client side of Durable Task, reduced to what the driver needs. A scheduler that cannot be reached throws
/// <see cref="StorageUnavailableException"/>.
/// </summary>
public interface IOrchestrations
{
    /// <summary>Schedules an orchestration; an instance that has the id already, in whatever condition, stays as it is, and that is no failure.</summary>
    ValueTask ScheduleAsync(OrchestrationStart start, CancellationToken cancellation);

    /// <summary>Raises the one event there is, <c>Wake</c>. It may get lost or arrive twice; an instance that does not exist is no failure.</summary>
    ValueTask WakeAsync(string instanceId, CancellationToken cancellation);

    /// <summary>Whether an instance of the id is known and has not ended.</summary>
    ValueTask<bool> IsRunningAsync(string instanceId, CancellationToken cancellation);

    /// <summary>
    /// Ends an instance, whatever it has under way; nobody hears of that any more. One that is not there, or has ended, is no failure. Waits for a while
    /// until the instance has ended.
    /// </summary>
    ValueTask TerminateAsync(string instanceId, CancellationToken cancellation);

    /// <summary>Forgets an ended instance and its history; one that is not there, or not ended, is no failure.</summary>
    ValueTask PurgeAsync(string instanceId, CancellationToken cancellation);
}

/// <summary>An orchestration to schedule.</summary>
/// <param name="InstanceId">At most 100 characters of printable ASCII.</param>
/// <param name="Input">At most 512 KiB.</param>
public sealed record OrchestrationStart(string InstanceId, string Input)
{
    /// <summary>Shown by the scheduler's dashboard, at most 1,000 bytes together: names, never payload.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}
