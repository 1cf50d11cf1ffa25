using Lockstep.Asl.Compiled;
using Lockstep.Engine.Redrives;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;
using Lockstep.Engine.Turns;

namespace Lockstep.Engine;

/// <summary>
/// The heart of Lockstep: one pure function from (machine, state, stimulus) to (next state, history, commands). No clock, no
/// randomness of its own, no effect: equal arguments give equal decisions, today and on every replay.
/// </summary>
public static class Interpreter
{
    /// <summary>The revision of the behaviour that new executions get (<see cref="ExecutionIdentity.InterpreterRevision"/>).</summary>
    public const int CurrentRevision = 5;

    /// <summary>
    /// The revision from which the outcome of a job (<c>.sync</c>, <c>.sync:2</c>) that comes before its submission was answered is held until
    /// then. Before, it took effect at once, and whether history had a TaskSubmitted depended on who was faster.
    /// </summary>
    internal const int HoldsEarlyJobs = 2;

    /// <summary>The revision from which a redrive of a Map state in DISTRIBUTED mode redrives its map run. Before, it started a new one.</summary>
    internal const int RedrivesMapRuns = 3;

    /// <summary>
    /// The revision from which States.Runtime inside a Parallel or Map state ends the execution with no event of that state, as at Step Functions. Before,
    /// history said of each state around it that it failed, and of each branch beside it that it was aborted.
    /// </summary>
    internal const int EndsAtOnce = 4;

    /// <summary>
    /// The revision from which a task is not scheduled with parameters that its integration does not take. Before, what it does not know was left to the target.
    /// </summary>
    internal const int ChecksParameters = 4;

    /// <summary>
    /// The revision from which Map states in DISTRIBUTED mode go over the members of objects, and their ItemSelector sees where an item comes from.
    /// Before, an object failed them.
    /// </summary>
    internal const int KnowsItemSources = 5;

    /// <summary>
    /// Takes one turn: lets the stimulus take effect and runs every branch that it woke until each waits, or the turn's budget
    /// is spent (<see cref="ExecutionLimits"/>).
    /// </summary>
    /// <param name="machine">The revision of the definition that the execution started with.</param>
    /// <param name="state">The state after the turn before; it is not changed.</param>
    /// <param name="stimulus">What happened. A stimulus for something no longer waited for is taken in and changes nothing.</param>
    /// <param name="tokens">Makes task tokens.</param>
    /// <exception cref="InvalidOperationException">The first stimulus is not <see cref="Started"/>, or a later one is.</exception>
    public static Decision Decide(CompiledMachine machine, ExecutionState state, Stimulus stimulus, ITaskTokenIssuer tokens) =>
        DecideWithVisits(machine, state, stimulus, tokens, ended: null);

    /// <summary>Takes one turn, as <see cref="Decide"/> does, and tells which visits of states it ended.</summary>
    /// <param name="machine">The revision of the definition that the execution started with.</param>
    /// <param name="state">The state after the turn before; it is not changed.</param>
    /// <param name="stimulus">What happened.</param>
    /// <param name="tokens">Makes task tokens.</param>
    /// <param name="ended">Takes the visits of states that the turn ended; null when nobody asks. It changes nothing of the decision.</param>
    /// <exception cref="InvalidOperationException">The first stimulus is not <see cref="Started"/>, or a later one is.</exception>
    public static Decision DecideWithVisits(
        CompiledMachine machine, ExecutionState state, Stimulus stimulus, ITaskTokenIssuer tokens, List<StateVisit>? ended)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(stimulus);
        ArgumentNullException.ThrowIfNull(tokens);
        if (stimulus is Started != (state.Turn == 0))
        {
            throw new InvalidOperationException("Started is the first stimulus of an execution, and only the first.");
        }

        ExecutionState before = stimulus switch
        {
            Started started => WithStart(state, started),
            Redriven redriven when state.Status is ExecutionStatus.Failed or ExecutionStatus.TimedOut or ExecutionStatus.Aborted =>
                Redriving.Reopened(state, redriven),
            _ => state,
        };
        var turn = new Turn(machine, before, stimulus.Time, tokens, ended);
        if (before.Status == ExecutionStatus.Running && (stimulus is not Redriven || !ReferenceEquals(before, state)))
        {
            StimulusEffects.Apply(turn, stimulus);
        }

        return turn.End();
    }

    private static ExecutionState WithStart(ExecutionState initial, Started started) => initial with
    {
        Identity = started.Identity,
        Limits = started.Limits,
        Input = started.Input,
        Time = started.Time,
        StartTime = started.Time,
    };
}
