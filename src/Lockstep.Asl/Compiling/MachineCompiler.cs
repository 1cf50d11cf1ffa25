using System.Collections.Immutable;
using System.Diagnostics;
using Lockstep.Asl.Compiled;
using Lockstep.Asl.Model;

namespace Lockstep.Asl.Compiling;

/// <summary>
/// Gives every state and scope its index and replaces names by indices. The states of a group are numbered together, in the order of the text; the
/// groups inside them follow, depth first. Saved execution states refer to these numbers: the order must never change.
/// </summary>
internal sealed class MachineCompiler(StateMachineDefinition definition)
{
    private readonly List<CompiledState?> _states = [];
    private readonly List<CompiledScope> _scopes = [];

    public CompiledMachine Compile()
    {
        CompileGroup(definition.Root, owner: -1);
        var states = ImmutableArray.CreateBuilder<CompiledState>(_states.Count);
        foreach (CompiledState? state in _states)
        {
            states.Add(state ?? throw new UnreachableException());
        }

        return new CompiledMachine(
            states.DrainToImmutable(), [.. _scopes], definition.QueryLanguage, definition.TimeoutSeconds, definition.Comment);
    }

    private int CompileGroup(StateGroup group, int owner)
    {
        int scope = _scopes.Count;
        int first = _states.Count;
        var indices = new Dictionary<string, int>(group.States.Length, StringComparer.Ordinal);
        foreach (StateDefinition state in group.States)
        {
            indices.Add(state.Name, first + indices.Count);
            _states.Add(null);
        }

        _scopes.Add(new CompiledScope(scope, indices[group.StartAt], owner));
        for (int i = 0; i < group.States.Length; i++)
        {
            _states[first + i] = CompileState(group.States[i], first + i, scope, indices);
        }

        return scope;
    }

    private CompiledState CompileState(StateDefinition state, int index, int scope, Dictionary<string, int> indices)
    {
        CompiledState compiled = Specific(state, index, scope, indices);
        if (state is WorkStateDefinition work && compiled is CompiledWorkState compiledWork)
        {
            compiled = compiledWork with
            {
                Parameters = work.Parameters,
                ResultSelector = work.ResultSelector,
                ResultPath = work.ResultPath,
                Retry = work.Retry,
                Catch = Catchers(work.Catch, indices),
            };
        }

        return compiled with
        {
            QueryLanguage = state.QueryLanguage,
            NextState = IndexOf(state.Next, indices),
            InputPath = state.InputPath,
            OutputPath = state.OutputPath,
            Assign = state.Assign,
            Output = state.Output,
        };
    }

    private CompiledState Specific(StateDefinition state, int index, int scope, Dictionary<string, int> indices) => state switch
    {
        PassDefinition pass => new CompiledPass
        {
            Index = index,
            Scope = scope,
            Name = pass.Name,
            Parameters = pass.Parameters,
            Result = pass.Result,
            ResultPath = pass.ResultPath,
        },
        TaskDefinition task => new CompiledTask
        {
            Index = index,
            Scope = scope,
            Name = task.Name,
            Resource = task.Resource,
            TimeoutSeconds = task.TimeoutSeconds,
            HeartbeatSeconds = task.HeartbeatSeconds,
            Credentials = task.Credentials,
        },
        ChoiceDefinition choice => new CompiledChoice
        {
            Index = index,
            Scope = scope,
            Name = choice.Name,
            Rules = Rules(choice.Choices, indices),
            DefaultState = IndexOf(choice.Default, indices),
        },
        WaitDefinition wait => new CompiledWait
        {
            Index = index,
            Scope = scope,
            Name = wait.Name,
            Seconds = wait.Seconds,
            Timestamp = wait.Timestamp,
        },
        SucceedDefinition => new CompiledSucceed { Index = index, Scope = scope, Name = state.Name },
        FailDefinition fail => new CompiledFail { Index = index, Scope = scope, Name = fail.Name, Error = fail.Error, Cause = fail.Cause },
        ParallelDefinition parallel => new CompiledParallel
        {
            Index = index,
            Scope = scope,
            Name = parallel.Name,
            Branches = [.. parallel.Branches.Select(branch => CompileGroup(branch, index))],
        },
        MapDefinition map => new CompiledMap
        {
            Index = index,
            Scope = scope,
            Name = map.Name,
            Processor = CompileGroup(map.Processor, index),
            Items = map.Items,
            MaxConcurrency = map.MaxConcurrency,
            ChildType = map.Mode == MapMode.Distributed ? map.ExecutionType : null,
            Distributed = map.Distributed,
        },
        _ => throw new UnreachableException(),
    };

    private static int IndexOf(string? name, Dictionary<string, int> indices) => name is null ? CompiledState.End : indices[name];

    private static ImmutableArray<Catcher> Catchers(ImmutableArray<CatcherDefinition> catchers, Dictionary<string, int> indices) =>
        catchers.IsEmpty
            ? []
            : [.. catchers.Select(catcher => new Catcher(
                catcher.ErrorEquals, indices[catcher.Next], catcher.ResultPath, catcher.Assign, catcher.Output))];

    private static ImmutableArray<ChoiceRule> Rules(ImmutableArray<ChoiceRuleDefinition> rules, Dictionary<string, int> indices) =>
        [.. rules.Select(rule => new ChoiceRule(
            rule.Condition ?? throw new UnreachableException(), indices[rule.Next], rule.Assign, rule.Output))];
}
