using Lockstep.Embedded.StateMachines;
using Lockstep.Engine;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Executions;
using Lockstep.Service.MapRuns;
using Lockstep.Service.Redrives;

namespace Lockstep.Embedded.Executions;

/// <summary>Something addressed to an execution. Its actor turns it into a stimulus if it still concerns anything. The set is closed.</summary>
internal abstract record Mail
{
    /// <summary>Answered once whatever the mail caused is durable; null when nobody waits.</summary>
    public TaskCompletionSource<MailAnswer>? Ack { get; init; }
}

/// <summary>The execution begins: the first mail of a new actor.</summary>
internal sealed record BeginMail(Started Stimulus) : Mail;

/// <summary>A timer is due.</summary>
internal sealed record TimerMail(CommandId Timer) : Mail;

/// <summary>A task's heartbeat may be overdue.</summary>
internal sealed record HeartbeatMail(CommandId Task) : Mail;

/// <summary>An effect has ended.</summary>
internal sealed record OutcomeMail(CommandId Task, Stimulus Stimulus) : Mail;

/// <summary>Somebody who holds the token of a task reports.</summary>
internal sealed record ReportMail(CommandId Task, long Incarnation, TaskReport Report) : Mail;

/// <summary>A worker asks for an activity task.</summary>
internal sealed record TakeMail(CommandId Task, string? WorkerName) : Mail
{
    /// <summary>Set with the answer: what the worker gets.</summary>
    public Engine.State.OpenTask? Taken { get; set; }
}

/// <summary>A child that a task waits for has ended.</summary>
internal sealed record ChildMail(CommandId Task, long ChildNumber, ExecutionRecord Child) : Mail;

/// <summary>Somebody stops the execution.</summary>
internal sealed record StopMail(string? Error, string? Cause) : Mail
{
    /// <summary>The task that gave it up: it counts only while that is the one that waits. Null when it was stopped by itself.</summary>
    public CommandId? GivenUpBy { get; init; }
}

/// <summary>Somebody changes what a map run runs under.</summary>
internal sealed record UpdateMapRunMail(MapRunChange Change) : Mail;

/// <summary>The execution is to be opened again. Always the first mail of its commit, so that an end before it is durable.</summary>
internal abstract record ReopeningMail : Mail;

/// <summary>A task of the execution that started this one redrives it, and waits for it from now on.</summary>
internal sealed record RedrivePartMail(ParentLink Parent) : ReopeningMail;

/// <summary>Somebody redrives the execution.</summary>
internal sealed record RedriveMail(RedriveRequest Request, MachineRevision? Revision) : ReopeningMail
{
    /// <summary>Set with the answer: what became of it.</summary>
    public RedriveDecision? Decision { get; set; }
}

/// <summary>The turn before had spent its budget.</summary>
internal sealed record ContinueMail : Mail;

/// <summary>The execution has been idle for long enough to leave memory.</summary>
internal sealed record ParkMail : Mail;

/// <summary>The execution has to be in memory: after a start of the process, or because something in it is due.</summary>
internal sealed record WakeMail : Mail;

/// <summary>What became of a mail.</summary>
internal enum MailAnswer
{
    /// <summary>It took effect.</summary>
    Accepted,

    /// <summary>The task that it concerns does not wait any more.</summary>
    TaskGone,

    /// <summary>The task never existed in this execution.</summary>
    TaskUnknown,

    /// <summary>Somebody else has taken the task.</summary>
    AlreadyTaken,

    /// <summary>The execution has ended, or does not exist.</summary>
    Ended,

    /// <summary>The name of a new execution is taken; or what was to be opened again for another execution, which does not run any more, is not.</summary>
    Duplicate,

    /// <summary>It cannot be redriven.</summary>
    NotRedrivable,

    /// <summary>The execution is quarantined.</summary>
    Quarantined,
}
