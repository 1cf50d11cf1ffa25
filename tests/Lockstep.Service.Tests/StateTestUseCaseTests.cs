using Lockstep.Engine.Testing;
using Lockstep.Engine.Testing.Mocks;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Limits;
using Lockstep.Service.StateTests;
using Lockstep.Service.Targets;
using Lockstep.Service.Tests.Memory;

namespace Lockstep.Service.Tests;

/// <summary>Tests of single states: the call that is really made, its guards, and what is refused before it.</summary>
public sealed class StateTestUseCaseTests
{
    private const string CallsFunction = """
        {"Type":"Task","Resource":"arn:aws:lambda:local:1:function:f","TimeoutSeconds":7,"Next":"B",
         "Catch":[{"ErrorEquals":["States.Timeout"],"Next":"Late"}]}
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CallsTheTargetOnBehalfOfTheTenant()
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync();
        TaskInvocation? call = null;
        platform.Targets.Serve = (invocation, _) =>
        {
            call = invocation;
            return ValueTask.FromResult<TaskOutcome>(new TaskAnswered(JsonNumber.Of(42)));
        };
        StateTestReport report = await ReportAsync(platform, new StateTestRequest(CallsFunction) { Input = JsonValue.Parse("""{"a":1}""") });
        Assert.Equal((StateTestStatus.Succeeded, "B"), (report.Status, report.NextState));
        Assert.Equal(JsonNumber.Of(42), report.Output);
        Assert.NotNull(call);
        Assert.Equal((MemoryPlatform.Anna, JsonValue.Parse("""{"a":1}"""), 0), (call.Tenant, call.Parameters, call.Attempt));
        Assert.Null(platform.Executions.LastStart);
    }

    [Fact]
    public async Task EveryTestHasIdempotencyKeysOfItsOwn()
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync();
        var keys = new List<string>();
        platform.Targets.Serve = (invocation, _) =>
        {
            keys.Add(invocation.IdempotencyKey);
            return ValueTask.FromResult<TaskOutcome>(new TaskRefused("E", "c"));
        };
        Assert.Equal("E", (await ReportAsync(platform, new StateTestRequest(CallsFunction))).Error);
        await ReportAsync(platform, new StateTestRequest(CallsFunction));
        Assert.Equal(2, keys.Distinct().Count());
    }

    [Fact]
    public async Task ACallThatTakesTooLongTimesTheStateOut()
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync();
        platform.Targets.Serve = async (_, cancellation) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
            return new TaskAnswered(JsonNull.Instance);
        };
        Task<Result<StateTestOutcome>> test = platform.Service.StateTests.TestAsync(MemoryPlatform.Anna, new StateTestRequest(CallsFunction), Cancellation);
        platform.Time.Advance(TimeSpan.FromSeconds(6.9));
        Assert.False(test.IsCompleted);
        platform.Time.Advance(TimeSpan.FromSeconds(0.1));
        StateTestReport? report = (await test).Value?.Report;
        Assert.Equal((StateTestStatus.CaughtError, "States.Timeout", "Late"), (report?.Status, report?.Error, report?.NextState));
    }

    [Fact]
    public async Task ATargetThatThrowsFailsTheStateAndIsToldToTheOperator()
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync();
        platform.Targets.Serve = (_, _) => throw new InvalidDataException("broken");
        StateTestReport report = await ReportAsync(platform, new StateTestRequest(CallsFunction));
        Assert.Equal(("States.Runtime", "broken"), (report.Error, report.Cause));
        Assert.Single(platform.Warnings);
    }

    [Fact]
    public async Task AMockCallsNothing()
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync();
        platform.Targets.Serve = (_, _) => throw new InvalidOperationException("It was called.");
        StateTestReport report = await ReportAsync(platform, new StateTestRequest(CallsFunction) { Mock = new MockedResult(JsonNumber.Of(1)) });
        Assert.Equal(JsonNumber.Of(1), report.Output);
    }

    [Fact]
    public async Task TestsAStateOfAMachine()
    {
        const string Machine = """
            {"StartAt":"A","States":{"A":{"Type":"Pass","Next":"P"},"P":{"Type":"Parallel","End":true,"Branches":[
              {"StartAt":"Inner","States":{"Inner":{"Type":"Pass","Result":5,"Next":"After"},"After":{"Type":"Succeed"}}}]}}}
            """;
        MemoryPlatform platform = await MemoryPlatform.CreateAsync();
        StateTestReport report = await ReportAsync(platform, new StateTestRequest(Machine) { StateName = "Inner" });
        Assert.Equal((JsonNumber.Of(5), "After"), (report.Output, report.NextState));
        ServiceError error = await ErrorAsync(platform, new StateTestRequest(Machine) { StateName = "Nobody" });
        Assert.Equal((ErrorCodes.Validation, "State not found in definition"), (error.Code, error.Message));
        Assert.Equal(ErrorCodes.Validation, (await ErrorAsync(platform, new StateTestRequest(Machine) { StateName = "" })).Code);
        Assert.Equal(ErrorCodes.InvalidDefinition, (await ErrorAsync(platform, new StateTestRequest(Machine))).Code);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, ErrorCodes.PayloadTooLarge)]
    public async Task PayloadsHaveTheLimitOfPayloads(int more, string? code)
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync(ServiceLimits.Default with { MaxPayloadBytes = 2_000, MaxVariableBytes = 2_000 });
        JsonString payload = JsonString.Of(new string('x', 1_998 + more));
        JsonObject json = JsonObject.Of("a", JsonString.Of(new string('x', 1_992 + more)));
        var request = new StateTestRequest(CallsFunction) { Mock = new MockedResult(JsonNull.Instance) };
        StateTestRequest[] requests =
        [
            request with { Input = payload },
            request with { Variables = json },
            request with { Context = JsonObject.Of("State", JsonObject.Of("a", JsonString.Of(new string('x', 1_982 + more)))) },
            request with { Mock = new MockedResult(payload) },
        ];
        foreach (StateTestRequest each in requests)
        {
            Result<StateTestOutcome> outcome = await platform.Service.StateTests.TestAsync(MemoryPlatform.Anna, each, Cancellation);
            Assert.Equal(code, outcome.Error?.Code);
        }
    }

    [Fact]
    public async Task TheContextNamesAnExpressExecution()
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync();
        const string Definition = """{"Type":"Pass","Parameters":{"id.$":"$$.Execution.Id","name.$":"$$.Execution.Name","role.$":"$$.Execution.RoleArn"},"End":true}""";
        StateTestReport report = await ReportAsync(platform, new StateTestRequest(Definition) { RoleArn = "arn:aws:iam::1:role/mine" });
        var context = Assert.IsType<JsonObject>(report.Output);
        string name = Assert.IsType<JsonString>(context["name"]).Value;
        Assert.Equal(JsonString.Of($"arn:aws:states:local:000000000001:express:TestState:{name}"), context["id"]);
        Assert.Equal(JsonString.Of("arn:aws:iam::1:role/mine"), context["role"]);
    }

    private static async Task<StateTestReport> ReportAsync(MemoryPlatform platform, StateTestRequest request)
    {
        Result<StateTestOutcome> outcome = await platform.Service.StateTests.TestAsync(MemoryPlatform.Anna, request, Cancellation);
        Assert.True(outcome.Succeeded, outcome.Error?.Message);
        return outcome.Value.Report;
    }

    private static async Task<ServiceError> ErrorAsync(MemoryPlatform platform, StateTestRequest request)
    {
        Result<StateTestOutcome> outcome = await platform.Service.StateTests.TestAsync(MemoryPlatform.Anna, request, Cancellation);
        return Assert.IsType<ServiceError>(outcome.Error);
    }
}
