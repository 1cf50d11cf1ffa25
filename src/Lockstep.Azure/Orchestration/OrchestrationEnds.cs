namespace Lockstep.Azure.Orchestration;

/// <summary>What the orchestration of an execution answers when it ends; shown by the scheduler's dashboard.</summary>
public static class OrchestrationEnds
{
    /// <summary>The execution has ended, in whatever way.</summary>
    public const string Ended = "ended";

    /// <summary>Another orchestration has taken the execution over, or it was over already.</summary>
    public const string FencedOff = "fenced off";

    /// <summary>The ledger and the interpreter disagree, and the execution is out of service.</summary>
    public const string Quarantined = "quarantined";

    /// <summary>It continues as new.</summary>
    public const string Continued = "continued";
}
