using Lockstep.Json;
using Lockstep.Service.Targets;
using Lockstep.Targets.Mocks;
using Lockstep.Targets.Tests.Fakes;
using Lockstep.TestKit;

namespace Lockstep.Targets.Tests.Mocks;

public sealed class MockConfigurationTests
{
    private const string Valid = """
        {
          "StateMachines": {
            "A": { "TestCases": { "Happy": { "Call": "ok" }, "Both": { "Call": "retried" } } },
            "B": { "TestCases": { "Both": { } } }
          },
          "MockedResponses": {
            "ok": { "0": { "Return": { "n": 1.50 } } },
            "retried": { "0-1": { "Throw": { "Error": "Busy", "Cause": "later" } }, "2": { "Return": null } }
          }
        }
        """;

    [Fact]
    public async Task Invocations_of_a_mocked_state_get_what_their_number_says_and_other_states_call_what_they_name()
    {
        var targets = new MockedTargets(NoTaskTargets.Instance, Find("A#Both"), () => throw new InvalidOperationException("No token is here."));
        TaskRefused busy = new("Busy", "later");
        Assert.Equal(busy, await InvokeAsync(targets, "Call"));
        Assert.Equal(busy, await InvokeAsync(targets, "Call"));
        Assert.Equal(new TaskAnswered(JsonNull.Instance), await InvokeAsync(targets, "Call"));
        Assert.Equal(
            "The mocked response retried has no answer for invocation 3 of the state Call.",
            Assert.IsType<TaskRefused>(await InvokeAsync(targets, "Call")).Cause);
        Assert.Contains("the state is not mocked", Assert.IsType<TaskRefused>(await InvokeAsync(targets, "Other")).Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"StatusCode":200,"Payload":{"n":1}}""", """{"n":1}""")]
    [InlineData("""{"StatusCode":200,"Payload":null}""", "null")]
    [InlineData("""{"Payload":{"n":1}}""", """{"Payload":{"n":1}}""")]
    [InlineData("""{"StatusCode":200}""", """{"StatusCode":200}""")]
    [InlineData("7", "7")]
    public async Task A_function_that_a_state_names_itself_gives_the_payload_of_its_mock(string mock, string result)
    {
        string document = """{"StateMachines":{"A":{"TestCases":{"C":{"Call":"r"}}}},"MockedResponses":{"r":{"0-1":{"Return":MOCK}}}}"""
            .Replace("MOCK", mock, StringComparison.Ordinal);
        Assert.True(MockConfiguration.TryRead(JsonValue.Parse(document), out MockConfiguration? configuration, out _));
        Assert.True(configuration.TryFind("C", out MockedStates? states, out _));
        var targets = new MockedTargets(NoTaskTargets.Instance, states, () => throw new InvalidOperationException("No token is here."));
        TaskInvocation direct = Invocations.OfFunction("{}") with { StateName = "Call" };

        Assert.Equal(new TaskAnswered(JsonValue.Parse(result)), await Assert.IsType<ITaskTarget>(targets.Find(direct.Resource), exactMatch: false).InvokeAsync(direct, CancellationToken.None));
        Assert.Equal(new TaskAnswered(JsonValue.Parse(mock)), await InvokeAsync(targets, "Call"));
    }

    /// <summary>The recordings of AWS that come with a mock configuration: with it, a function gives what it gave at AWS.</summary>
    [Fact]
    public async Task Every_recorded_configuration_is_read_and_its_functions_give_what_they_gave_at_AWS()
    {
        int read = 0;
        int compared = 0;
        foreach (string file in Directory.GetFiles(Path.Combine(SharedData.Require("conformance"), "local_mocking"), "*.json"))
        {
            var recorded = (JsonObject)JsonValue.Parse(File.ReadAllText(file));
            Assert.True(MockConfiguration.TryRead(recorded["mockConfig"] ?? JsonNull.Instance, out MockConfiguration? configuration, out string? problem), problem);
            Assert.True(configuration.TryFind("TestCaseName", out MockedStates? states, out problem), problem);
            read++;
            IEnumerable<JsonObject> history = ((recorded["expected"] as JsonObject)?["history"] as JsonArray ?? JsonArray.Empty).OfType<JsonObject>();
            if (history.Select(happened => happened["lambdaFunctionSucceededEventDetails"]).OfType<JsonObject>().FirstOrDefault() is { } succeeded)
            {
                TaskInvocation direct = Invocations.OfFunction("{}") with { StateName = Assert.Single(states.Names) };
                var targets = new MockedTargets(NoTaskTargets.Instance, states, () => throw new InvalidOperationException("No token is here."));
                TaskOutcome given = await Assert.IsType<ITaskTarget>(targets.Find(direct.Resource), exactMatch: false).InvokeAsync(direct, CancellationToken.None);
                Assert.Equal(new TaskAnswered(succeeded["output"] ?? JsonNull.Instance), given);
                compared++;
            }
        }

        Assert.InRange(compared, 1, read);
    }

    [Theory]
    [InlineData("Happy", null)]
    [InlineData("A#Happy", null)]
    [InlineData("B#Both", null)]
    [InlineData("Both", "Several machines have a test case Both; name one of A#Both, B#Both.")]
    [InlineData("B#Happy", "There is no test case B#Happy. There are: A#Happy, A#Both, B#Both.")]
    public void A_case_is_found_by_its_name_when_that_is_enough(string name, string? expected)
    {
        Assert.True(MockConfiguration.TryRead(JsonValue.Parse(Valid), out MockConfiguration? configuration, out _));
        Assert.Equal(expected is null, configuration.TryFind(name, out _, out string? problem));
        Assert.Equal(expected, problem);
    }

    [Theory]
    [InlineData("""[]""", "It has to be an object with the objects StateMachines and MockedResponses.")]
    [InlineData("""{"StateMachines":{},"MockedResponses":{},"x":1}""", "There is no member x; known are StateMachines and MockedResponses.")]
    [InlineData("""{"StateMachines":{"A":{}},"MockedResponses":{}}""", "StateMachines.A has to be an object with the object TestCases.")]
    [InlineData("""{"StateMachines":{"A":{"TestCases":{"C":{"S":"none"}}}},"MockedResponses":{}}""", "StateMachines.A.TestCases.C.S has to be the name of one of the MockedResponses.")]
    [InlineData("""{"StateMachines":{},"MockedResponses":{"r":{}}}""", "MockedResponses.r has to be an object with an answer for each invocation, such as \"0\" or \"1-2\".")]
    [InlineData("""{"StateMachines":{},"MockedResponses":{"r":{"2-1":{"Return":1}}}}""", "MockedResponses.r.2-1 has to be the number of an invocation, such as \"0\", or a range, such as \"1-2\".")]
    [InlineData("""{"StateMachines":{},"MockedResponses":{"r":{"0-2":{"Return":1},"2":{"Return":1}}}}""", "MockedResponses.r.2 overlaps with another answer.")]
    [InlineData("""{"StateMachines":{},"MockedResponses":{"r":{"0":{"Return":1,"Throw":{"Error":"e"}}}}}""", "MockedResponses.r.0 has to have either Return, or Throw with the text Error and perhaps the text Cause.")]
    [InlineData("""{"StateMachines":{},"MockedResponses":{"r":{"0":{"Throw":{"Cause":"c"}}}}}""", "MockedResponses.r.0 has to have either Return, or Throw with the text Error and perhaps the text Cause.")]
    public void What_is_wrong_is_said_with_its_place(string document, string expected)
    {
        Assert.False(MockConfiguration.TryRead(JsonValue.Parse(document), out _, out string? problem));
        Assert.Equal(expected, problem);
    }

    private static MockedStates Find(string name)
    {
        Assert.True(MockConfiguration.TryRead(JsonValue.Parse(Valid), out MockConfiguration? configuration, out _));
        Assert.True(configuration.TryFind(name, out MockedStates? states, out _));
        return states;
    }

    private static async Task<TaskOutcome> InvokeAsync(MockedTargets targets, string state)
    {
        TaskInvocation invocation = Invocations.OfService("sqs", "sendMessage", "{}") with { StateName = state };
        ITaskTarget target = targets.Find(invocation.Resource) ?? throw new InvalidOperationException("A mock may answer for any resource.");
        return await target.InvokeAsync(invocation, CancellationToken.None);
    }
}
