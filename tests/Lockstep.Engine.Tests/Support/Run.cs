using Lockstep.Asl.Compiled;
using Lockstep.Engine.Commands;
using Lockstep.Engine.History;
using Lockstep.Engine.Redrives;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;
using Lockstep.Json;

namespace Lockstep.Engine.Tests.Support;

/// <summary>An execution under test: feeds stimuli to Decide and keeps all that it decided.</summary>
internal sealed class Run
{
    public static readonly DateTimeOffset Epoch = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static readonly ExecutionIdentity Identity = new(
        "arn:aws:states:local:000000000001:execution:machine:run",
        "run",
        "arn:aws:states:local:000000000001:stateMachine:machine",
        "machine",
        "arn:aws:iam::000000000001:role/none",
        Seed: 42,
        Incarnation: 0,
        TokenKeyId: "k1",
        Engine.Interpreter.CurrentRevision);

    private CompiledMachine _machine;

    public Run(CompiledMachine machine) => _machine = machine;

    public ExecutionState State { get; set; } = ExecutionState.Initial;

    public DateTimeOffset Now { get; set; } = Epoch;

    public List<HistoryEvent> History { get; } = [];

    public List<Command> Commands { get; } = [];

    public List<Stimulus> Stimuli { get; } = [];

    /// <summary>Visits of states that have ended; null unless the test asks for them.</summary>
    public List<StateVisit>? Ended { get; init; }

    /// <summary>The types of all events so far.</summary>
    public IEnumerable<HistoryEventType> Types => History.Select(e => e.Type);

    /// <summary>How it ended; null while it runs. Before a redrive it may have ended in another way.</summary>
    public Finish? Finished => State.Status == ExecutionStatus.Running ? null : Commands.OfType<Finish>().LastOrDefault();

    public Decision Start(string input, ExecutionLimits? limits = null) =>
        Send(new Started(Now, Identity, JsonValue.Parse(input), limits ?? ExecutionLimits.Default));

    /// <summary>Redrives the execution, with another revision of the machine if one is given.</summary>
    public Decision Redrive(JsonValue? input = null, CompiledMachine? other = null)
    {
        RedrivePlan plan = RedrivePlan.Of(_machine, State, input, other is null ? null : ("other", other));
        Assert.Null(plan.Problem);
        _machine = other ?? _machine;
        return Send(plan.At(Now, clientToken: null));
    }

    public Decision Send(Stimulus stimulus)
    {
        Decision decision = Engine.Interpreter.DecideWithVisits(_machine, State, stimulus, FixedTokens.Instance, Ended);
        State = decision.Next;
        History.AddRange(decision.Events);
        Commands.AddRange(decision.Commands);
        Stimuli.Add(stimulus);
        return decision;
    }

    /// <summary>The last command of a type.</summary>
    public T Last<T>()
        where T : Command => Commands.OfType<T>().Last();
}
