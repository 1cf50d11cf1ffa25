using Lockstep.Engine;
using Lockstep.Json;
using Lockstep.Service;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Objects;
using Lockstep.Service.StateMachines;
using Lockstep.Targets.Tests.Fakes;

namespace Lockstep.Targets.Tests.Data;

/// <summary>
/// Executions that work on what their tenant keeps in the service, whole: definition, driver, real targets, stores. Every way of running the service passes
/// the same tests.
/// </summary>
public abstract class TenantDataContract
{
    /// <summary>A service without anything in it; disposed by the test.</summary>
    internal abstract Task<IDataWorld> OpenAsync();

    [Fact]
    public async Task An_execution_puts_lists_and_gets_objects_that_the_tenant_sees()
    {
        await using IDataWorld world = await OpenAsync();
        ExecutionRecord ended = await world.RunAsync(
            """
            {"QueryLanguage":"JSONata","StartAt":"Put","States":{
            "Put":{"Type":"Task","Resource":"arn:aws:states:::s3:putObject","Arguments":{"Bucket":"data","Key":"in/a","Body":{"n":1}},"Next":"List"},
            "List":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:s3:listObjectsV2","Arguments":{"Bucket":"data","Prefix":"in/"},
            "Assign":{"keys":"{% $states.result.Contents.Key %}"},"Next":"Get"},
            "Get":{"Type":"Task","Resource":"arn:aws:states:::s3:getObject","Arguments":{"Bucket":"data","Key":"{% $keys %}"},
            "Output":"{% $states.result.Body %}","End":true}}}
            """);

        Assert.Equal((ExecutionStatus.Succeeded, "\"{\\\"n\\\":1}\""), (ended.Status, ended.Output));
        Result<ObjectRecord> seen = await world.Service.Objects.DescribeAsync(new ObjectPlace(Invocations.Tenant, "data", "in/a"), Cancellation);
        Assert.Equal(7, seen.Succeeded ? seen.Value.Size : 0);
    }

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}

/// <summary>A service with the real targets.</summary>
internal interface IDataWorld : IAsyncDisposable
{
    LockstepService Service { get; }

    /// <summary>Creates a machine, runs it, and waits for the end.</summary>
    Task<ExecutionRecord> RunAsync(string definition);
}

/// <summary>The steps of these worlds.</summary>
internal static class DataSteps
{
    public static async Task CreateAsync(LockstepService service, string name, string definition) => Require(await service.StateMachines.CreateAsync(
        Invocations.Tenant, new CreateStateMachineRequest(name, definition), TestContext.Current.CancellationToken));

    public static async Task<ExecutionKey> StartAsync(LockstepService service, string name) => Require(await service.Executions.StartAsync(
        Invocations.Tenant, name, "run", JsonObject.Empty, parent: null, TestContext.Current.CancellationToken)).Execution.Key;

    public static T Require<T>(Result<T> result)
        where T : notnull => result.Succeeded ? result.Value : throw new InvalidOperationException($"{result.Error.Code}: {result.Error.Message}");
}
