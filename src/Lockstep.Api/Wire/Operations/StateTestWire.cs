using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Lockstep.Api.Routing;
using Lockstep.Api.Wire.Shapes;
using Lockstep.Engine.Testing;
using Lockstep.Engine.Testing.Mocks;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.StateTests;

namespace Lockstep.Api.Wire.Operations;

/// <summary>Testing a single state. What is JSON text in the protocol is parsed on its way in and printed on its way out.</summary>
internal static class StateTestWire
{
    // The members of inspectionData that are structures or numbers; all others are JSON text.
    private static readonly FrozenSet<string> Structures =
        new[] { "request", "response", "errorDetails", "toleratedFailureCount", "toleratedFailurePercentage", "maxConcurrency" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The operations.</summary>
    public static ImmutableArray<WireOperation> Operations { get; } =
    [
        new(
            "TestState",
            new StructureShape(
                new("definition", RequestShapes.Definition, true),
                new("roleArn", RequestShapes.Arn),
                new("input", RequestShapes.Data),
                new("inspectionLevel", RequestShapes.OneOf("INFO", "DEBUG", "TRACE")),
                new("revealSecrets", RequestShapes.Flag),
                new("variables", RequestShapes.Data),
                new("stateName", new TextShape(1, 80) { IsSensitive = true }),
                new("mock", RequestShapes.Mock),
                new("context", RequestShapes.Data),
                new("stateConfiguration", RequestShapes.StateConfiguration)),
            TestAsync,
            new ThrottleRate(50, 10))
        {
            Pace = RoutePace.Synchronous,
            Errors = ["InvalidArn", "InvalidDefinition", "InvalidExecutionInput"],
        },
    ];

    private static async ValueTask<WireAnswer> TestAsync(WireCall call)
    {
        WireError? wrong = Read(call, out StateTestRequest request);
        if (wrong is not null)
        {
            return wrong;
        }

        // Only a test that may call something stays for longer than it takes to compute.
        bool calls = request.Mock is null;
        using IDisposable? place = calls ? call.Surroundings.Bounds.StateTests.TryTake(call.Tenant) : null;
        if (calls && place is null)
        {
            return WireErrors.Throttled;
        }

        Result<StateTestOutcome> outcome = await call.Service.StateTests.TestAsync(call.Tenant, request, call.Cancellation);
        if (!outcome.Succeeded)
        {
            return WireErrors.Of(outcome.Error, "");
        }

        JsonObject shown = outcome.Value.ToJson(Enum.Parse<InspectionLevel>(call.OptionalText("inspectionLevel") ?? "INFO", ignoreCase: true));
        return WireAnswer.Of(writer => Write(writer, shown));
    }

    private static void Write(Utf8JsonWriter writer, JsonObject shown)
    {
        foreach (Lockstep.Json.JsonProperty member in shown)
        {
            switch (member)
            {
                case { Name: "output" }:
                    writer.WriteString(member.Name, member.Value.ToString());
                    break;
                case { Name: "inspectionData", Value: JsonObject inspected }:
                    writer.WriteStartObject(member.Name);
                    foreach (Lockstep.Json.JsonProperty step in inspected)
                    {
                        WriteStep(writer, step);
                    }

                    writer.WriteEndObject();
                    break;
                default:
                    WriteRaw(writer, member);
                    break;
            }
        }
    }

    private static void WriteStep(Utf8JsonWriter writer, Lockstep.Json.JsonProperty step)
    {
        if (Structures.Contains(step.Name))
        {
            WriteRaw(writer, step);
        }
        else
        {
            writer.WriteString(step.Name, step.Value.ToString());
        }
    }

    private static void WriteRaw(Utf8JsonWriter writer, Lockstep.Json.JsonProperty member)
    {
        writer.WritePropertyName(member.Name);
        writer.WriteRawValue(member.Value.ToString(), skipInputValidation: true);
    }

    private static WireError? Read(WireCall call, out StateTestRequest request)
    {
        JsonObject configuration = call.Structure("stateConfiguration") ?? JsonObject.Empty;
        request = new StateTestRequest(call.Text("definition"))
        {
            StateName = call.OptionalText("stateName"),
            RoleArn = call.OptionalText("roleArn"),
            RevealSecrets = call.Flag("revealSecrets") ?? false,
            RetrierRetryCount = IntegerOf(configuration, "retrierRetryCount"),
            ErrorCausedByState = TextOf(configuration, "errorCausedByState"),
            MapIterationFailureCount = IntegerOf(configuration, "mapIterationFailureCount"),
            MapItemReaderData = TextOf(configuration, "mapItemReaderData"),
        };
        JsonValue? input = null;
        if (call.OptionalText("input") is { } text && (input = JsonText.Parse(text, call.Limits, out string? reason)) is null)
        {
            return new WireError("InvalidExecutionInput", $"Invalid State Machine Execution Input: '{reason}'");
        }

        WireError? badVariables = ReadObject(call, "variables", out JsonObject? variables);
        WireError? badContext = ReadObject(call, "context", out JsonObject? context);
        WireError? badMock = ReadMock(call, out StateMock? mock);
        request = request with { Input = input, Variables = variables, Context = context, Mock = mock };
        return badVariables ?? badContext ?? badMock;
    }

    private static WireError? ReadObject(WireCall call, string name, out JsonObject? read)
    {
        read = null;
        if (call.OptionalText(name) is not { } text)
        {
            return null;
        }

        JsonValue? value = JsonText.Parse(text, call.Limits, out string? reason);
        read = value as JsonObject;
        return read is not null ? null : WireErrors.Validation($"Value at '{name}' is not a JSON object{(reason is null ? "" : ": " + reason)}");
    }

    private static WireError? ReadMock(WireCall call, out StateMock? mock)
    {
        mock = null;
        if (call.Structure("mock") is not { } given)
        {
            return null;
        }

        var error = given["errorOutput"] as JsonObject;
        string? result = TextOf(given, "result");
        if (error is null == result is null)
        {
            return WireErrors.Validation(error is null
                ? "A test mock should have one of the following fields: [result, errorOutput]."
                : "A test mock should have only one of the following fields: [result, errorOutput].");
        }

        if (error is not null)
        {
            mock = new MockedError(TextOf(error, "error") ?? "", TextOf(error, "cause"));
            return null;
        }

        if (JsonText.Parse(result ?? "", call.Limits, out _) is not { } value)
        {
            return WireErrors.Validation("Mocked result must be valid JSON.");
        }

        mock = new MockedResult(value, Enum.Parse<FieldValidationMode>(TextOf(given, "fieldValidationMode") ?? "STRICT", ignoreCase: true));
        return null;
    }

    private static string? TextOf(JsonObject structure, string name) => (structure[name] as JsonString)?.Value;

    private static int? IntegerOf(JsonObject structure, string name) =>
        structure[name] is JsonNumber number && number.TryGetInt64(out long value) ? (int)value : null;
}
