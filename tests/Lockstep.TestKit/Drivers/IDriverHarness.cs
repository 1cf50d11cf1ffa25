using Lockstep.Service;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Telemetry;
using Lockstep.TestKit.Time;

namespace Lockstep.TestKit.Drivers;

/// <summary>
/// A host under test with everything that it needs from outside replaced: its clock stands still, its targets answer as the test says. The
/// contracts see the ports and nothing behind them. A host may take in what happens later than it acknowledges it, so a test that looks for a
/// consequence calls <see cref="RunUntilIdleAsync"/> first; a host that is ahead of that breaks nothing.
/// </summary>
public interface IDriverHarness : IAsyncDisposable
{
    /// <summary>The ports of the host; others after a crash.</summary>
    ServicePorts Ports { get; }

    /// <summary>The application over these ports, with the default limits.</summary>
    LockstepService Service { get; }

    /// <summary>Reads and issues task tokens.</summary>
    ITaskTokens Tokens { get; }

    /// <summary>The clock; moved with <see cref="AdvanceAsync"/> only.</summary>
    ManualTimeProvider Time { get; }

    /// <summary>What the Task states call; survives a crash, as the world outside does.</summary>
    ScriptedTargets Targets { get; }

    /// <summary>What the host tells of itself; survives a crash, as a listener outside does.</summary>
    ServiceTelemetry Telemetry { get; }

    /// <summary>The incarnation of every execution (<see cref="Engine.ExecutionIdentity.Incarnation"/>), as no name is used twice in a test.</summary>
    long Incarnation { get; }

    /// <summary>Whether <see cref="CrashAndRestartAsync"/> can be called; the contracts of crashes are skipped where it cannot.</summary>
    bool CanCrash { get; }

    /// <summary>How much later than the change itself a follower may be told of it. None, unless the host has to look by itself.</summary>
    TimeSpan FollowerDelay => TimeSpan.Zero;

    /// <summary>
    /// Completes when nothing more happens by itself: every stimulus is taken in, every target that has answered has been heard, everything can
    /// be read. Calls that a <see cref="CallGate"/> holds, timers that are not due, tasks that wait for a worker or a callback do not count.
    /// </summary>
    Task RunUntilIdleAsync();

    /// <summary>
    /// Moves the clock and runs until idle. It stops at every moment at which something is due and runs until idle there too, so that what
    /// happens sees the time at which it is due and not the end of the stretch.
    /// </summary>
    Task AdvanceAsync(TimeSpan by);

    /// <summary>Lets retention look at everything once, with its default age of 90 days, and runs until idle.</summary>
    Task ExpireAsync();

    /// <summary>
    /// Ends the process without notice and starts another: what is not durable is lost, calls under way are never heard of again
    /// (<see cref="ScriptedTargets.Forget"/>), and what is durable goes on.
    /// </summary>
    Task CrashAndRestartAsync();
}
