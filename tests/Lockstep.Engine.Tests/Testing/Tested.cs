using System.Text;
using Lockstep.Asl;
using Lockstep.Asl.Compiled;
using Lockstep.Engine.Stimuli;
using Lockstep.Engine.Testing;
using Lockstep.Json;

namespace Lockstep.Engine.Tests.Testing;

/// <summary>Tests a single state and shows what came of it.</summary>
internal static class Tested
{
    public static StateTestSetup Setup(string input = "{}") => new()
    {
        Identity = new ExecutionIdentity(
            "arn:aws:states:local:000000000001:express:M:E", "E", "arn:aws:states:local:000000000001:stateMachine:M", "M", "role", 7, 0, "k",
            Engine.Interpreter.CurrentRevision),
        Limits = ExecutionLimits.Default,
        Time = DateTimeOffset.UnixEpoch,
        Input = JsonValue.Parse(input),
    };

    public static StateTest Begin(string definition, StateTestSetup setup)
    {
        (CompiledMachine machine, CompiledState state) = Load(definition, setup);
        Assert.Null(StateTestRules.Refusal(machine, state, setup));
        return StateTest.Begin(machine, state, setup, Tokens.Instance);
    }

    public static JsonObject Report(string definition, StateTestSetup setup, params Stimulus[] outcomes)
    {
        StateTest test = Begin(definition, setup);
        foreach (Stimulus outcome in outcomes)
        {
            test.Answer(outcome);
        }

        Assert.Null(test.Refusal);
        Assert.NotNull(test.Report);
        return StateTestJson.Of(test.Report, InspectionLevel.Trace);
    }

    public static string? Refusal(string definition, StateTestSetup setup)
    {
        (CompiledMachine machine, CompiledState state) = Load(definition, setup);
        return StateTestRules.Refusal(machine, state, setup) ?? StateTest.Begin(machine, state, setup, Tokens.Instance).Refusal;
    }

    private static (CompiledMachine Machine, CompiledState State) Load(string definition, StateTestSetup setup)
    {
        AslLoadResult loaded = AslCompiler.LoadState(
            Encoding.UTF8.GetBytes(definition),
            StateTestRules.SingleStateName,
            new AslOptions { ForStateTest = true, GivenVariables = [.. setup.Variables.Select(variable => variable.Name)] });
        Assert.True(loaded.IsValid, string.Join("; ", loaded.Diagnostics.Select(diagnostic => diagnostic.Message)));
        return (loaded.Machine, loaded.Machine.States[0]);
    }

    private sealed class Tokens : ITaskTokenIssuer
    {
        public static Tokens Instance { get; } = new();

        public string Issue(ExecutionIdentity execution, CommandId task) => $"token-{task}";
    }
}
