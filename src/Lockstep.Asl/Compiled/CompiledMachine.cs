using System.Collections.Immutable;

namespace Lockstep.Asl.Compiled;

/// <summary>
/// A validated definition in the form that the interpreter runs: all states of all scopes in one array, transitions as indices,
/// expressions compiled. Immutable and shared by every execution of the revision. The same text always compiles to the same
/// indices, so a saved execution state may refer to them.
/// </summary>
public sealed class CompiledMachine
{
    /// <summary>Composes a machine; <see cref="AslCompiler"/> is the only caller outside tests.</summary>
    public CompiledMachine(
        ImmutableArray<CompiledState> states, ImmutableArray<CompiledScope> scopes, QueryLanguage queryLanguage, long? timeoutSeconds, string? comment)
    {
        States = states;
        Scopes = scopes;
        QueryLanguage = queryLanguage;
        TimeoutSeconds = timeoutSeconds;
        Comment = comment;
    }

    /// <summary>Every state of the machine; <see cref="CompiledState.Index"/> is its position here.</summary>
    public ImmutableArray<CompiledState> States { get; }

    /// <summary>The scopes: the machine itself at 0, then every Parallel branch and Map processor in order of appearance.</summary>
    public ImmutableArray<CompiledScope> Scopes { get; }

    /// <summary>The query language of the machine.</summary>
    public QueryLanguage QueryLanguage { get; }

    /// <summary>The machine-level <c>TimeoutSeconds</c>; null when it has none.</summary>
    public long? TimeoutSeconds { get; }

    /// <summary>The machine's comment.</summary>
    public string? Comment { get; }

    /// <summary>The machine that the children of a Map state in DISTRIBUTED mode run: its processor, with the same indices.</summary>
    /// <param name="map">Index of the Map state.</param>
    /// <exception cref="ArgumentException">The state is none.</exception>
    public CompiledMachine ForChildrenOf(int map) => StartingAt(States, Scopes[Distributed(map).Processor].StartState);

    /// <summary>The machine that the map runs of a Map state in DISTRIBUTED mode run: one more state behind all others, and it alone.</summary>
    /// <param name="map">Index of the Map state.</param>
    /// <exception cref="ArgumentException">The state is none.</exception>
    public CompiledMachine ForMapRunOf(int map)
    {
        CompiledMap state = Distributed(map);
        var run = new CompiledMapRun { Index = States.Length, Scope = 0, Name = state.Name, Map = state };
        return StartingAt(States.Add(run), run.Index);
    }

    private CompiledMap Distributed(int map) => map >= 0 && map < States.Length && States[map] is CompiledMap { ChildType: not null } state
        ? state
        : throw new ArgumentException($"State {map} is no Map state in DISTRIBUTED mode.", nameof(map));

    private CompiledMachine StartingAt(ImmutableArray<CompiledState> states, int start) => new(
        states, Scopes.SetItem(0, Scopes[0] with { StartState = start }), QueryLanguage, timeoutSeconds: null, Comment);
}
