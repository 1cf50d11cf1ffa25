using Lockstep.Asl.Resources;
using Lockstep.Engine;
using Lockstep.Engine.Stimuli;
using Lockstep.Json;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.Naming;
using Lockstep.Service.Paging;
using Lockstep.Service.Security;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Targets;
using Lockstep.Targets.Nested;
using Lockstep.Targets.Tests.Fakes;

namespace Lockstep.Targets.Tests.Nested;

public sealed class StartExecutionTargetTests
{
    private const string ChildArn = "arn:aws:states:us-east-1:000000000001:stateMachine:child";

    private readonly MemoryExecutions _executions = new();

    [Theory]
    [InlineData(IntegrationPattern.RequestResponse, false)]
    [InlineData(IntegrationPattern.Sync, true)]
    [InlineData(IntegrationPattern.Sync2, true)]
    [InlineData(IntegrationPattern.WaitForTaskToken, false)]
    public async Task The_child_is_started_and_knows_who_waits(IntegrationPattern pattern, bool waits)
    {
        TaskOutcome outcome = await InvokeAsync($$$"""{"StateMachineArn":"{{{ChildArn}}}","Name":"n1","Input":{"a":1.0}}""", pattern);

        JsonObject output = Assert.IsType<JsonObject>(Assert.IsType<TaskAnswered>(outcome).Output);
        Assert.Equal(["ExecutionArn", "SdkHttpMetadata", "SdkResponseMetadata", "StartDate"], output.Select(member => member.Name));
        Assert.Equal("\"arn:aws:states:local:000000000001:execution:child:n1\"", output["ExecutionArn"]?.ToString());
        Assert.Equal("1234", output["StartDate"]?.ToString());
        StartRequest request = Assert.Single(_executions.Started);
        Assert.Equal(("n1", """{"a":1.0}"""), (request.Name, request.Input.ToString()));
        Assert.Equal(new ParentTask(new ExecutionKey(Invocations.Tenant, "orders:first"), new CommandId(3), waits), request.Parent);
    }

    [Theory]
    [InlineData(":1", null)]
    [InlineData(":live", "live")]
    public async Task Child_is_started_through_the_version_or_alias_that_is_named(string qualifier, string? alias)
    {
        Assert.IsType<TaskAnswered>(await InvokeAsync($$$"""{"StateMachineArn":"{{{ChildArn}}}{{{qualifier}}}"}"""));

        StartRequest request = Assert.Single(_executions.Started);
        Assert.Equal((1L, alias, "arn:aws:states:local:000000000001:stateMachine:child"), (request.Version, request.Alias, request.StateMachineArn));
    }

    [Theory]
    [InlineData(":2")]
    [InlineData(":dead")]
    public async Task Version_or_alias_that_is_not_there_is_told_like_a_machine_that_is_not(string qualifier)
    {
        TaskRefused refused = Assert.IsType<TaskRefused>(await InvokeAsync($$$"""{"StateMachineArn":"{{{ChildArn}}}{{{qualifier}}}"}"""));

        Assert.Equal("StepFunctions.StateMachineDoesNotExistException", refused.Error);
        Assert.StartsWith($"State Machine Does Not Exist: '{ChildArn}{qualifier}'", refused.Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "{}")]
    [InlineData(""","Input":null""", "{}")]
    [InlineData(""","Input":"{\"a\" : 1}" """, """{"a":1}""")]
    [InlineData(""","Input":[1]""", "[1]")]
    [InlineData(""","Input":0""", "0")]
    public async Task The_input_is_what_the_definition_gives(string input, string expected)
    {
        Assert.IsType<TaskAnswered>(await InvokeAsync($$$"""{"StateMachineArn":"{{{ChildArn}}}"{{{input}}}}"""));

        Assert.Equal(expected, Assert.Single(_executions.Started).Input.ToString());
    }

    [Theory]
    [InlineData(IntegrationPattern.RequestResponse, false, "")]
    [InlineData(IntegrationPattern.RequestResponse, true, "")]
    [InlineData(IntegrationPattern.RequestResponse, true, ""","Name":"n1" """)]
    [InlineData(IntegrationPattern.Sync2, false, "")]
    [InlineData(IntegrationPattern.Sync2, true, "")]
    [InlineData(IntegrationPattern.Sync2, true, ""","Name":"n1" """)]
    public async Task The_same_attempt_after_a_crash_finds_its_child(IntegrationPattern pattern, bool hasEnded, string name)
    {
        string parameters = $$$"""{"StateMachineArn":"{{{ChildArn}}}"{{{name}}}}""";
        TaskAnswered first = Assert.IsType<TaskAnswered>(await InvokeAsync(parameters, pattern));
        if (hasEnded)
        {
            _executions.End(Assert.Single(_executions.Started).Key);
        }

        TaskAnswered again = Assert.IsType<TaskAnswered>(await InvokeAsync(parameters, pattern));

        Assert.Equal(((JsonObject)first.Output)["ExecutionArn"], ((JsonObject)again.Output)["ExecutionArn"]);
        Assert.Single(_executions.Started);
    }

