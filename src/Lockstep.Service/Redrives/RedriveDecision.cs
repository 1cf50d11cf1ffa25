using System.Collections.Immutable;
using System.Diagnostics;
using Lockstep.Asl.Compiled;
using Lockstep.Engine;
using Lockstep.Engine.Redrives;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;

namespace Lockstep.Service.Redrives;

/// <summary>What becomes of a request to redrive an execution, given its state: the same with every driver.</summary>
public sealed record RedriveDecision
{
    private RedriveDecision()
    {
    }

    /// <summary>The turn to take; null when there is none.</summary>
    public Redriven? Stimulus { get; private init; }

    /// <summary>When the same request redrove it before; null when none did.</summary>
    public DateTimeOffset? RepeatedAt { get; private init; }

    /// <summary>Why not; null when nothing is against it.</summary>
    public ServiceError? Error { get; private init; }

    /// <summary>Decides.</summary>
    /// <param name="state">The execution's state.</param>
    /// <param name="machine">The revision that it runs.</param>
    /// <param name="request">The request.</param>
    /// <param name="other">The revision that it is to run, compiled, when the request names another one; else null.</param>
    /// <param name="now">The time.</param>
    public static RedriveDecision Of(
        ExecutionState state, CompiledMachine machine, RedriveRequest request, CompiledMachine? other, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        DateTimeOffset? stopped = state.Status == ExecutionStatus.Running ? null : state.Time;
        if (AtOnce(state.Status, stopped, state.RedriveCount, state.RedriveTokens, request, now) is { } decided)
        {
            return decided;
        }

        if (IsFull(state))
        {
            return HistoryIsFull;
        }

        var plan = RedrivePlan.Of(machine, state, request.Input, other is null || request.Revision is null ? null : (request.Revision.RevisionId, other));
        return plan.Problem is null
            ? new RedriveDecision { Stimulus = plan.At(now, request.ClientToken) }
            : new RedriveDecision { Error = ErrorOf(plan.Problem) };
    }

    /// <summary>What can be decided of a request without the state; null when the state is needed.</summary>
    /// <param name="status">The execution's status.</param>
    /// <param name="stopped">When it ended; null while it runs.</param>
    /// <param name="redrives">How often it was redriven.</param>
    /// <param name="tokens">The client tokens of its last redrives.</param>
    /// <param name="request">The request.</param>
    /// <param name="now">The time.</param>
    public static RedriveDecision? AtOnce(
        ExecutionStatus status, DateTimeOffset? stopped, int redrives, ImmutableArray<RedriveToken> tokens, RedriveRequest request, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(request);
        RedriveToken? known = request.ClientToken is null ? null : tokens.LastOrDefault(token => token.Token == request.ClientToken);
        return known is not null && known.Time + RedriveRules.TokenLife > now ? new RedriveDecision { RepeatedAt = known.Time }
            : request.Rules.ReasonAgainst(status, stopped, redrives, now) is string reason ? new RedriveDecision { Error = DriverErrors.NotRedrivable(reason) }
            : null;
    }

    /// <summary>
    /// Decides for a map run that its Map state redrives, or a child that its map run does. The rules are those of the execution that was asked for; beside
    /// them only the history of the part itself can be against it.
    /// </summary>
    /// <param name="state">The state with which the part ended, and not with success.</param>
    /// <param name="now">The time.</param>
    public static RedriveDecision OfPart(ExecutionState state, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        return IsFull(state) ? HistoryIsFull : new RedriveDecision { Stimulus = new Redriven(now, null, null, null) };
    }

    private static RedriveDecision HistoryIsFull => new() { Error = DriverErrors.NotRedrivable("Execution history event limit exceeded") };

    private static bool IsFull(ExecutionState state) => state.LastEventId + 1 >= state.Limits.MaxHistoryEvents;

    private static ServiceError ErrorOf(RedriveProblem problem) => problem.Kind switch
    {
        RedriveProblemKind.InputFitsNoState => new ServiceError(ErrorCodes.Validation, problem.Message) { Target = "/input" },
        RedriveProblemKind.StateMissing or RedriveProblemKind.StateChanged =>
            new ServiceError(ErrorCodes.RevisionDoesNotFit, problem.Message) { Target = "/revisionId" },
        _ => throw new UnreachableException(),
    };
}
