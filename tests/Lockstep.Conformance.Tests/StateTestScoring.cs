using System.Text;
using Lockstep.Asl;
using Lockstep.Asl.Compiled;
using Lockstep.Conformance.Tests.Cases;
using Lockstep.Conformance.Tests.Matching;
using Lockstep.Engine;
using Lockstep.Engine.Testing;
using Lockstep.Engine.Testing.Mocks;
using Lockstep.Json;

namespace Lockstep.Conformance.Tests;

/// <summary>Compares tests of single states: the outcome, and at the levels DEBUG and TRACE every value on the way.</summary>
internal static class StateTestScoring
{
    private static readonly ExecutionIdentity Identity = new(
        "arn:aws:states:us-east-1:111111111111:express:Machine:Exec",
        "Exec",
        "arn:aws:states:us-east-1:111111111111:stateMachine:Machine",
        "Machine",
        "arn:aws:iam::111111111111:role/Role",
        7,
        0,
        "k",
        Interpreter.CurrentRevision);

    public static void Score(ConformanceCase recorded, CaseScore score)
    {
        var placeholders = new Placeholders(recorded);
        var values = new RecordedValue(placeholders);
        JsonObject expected = recorded.Expected;
        (StateTestReport? report, string? refusal) = Run(recorded, placeholders);
        string status = report is null ? "API_ERROR" : StateTestJson.TextOf(report.Status);
        score.Set(Layer.Status, values.DifferText(Text(expected["status"]) ?? "", status, "status"));
        if (report is null)
        {
            // A parameter that the client itself refuses has no message of the service.
            score.Set(Layer.Outcome, Text(expected["message"]) is string message && message != refusal ? $"recorded {message}, ours {refusal}" : null);
            return;
        }

        JsonObject ours = StateTestJson.Of(report, LevelOf(Text(recorded["inspectionLevel"])));
        score.Set(Layer.Outcome, values.Differ(OrNull(expected["output"]), ours["output"], "output"));
        score.Set(Layer.Outcome, values.Differ(OrNull(expected["error"]), ours["error"], "error"));
        score.Set(Layer.Outcome, values.Differ(OrNull(expected["nextState"]), ours["nextState"], "nextState"));
        score.Set(Layer.Cause, values.DifferCause(OrNull(expected["cause"]), ours["cause"], "cause"));
        score.Set(Layer.Details, DifferInspection((expected["response"] as JsonObject)?["inspectionData"], ours["inspectionData"], values));
    }

    private static string? DifferInspection(JsonValue? recorded, JsonValue? ours, RecordedValue values)
    {
        if (recorded is not JsonObject left || ours is not JsonObject right)
        {
            return values.Differ(recorded, ours, "inspectionData");
        }

        foreach (string name in left.Concat(right).Select(property => property.Name).Distinct())
        {
            if (values.DifferPayload(left[name], right[name], $"inspectionData.{name}") is string difference)
            {
                return difference;
            }
        }

        return null;
    }

    private static (StateTestReport? Report, string? Refusal) Run(ConformanceCase recorded, Placeholders placeholders)
    {
        string? stateName = Text(recorded["stateName"]);
        byte[] definition = Encoding.UTF8.GetBytes(placeholders.Substitute(recorded["definition"]?.ToString() ?? ""));
        var options = new AslOptions { ForStateTest = true };
        AslLoadResult loaded = stateName is null
            ? AslCompiler.LoadState(definition, StateTestRules.SingleStateName, options)
            : AslCompiler.Load(definition, options);
        if (!loaded.IsValid)
        {
            return (null, string.Join("; ", loaded.Diagnostics.Select(diagnostic => diagnostic.Message)));
        }

        if (loaded.Machine.States.FirstOrDefault(state => state.Name == (stateName ?? StateTestRules.SingleStateName)) is not CompiledState state)
        {
            return (null, StateTestRules.StateNotFound);
        }

        StateTestSetup setup = SetupOf(recorded, placeholders);
        if (StateTestRules.Refusal(loaded.Machine, state, setup) is string refusal)
        {
            return (null, refusal);
        }

        StateTest test = StateTest.Begin(loaded.Machine, state, setup, CaseTokens.Instance);
        if (test.Call is { } call)
        {
            test.Answer(new ScriptedLambdas(recorded, placeholders).Answer(call, setup.Time));
        }

        return (test.Report, test.Refusal);
    }

    private static StateTestSetup SetupOf(ConformanceCase recorded, Placeholders placeholders)
    {
        var configuration = recorded["stateConfiguration"] as JsonObject;
        return new StateTestSetup
        {
            Identity = Identity,
            Limits = ExecutionLimits.Default,
            Time = DateTimeOffset.UnixEpoch,
            Input = recorded["inputRaw"] is JsonString raw
                ? JsonValue.Parse(placeholders.Substitute(raw.Value))
                : placeholders.Substitute(recorded["input"] ?? JsonObject.Empty),
            Context = recorded["context"] is JsonString context ? (JsonObject)JsonValue.Parse(context.Value) : null,
            Mock = MockOf(recorded["mock"] as JsonObject),
            RetrierRetryCount = Whole(configuration?["retrierRetryCount"]),
            MapIterationFailureCount = Whole(configuration?["mapIterationFailureCount"]),
            ErrorCausedByState = Text(configuration?["errorCausedByState"]),
            MapItemReaderData = Text(configuration?["mapItemReaderData"]),
        };
    }

    private static StateMock? MockOf(JsonObject? mock) => mock switch
    {
        null => null,
        _ when mock["errorOutput"] is JsonObject error => new MockedError(Text(error["error"]) ?? "", Text(error["cause"])),
        _ => new MockedResult(
            JsonValue.Parse(Text(mock["result"]) ?? "null"),
            Enum.Parse<FieldValidationMode>(Text(mock["fieldValidationMode"]) ?? nameof(FieldValidationMode.Strict), ignoreCase: true)),
    };

    private static InspectionLevel LevelOf(string? text) => Enum.Parse<InspectionLevel>(text ?? nameof(InspectionLevel.Info), ignoreCase: true);

    private static int? Whole(JsonValue? value) => value is JsonNumber number && number.TryGetInt64(out long whole) ? (int)whole : null;

    private static string? Text(JsonValue? value) => (value as JsonString)?.Value;

    private static JsonValue? OrNull(JsonValue? value) => value is JsonNull ? null : value;

    private sealed class CaseTokens : ITaskTokenIssuer
    {
        public static CaseTokens Instance { get; } = new();

        public string Issue(ExecutionIdentity execution, CommandId task) => $"task-token-{task}";
    }
}
