using Lockstep.Asl.Compiled;
using Lockstep.Asl.Resources;
using Lockstep.Engine.Commands;
using Lockstep.Engine.History;
using Lockstep.Engine.Stimuli;
using Lockstep.Engine.Tests.Support;
using Lockstep.Json;

namespace Lockstep.Engine.Tests.Interpreter;

public sealed class SliceTests
{
    [Fact]
    public void ATaskIsCalledAndItsOutputPassedOn()
    {
        var resource = new TaskResource("arn:aws:lambda:local:000000000001:function:f", ResourceKind.Function, "", "f", IntegrationPattern.RequestResponse);
        var machine = new CompiledMachine(
            [
                new CompiledPass { Index = 0, Scope = 0, Name = "A", NextState = 1 },
                new CompiledTask { Index = 1, Scope = 0, Name = "B", Resource = resource, NextState = 2 },
                new CompiledSucceed { Index = 2, Scope = 0, Name = "C" },
            ],
            [new CompiledScope(0, 0, -1)], Asl.QueryLanguage.JsonPath, 60, null);
        var run = new Run(machine);

        run.Start("""{"a":1}""");
        InvokeTask call = run.Last<InvokeTask>();
        Assert.Equal("""{"a":1}""", call.Parameters.ToString());
        Assert.NotNull(run.State.FindTask(call.Id));
        Assert.Equal(2, run.State.OutstandingCommands().Count());

        run.Send(new TaskSucceeded(run.Now, call.Id, JsonNumber.Of(5)));

        Assert.Equal(ExecutionStatus.Succeeded, run.State.Status);
        Assert.Equal("5", run.Finished?.Output?.ToString());
        Assert.Empty(run.State.OutstandingCommands());
        Assert.Equal(
            [
                HistoryEventType.ExecutionStarted, HistoryEventType.PassStateEntered, HistoryEventType.PassStateExited,
                HistoryEventType.TaskStateEntered, HistoryEventType.LambdaFunctionScheduled, HistoryEventType.LambdaFunctionStarted,
                HistoryEventType.LambdaFunctionSucceeded, HistoryEventType.TaskStateExited, HistoryEventType.SucceedStateEntered,
                HistoryEventType.SucceedStateExited, HistoryEventType.ExecutionSucceeded,
            ],
            run.Types);
        Assert.Equal([0, 0, 2, 3, 4, 5, 6, 7, 8, 9, 10], run.History.Select(e => e.PreviousEventId));
        Assert.IsType<CancelTimer>(run.Commands[^2]);
    }
}
