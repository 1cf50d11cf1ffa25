using Lockstep.Asl;
using Lockstep.Asl.Compiled;
using Lockstep.Asl.Diagnostics;
using Lockstep.Engine;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;
using Lockstep.Json;
using Lockstep.TestKit.Corpora;

namespace Lockstep.Fuzz.Targets;

/// <summary>Definitions: parsed, validated and linted; those that are accepted are compiled and run for a turn.</summary>
internal sealed class DefinitionTarget : IFuzzTarget
{
    private static readonly ExecutionIdentity Identity = new(
        "arn:aws:states:local:000000000001:execution:m:e", "e", "arn:aws:states:local:000000000001:stateMachine:m", "m", "arn:aws:iam::000000000001:role/r", 7, 0, "k",
        Interpreter.CurrentRevision);

    private static readonly ExecutionLimits Limits = ExecutionLimits.Default with { MaxTransitionsPerTurn = 50, MaxExpressionFuel = 20_000, MaxFieldWork = 100_000 };

    public string Name => "definition";

    public bool IsJson => true;

    public IReadOnlyList<string> Tokens { get; } =
    [
        "$", "$.", "$$.", "$$.Map.Item.Value", "$x", "$.a[0]", "$.a[?(@.b>1)]", "States.ALL", "States.Timeout", "States.Format('{}', $.a)", "States.Array(", "JSONata", "JSONPath",
        "{% $states.input %}", "{% $states.result.a %}", "{% $x %}", "{%", "%}", "Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map", "DISTRIBUTED", "INLINE",
        "\"Next\":\"A\"", "\"End\":true", "\"Type\":\"Map\"", "\"Catch\":[", "\"States\":{", "null", "true", "-1", "1e999", "99999999999999999999", "0.5", "2026-01-02T03:04:05Z",
        "arn:aws:states:::lambda:invoke", "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "arn:aws:states:local:000000000001:activity:a", "", "\u00e9", "\uFEFF", "~1", ".$", ",", ":", "{", "}", "[", "]", "\"",
    ];

    public IEnumerable<byte[]> Corpus() =>
    [
        .. FuzzTargets.Files("samples", "*.asl.json"),
        .. FuzzTargets.Files("tests/Lockstep.Asl.Tests/Golden", "*.asl.json"),
        .. FuzzTargets.Files("tests/Lockstep.Engine.Tests/Golden", "*.asl.json"),
        .. FuzzTargets.Parts("definitions.txt"),
        .. FuzzTargets.Beside("asl-corpus"),
    ];

    public bool Run(byte[] input)
    {
        AslLoadResult loaded = AslValidator.Validate(input);
        string text = System.Text.Encoding.UTF8.GetString(input);
        string shown = DiagnosticRenderer.Render(loaded.Diagnostics, text, "fuzz");
        string told = ServiceMessages.InvalidDefinition(loaded.Diagnostics);
        AslLoadResult express = AslCompiler.Load(input, new AslOptions { Type = WorkflowType.Express });
        if (!loaded.IsValid)
        {
            Require(shown.Length > 0 && told.Length > 0, "A definition is refused without a reason.");
            return false;
        }

        CompiledMachine machine = loaded.Machine;
        loaded.Definition.GetVariableReferences();
        Require(express.IsValid || express.Diagnostics.Length > 0, "A definition is refused without a reason.");
        JsonObject data = SyntheticInput.For(JsonValue.Parse(text));
        ExecutionState state = ExecutionState.Initial;
        Decision decision = Interpreter.Decide(machine, state, new Started(DateTimeOffset.UnixEpoch, Identity, data, Limits), FuzzTokens.Instance);
        Require(decision.Events.Length > 0, "A turn without an event.");
        return true;
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException(what);
        }
    }

    private sealed class FuzzTokens : ITaskTokenIssuer
    {
        public static FuzzTokens Instance { get; } = new();

        public string Issue(ExecutionIdentity execution, CommandId task) => "token";
    }
}
