using System.Buffers;
using Lockstep.Asl.Resources;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Ports;
using Lockstep.Engine;
using Lockstep.Engine.Codec;
using Lockstep.Engine.Commands;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;
using Lockstep.TestKit.Drivers;

namespace Lockstep.Azure.Tests.Driver;

/// <summary>What tests of the driver do again and again.</summary>
internal static class DriverSteps
{
    public static async Task<Result<ExecutionRecord>> StopOfRunningExpressAsync(DriverFixture fixture)
    {
        StartRequest running = fixture.Request(Machines.Pass, WorkflowType.Express, "running");
        await fixture.Driver.StartAsync(running, CancellationToken.None);
        return await fixture.Driver.StopAsync(running.Key, null, null, CancellationToken.None);
    }

    public static OpenTaskRow Queued(long task) => Row(
        task, OpenTaskKind.Queued, new TaskResource("arn", ResourceKind.Function, "", "f", IntegrationPattern.RequestResponse));

    public static OpenTaskRow Child(long task) => Row(
        task, OpenTaskKind.Child, new TaskResource("arn", ResourceKind.Service, "states", "startExecution", IntegrationPattern.Sync2));

    public static OpenTaskRow Row(long task, OpenTaskKind kind, TaskResource resource)
    {
        var bytes = new ArrayBufferWriter<byte>();
        InvocationCodec.Write(bytes, new InvokeTask(new CommandId(task), resource, "S", JsonObject.Empty, 0, null, null, null));
        return new OpenTaskRow(new CommandId(task), kind, Ledger.LedgerFixture.Noon, null, null, bytes.WrittenMemory);
    }

    public static IEnumerable<string?> Sessions(DriverFixture fixture, MessageRoute route) =>
        fixture.Cloud.Messages.Pending.Where(message => message.Route == route).Select(message => message.Message.SessionId);

    public static async Task UntilAsync(Func<bool> so)
    {
        const int most = 2_000_000;
        for (int i = 0; !so(); i++)
        {
            Assert.True(i < most, "It has not come to that.");
            await Task.Yield();
        }
    }

    /// <summary>Moves the clock from one thing that is due to the next until a task has completed.</summary>
    public static async Task<T> EndAsync<T>(DriverFixture fixture, Task<T> task)
    {
        for (int step = 0; step < 100 && !task.IsCompleted; step++)
        {
            await UntilAsync(() => task.IsCompleted || fixture.Time.NextDue is not null);
            if (fixture.Time.NextDue is { } due && !task.IsCompleted)
            {
                fixture.Time.Advance(due - fixture.Time.GetUtcNow());
            }
        }

        return await task.WaitAsync(HarnessSteps.Patience, TestContext.Current.CancellationToken);
    }

    /// <summary>Until the run waits for its timer and the call for its bound.</summary>
    public static Task WaitsAsync(DriverFixture fixture) =>
        UntilAsync(() => fixture.Time.NextDue is { } due && due <= fixture.Time.GetUtcNow() + fixture.Options.SyncAnswer);

    public static T Ok<T>(Result<T> result)
        where T : notnull => HarnessSteps.Value(result);
}