    [Fact]
    public async Task Another_attempt_starts_another_child()
    {
        TaskInvocation first = Invocations.OfService("states", "startExecution", $$"""{"StateMachineArn":"{{ChildArn}}"}""");

        await InvokeAsync(first);
        await InvokeAsync(first with { Task = new CommandId(4), Attempt = 3, IdempotencyKey = "orders:first/1/0/3/3" });

        Assert.Equal(2, _executions.Started.Count);
        Assert.All(_executions.Started, request => Assert.True(Guid.TryParse(request.Name, out _)));
    }

    [Fact]
    public async Task A_name_that_another_execution_has_is_a_conflict()
    {
        string parameters = $$"""{"StateMachineArn":"{{ChildArn}}","Name":"n1"}""";
        await InvokeAsync(parameters);
        _executions.End(Assert.Single(_executions.Started).Key);

        TaskInvocation other = Invocations.OfService("states", "startExecution", parameters, IntegrationPattern.Sync) with { Task = new CommandId(9) };
        TaskRefused refused = Assert.IsType<TaskRefused>(await InvokeAsync(other));

        Assert.Equal("StepFunctions.ExecutionAlreadyExistsException", refused.Error);
        Assert.StartsWith(
            "Execution Already Exists: 'arn:aws:states:local:000000000001:execution:child:n1' (Service: AWSStepFunctions; Status Code: 400; "
            + "Error Code: ExecutionAlreadyExists; Request ID: ",
            refused.Cause);
        Assert.Equal(TaskFailureStage.Submit, refused.Stage);
    }

    [Theory]
    [InlineData("""{"StateMachineArn":"child"}""", "StepFunctions.InvalidArnException")]
    [InlineData("""{"StateMachineArn":"arn:aws:states:us-east-1:000000000001:execution:child:n"}""", "StepFunctions.InvalidArnException")]
    [InlineData("""{"StateMachineArn":"arn:aws:states:us-east-1:000000000001:stateMachine:nobody"}""", "StepFunctions.StateMachineDoesNotExistException")]
    [InlineData("""{"StateMachineArn":"arn:aws:states:us-east-1:000000000002:stateMachine:child"}""", "StepFunctions.StateMachineDoesNotExistException")]
    [InlineData("""{"StateMachineArn":"CHILD","Name":"a b"}""", "StepFunctions.InvalidNameException")]
    [InlineData("""{"StateMachineArn":"CHILD","Input":"not json"}""", "StepFunctions.InvalidExecutionInputException")]
    [InlineData("""{"StateMachineArn":"CHILD","Name":5}""", "States.Runtime")]
    [InlineData("""{"Input":{}}""", "States.Runtime")]
    [InlineData("[]", "States.Runtime")]
    public async Task What_cannot_be_started_is_refused_by_the_name_that_aws_has_for_it(string parameters, string error)
    {
        TaskRefused refused = Assert.IsType<TaskRefused>(
            await InvokeAsync(parameters.Replace("CHILD", ChildArn, StringComparison.Ordinal)));

        Assert.Equal(error, refused.Error);
        Assert.Empty(_executions.Started);
    }

    [Theory]
    [InlineData(IntegrationPattern.RequestResponse, true)]
    [InlineData(IntegrationPattern.Sync, false)]
    [InlineData(IntegrationPattern.Sync2, false)]
    public async Task An_express_child_can_be_started_and_not_waited_for(IntegrationPattern pattern, bool started)
    {
        TaskOutcome outcome = await InvokeAsync(
            """{"StateMachineArn":"arn:aws:states:us-east-1:000000000001:stateMachine:quick"}""", pattern);

        Assert.Equal(started ? null : "StepFunctions.StateMachineTypeNotSupportedException", (outcome as TaskRefused)?.Error);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task An_input_may_be_as_large_as_a_payload_and_no_larger(int beyond, bool started)
    {
        string text = new('a', ServiceLimits.Default.MaxPayloadBytes - "[\"\"]".Length + beyond);

        TaskOutcome outcome = await InvokeAsync($$"""{"StateMachineArn":"{{ChildArn}}","Input":["{{text}}"]}""");

        Assert.Equal(started ? null : "StepFunctions.InvalidExecutionInputException", (outcome as TaskRefused)?.Error);
    }

    private Task<TaskOutcome> InvokeAsync(string parameters, IntegrationPattern pattern = IntegrationPattern.RequestResponse) =>
        InvokeAsync(Invocations.OfService("states", "startExecution", parameters, pattern));

    private async Task<TaskOutcome> InvokeAsync(TaskInvocation invocation)
    {
        var machines = new MemoryMachines(MemoryMachines.Machine("child"), MemoryMachines.Machine("quick", WorkflowType.Express));
        var target = new StartExecutionTarget(machines, () => UseCases(machines), new TargetOptions(), TimeProvider.System);
        return await target.InvokeAsync(invocation, TestContext.Current.CancellationToken);
    }

    private ExecutionUseCases UseCases(MemoryMachines machines)
    {
        ServiceLimits limits = ServiceLimits.Default;
        var keys = new KeyRing([new SigningKey("k", new byte[KeyRing.SecretBytes], DateTimeOffset.UnixEpoch)]);
        return new ExecutionUseCases(
            machines, new OneVersion(), _executions, _executions, new ArnFormat("local"), new ResourceNames(limits), new PageTokens(keys, limits), limits, TimeProvider.System, _ => 0);
    }
}
