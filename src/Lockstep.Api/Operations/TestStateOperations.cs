using System.Collections.Immutable;
using Lockstep.Api.Routing;
using Lockstep.Service.Errors;
using Lockstep.Service.StateTests;
using Microsoft.AspNetCore.Http;

namespace Lockstep.Api.Operations;

/// <summary>Testing single states.</summary>
public static class TestStateOperations
{
    /// <summary>The routes.</summary>
    public static ImmutableArray<ApiRoute> Routes { get; } =
    [
        new("POST", "/v1/test-state", "TestState",
            "Runs one state with an input and shows what it does; nothing is stored. With a mock nothing is called.", TestAsync)
        {
            Tag = "State machines",
            Pace = RoutePace.Synchronous,
            RequestSchema = "TestStateRequest",
            Answers = [new(200, "What came of it, also when the state failed; see status.", "StateTest")],
            Errors = [ErrorCodes.InvalidArn, ErrorCodes.InvalidDefinition, ErrorCodes.PayloadTooLarge],
        },
    ];

    private static async ValueTask TestAsync(ApiCall call)
    {
        Result<DefinitionBody> body = await DefinitionBody.ReadAsync(call, StateTestBody.Names);
        if (!body.Succeeded)
        {
            await call.RefuseAsync(body.Error);
            return;
        }

        string? definition = body.Value.Definition;
        if (definition is null)
        {
            body.Value.Members.Refuse("definition", "\"definition\" is missing; it has to be a string or an object.");
        }

        Result<StateTestBody> read = StateTestBody.Read(body.Value.Members, definition ?? "");
        if (!read.Succeeded)
        {
            await call.RefuseAsync(read.Error);
            return;
        }

        // Only a test that may call something stays for longer than it takes to compute.
        bool calls = read.Value.Request.Mock is null;
        using IDisposable? place = calls ? call.Surroundings.Bounds.StateTests.TryTake(call.Tenant) : null;
        if (calls && place is null)
        {
            await call.RefuseAsync(new ServiceError(ErrorCodes.Throttling, "As many states are being tested as may be at a time."));
            return;
        }

        Result<StateTestOutcome> outcome = await call.Service.StateTests.TestAsync(call.Tenant, read.Value.Request, call.Cancellation);
        if (!outcome.Succeeded)
        {
            await call.RefuseAsync(outcome.Error);
            return;
        }

        await call.AnswerAsync(
            StatusCodes.Status200OK,
            static (writer, answer) => writer.WriteRawValue(answer.ToString(), skipInputValidation: true),
            outcome.Value.ToJson(read.Value.Level));
    }
}
