using Lockstep.Api.Bodies;
using Lockstep.Engine.Testing;
using Lockstep.Engine.Testing.Mocks;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.StateTests;

namespace Lockstep.Api.Operations;

/// <summary>The body of a request to test a state.</summary>
/// <param name="Request">What is tested.</param>
/// <param name="Level">How much is shown.</param>
public sealed record StateTestBody(StateTestRequest Request, InspectionLevel Level)
{
    /// <summary>The members that a body may have.</summary>
    public static string[] Names { get; } =
    [
        "definition", "stateName", "input", "inspectionLevel", "revealSecrets", "roleArn", "variables", "context", "mock", "stateConfiguration",
    ];

    /// <summary>Reads a body whose definition has been read.</summary>
    public static Result<StateTestBody> Read(Members members, string definition)
    {
        InspectionLevel level = OneOf(members, "inspectionLevel", InspectionLevel.Info);
        var request = new StateTestRequest(definition)
        {
            StateName = members.OptionalText("stateName"),
            RoleArn = members.OptionalText("roleArn"),
            RevealSecrets = members.Flag("revealSecrets"),
            Input = members.Any("input"),
            Variables = OptionalObject(members, "variables"),
            Context = OptionalObject(members, "context"),
        };
        Result<StateTestRequest> mocked = WithMock(request, OptionalObject(members, "mock"));
        Result<StateTestRequest> configured = mocked.Succeeded ? WithConfiguration(mocked.Value, OptionalObject(members, "stateConfiguration")) : mocked;
        return (members.Error ?? configured.Error, configured.Value) switch
        {
            ({ } wrong, _) => wrong,
            (_, { } read) => new StateTestBody(read, level),
            _ => throw new InvalidOperationException("A body is either right or wrong."),
        };
    }

    private static Result<StateTestRequest> WithMock(StateTestRequest request, JsonObject? json)
    {
        if (json is null)
        {
            return request;
        }

        var mock = new Members(json, "result", "errorOutput", "fieldValidationMode");
        FieldValidationMode mode = OneOf(mock, "fieldValidationMode", FieldValidationMode.Strict);
        JsonObject? error = OptionalObject(mock, "errorOutput");
        JsonValue? result = mock.Any("result");
        if (error is null == result is null)
        {
            mock.Refuse("result", "A mock has either \"result\" or \"errorOutput\".");
        }

        if (mock.Error is { } wrong)
        {
            return Within("/mock", wrong);
        }

        if (result is not null)
        {
            return request with { Mock = new MockedResult(result, mode) };
        }

        var output = new Members(error ?? JsonObject.Empty, "error", "cause");
        string name = output.Text("error");
        string? cause = output.OptionalText("cause");
        return output.Error is { } wrongOutput
            ? Within("/mock/errorOutput", wrongOutput)
            : request with { Mock = new MockedError(name, cause) };
    }

    private static Result<StateTestRequest> WithConfiguration(StateTestRequest request, JsonObject? json)
    {
        if (json is null)
        {
            return request;
        }

        var configuration = new Members(json, "retrierRetryCount", "errorCausedByState", "mapIterationFailureCount", "mapItemReaderData");
        StateTestRequest configured = request with
        {
            RetrierRetryCount = configuration.OptionalInteger("retrierRetryCount"),
            ErrorCausedByState = configuration.OptionalText("errorCausedByState"),
            MapIterationFailureCount = configuration.OptionalInteger("mapIterationFailureCount"),
            MapItemReaderData = configuration.Any("mapItemReaderData") switch
            {
                null or JsonNull => null,
                JsonString text => text.Value,
                JsonValue value => value.ToString(),
            },
        };
        return configuration.Error is { } wrong ? Within("/stateConfiguration", wrong) : configured;
    }

    private static JsonObject? OptionalObject(Members members, string name)
    {
        JsonValue? value = members.Any(name);
        if (value is not (null or JsonNull or JsonObject))
        {
            members.Refuse(name, $"\"{name}\" has to be an object.");
        }

        return value as JsonObject;
    }

    private static T OneOf<T>(Members members, string name, T usual)
        where T : struct, Enum
    {
        string? word = members.OptionalText(name);
        if (word is null)
        {
            return usual;
        }

        var words = Enum.GetValues<T>().ToDictionary(value => value.ToString().ToUpperInvariant(), StringComparer.Ordinal);
        if (words.TryGetValue(word, out T named))
        {
            return named;
        }

        members.Refuse(name, $"\"{name}\" has to be one of {string.Join(", ", words.Keys)}.");
        return usual;
    }

    private static ServiceError Within(string place, ServiceError error) => error with { Target = place + error.Target };
}
