using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Lockstep.Asl.Compiled;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;
using Lockstep.Json;

namespace Lockstep.Engine.Redrives;

/// <summary>Composes the <see cref="Redriven"/> stimulus for what somebody asks of an execution that ended without success, or says why it cannot be.</summary>
public sealed record RedrivePlan
{
    private RedrivePlan(RedriveInput? input, RedriveDefinition? definition, RedriveProblem? problem)
    {
        Input = input;
        Definition = definition;
        Problem = problem;
    }

    /// <summary>Why it cannot be; null when it can.</summary>
    public RedriveProblem? Problem { get; }

    private RedriveInput? Input { get; }

    private RedriveDefinition? Definition { get; }

    /// <summary>Makes the plan.</summary>
    /// <param name="machine">The revision that the execution runs.</param>
    /// <param name="ended">Its state; it has ended without success.</param>
    /// <param name="input">The input for the state that failed; null when it keeps its own.</param>
    /// <param name="other">Another revision that it is to run from now on, with its id; null when it keeps its own.</param>
    public static RedrivePlan Of(CompiledMachine machine, ExecutionState ended, JsonValue? input, (string RevisionId, CompiledMachine Machine)? other)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(ended);
        RedriveInput? changedInput = null;
        if (input is not null)
        {
            if (InputFrame(ended) is not long frame)
            {
                return Refused(RedriveProblemKind.InputFitsNoState,
                    "An input can be given only where one state failed the execution, or one alone was given up. Redrive it without an input.");
            }

            changedInput = new RedriveInput(frame, input);
        }

        if (other is not (string revisionId, CompiledMachine next))
        {
            return new RedrivePlan(changedInput, null, null);
        }

        return TryMap(machine, ended, next, out ImmutableArray<int> states, out RedriveProblem? problem)
            ? new RedrivePlan(changedInput, new RedriveDefinition(revisionId, states), null)
            : new RedrivePlan(null, null, problem);
    }

    /// <summary>The stimulus.</summary>
    /// <param name="time">When it is recorded.</param>
    /// <param name="clientToken">The token of the request; null when it has none.</param>
    public Redriven At(DateTimeOffset time, string? clientToken) => Problem is null
        ? new Redriven(time, clientToken, Input, Definition)
        : throw new InvalidOperationException("The execution cannot be redriven so: " + Problem.Message);

    private static RedrivePlan Refused(RedriveProblemKind kind, string message) => new(null, null, new RedriveProblem(kind, message));

    /// <summary>The frame whose state gets a changed input: the one that failed the execution, or else the only one that is tried again.</summary>
    private static long? InputFrame(ExecutionState ended)
    {
        Frame[] again = [.. ended.Frames.Entries().Select(entry => entry.Value).Where(frame => frame.Occupation is Stopped or Entering)];
        Frame[] failed = [.. again.Where(frame => frame.Occupation is Stopped { Failed: true })];
        return failed.Length == 1 ? failed[0].Id : again.Length == 1 ? again[0].Id : null;
    }

    private static bool TryMap(
        CompiledMachine machine, ExecutionState ended, CompiledMachine other, out ImmutableArray<int> states, [NotNullWhen(false)] out RedriveProblem? problem)
    {
        states = [];
        problem = null;
        var byName = other.States.GroupBy(state => (state.Scope, state.Name)).ToDictionary(group => group.Key, group => group.First());
        var mapped = new Dictionary<long, CompiledState>();
        ImmutableArray<int>.Builder indices = ImmutableArray.CreateBuilder<int>(ended.Frames.Count);
        foreach (KeyValuePair<long, Frame> entry in ended.Frames.Entries())
        {
            Frame frame = entry.Value;
            CompiledState before = machine.States[frame.State];
            int? scope = frame.Parent == Frame.NoParent ? 0 : ScopeIn(mapped[frame.Parent], frame.Index);
            if (scope is not int place || !byName.TryGetValue((place, before.Name), out CompiledState? now))
            {
                problem = new RedriveProblem(RedriveProblemKind.StateMissing, string.Create(
                    CultureInfo.InvariantCulture,
                    $"The execution would go on at the state '{before.Name}', which the other revision does not have in the same place. Keep the state, or start a new execution."));
                return false;
            }

            if (Difference(frame, before, now) is string difference)
            {
                problem = new RedriveProblem(RedriveProblemKind.StateChanged, string.Create(
                    CultureInfo.InvariantCulture,
                    $"The execution would go on at the state '{before.Name}', and the other revision has {difference} there. Keep the state as it is, or start a new execution."));
                return false;
            }

            mapped[frame.Id] = now;
            indices.Add(now.Index);
        }

        states = indices.MoveToImmutable();
        return true;
    }

    private static int? ScopeIn(CompiledState parent, int index) => parent switch
    {
        CompiledParallel parallel => parallel.Branches[index],
        CompiledMap map => map.Processor,
        _ => null,
    };

    /// <summary>What another revision has in place of a state, where that matters; null when it does not.</summary>
    private static string? Difference(Frame frame, CompiledState before, CompiledState now) => frame.Occupation switch
    {
        Entering => null,
        _ when before.Type != now.Type => string.Create(CultureInfo.InvariantCulture, $"a {now.Type} state instead of a {before.Type} state"),
        RunningBranches when before is CompiledParallel parallel && now is CompiledParallel other && parallel.Branches.Length != other.Branches.Length =>
            string.Create(CultureInfo.InvariantCulture, $"{other.Branches.Length} branches instead of {parallel.Branches.Length}"),
        Iterating when now is CompiledMap { ChildType: not null } => "the mode DISTRIBUTED instead of INLINE",
        _ => null,
    };
}
