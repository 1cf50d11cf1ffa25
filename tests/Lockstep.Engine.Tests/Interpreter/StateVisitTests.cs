using System.Buffers;
using Lockstep.Engine.Codec;
using Lockstep.Engine.Commands;
using Lockstep.Engine.History;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;
using Lockstep.Engine.Tests.Support;
using Lockstep.Json;

namespace Lockstep.Engine.Tests.Interpreter;

/// <summary>Each state that was entered ends exactly one visit, whatever way it was left, and asking for visits changes no decision.</summary>
public sealed class StateVisitTests
{
    private const string TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Fact]
    public void Every_state_entered_ends_one_visit_and_decisions_stay_the_same()
    {
        var asked = new Run(Machines.Load(Machines.Everything)) { Ended = [] };
        var notAsked = new Run(Machines.Load(Machines.Everything));
        Drive(asked);
        Drive(notAsked);

        List<StateVisit> visits = asked.Ended;
        Assert.Equal(notAsked.History, asked.History, (left, right) => left.ToString() == right.ToString());
        Assert.Equal(Bytes(notAsked.State), Bytes(asked.State));
        Assert.Equal(
            asked.History.Where(item => item.Details is StateEnteredDetails).Select(item => item.Id),
            visits.Select(visit => visit.EnteredEventId).Order());
        Assert.All(visits, visit => Assert.Equal(
            (visit.StateName, visit.EnteredTime),
            ((asked.History[(int)visit.EnteredEventId - 1].Details as StateEnteredDetails)?.Name, asked.History[(int)visit.EnteredEventId - 1].Timestamp)));
        StateVisit each = visits.Single(visit => visit.StateName == "Each");
        Assert.All(visits.Where(visit => visit.StateName is "Work" or "Pause"), visit => Assert.Equal(each.EnteredEventId, visit.AroundEventId));
        Assert.Equal([0, 1, 2, 3], visits.Where(visit => visit.StateName == "Work").Select(visit => visit.Index).Order());
    }

    [Fact]
    public void A_failing_branch_fails_its_scope_and_aborts_the_others()
    {
        var run = new Run(Machines.Load("""
            {"StartAt":"P","States":{
              "P":{"Type":"Parallel","Catch":[{"ErrorEquals":["States.ALL"],"Next":"D"}],"Next":"D","Branches":[
                {"StartAt":"F","States":{"F":{"Type":"Fail","Error":"Bad"}}},
                {"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":9,"End":true}}}]},
              "D":{"Type":"Wait","Seconds":5,"End":true}}}
            """)) { Ended = [] };
        run.Start("{}");
        run.Send(new StopRequested(run.Now, null, null));

        Assert.Equal(
            [("F", VisitOutcome.Failed), ("P", VisitOutcome.Caught), ("D", VisitOutcome.Aborted)],
            run.Ended.Select(visit => (visit.StateName, visit.Outcome)));
    }

    [Fact]
    public void A_call_names_its_visit_and_the_time_of_the_attempt()
    {
        var run = new Run(Machines.Load("""
            {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:lambda:local:000000000001:function:f","End":true,
              "Retry":[{"ErrorEquals":["States.ALL"],"IntervalSeconds":3}]}}}
            """));
        run.Start("{}");
        run.Send(new TaskFailed(run.Now, run.Last<InvokeTask>().Id, "E", null));
        run.Now = Run.Epoch.AddSeconds(3);
        run.Send(new TimerFired(run.Now, run.Last<StartTimer>().Id));
        InvokeTask call = run.Last<InvokeTask>();
        var bytes = new ArrayBufferWriter<byte>();
        InvocationCodec.Write(bytes, call);

        Assert.Equal((2, Run.Epoch.AddSeconds(3)), (call.EnteredEventId, call.ScheduledTime));
        Assert.Equal((2, call.ScheduledTime), (InvocationCodec.Read(bytes.WrittenSpan).EnteredEventId, InvocationCodec.Read(bytes.WrittenSpan).ScheduledTime));
    }

    [Fact]
    public void The_span_that_started_an_execution_is_journalled_with_it()
    {
        ExecutionIdentity identity = Run.Identity with { TraceParent = TraceParent };
        var bytes = new ArrayBufferWriter<byte>();
        TurnCodec.Write(bytes, new Started(Run.Epoch, identity, JsonObject.Empty, ExecutionLimits.Default), []);

        Assert.Equal(identity, Assert.IsType<Started>(TurnCodec.ReadStimulus(bytes.WrittenSpan)).Identity);
    }

    private static void Drive(Run run)
    {
        int flaky = 0;
        var driver = new Driver(run, call => call.StateName == "Call" && flaky++ == 0
            ? new TaskFailed(run.Now, call.Id, "Flaky", null)
            : new TaskSucceeded(run.Now, call.Id, JsonObject.Empty));
        run.Start(Machines.EverythingInput);
        driver.Accept();
        while (run.State.Status == ExecutionStatus.Running && driver.Next() is Stimulus next)
        {
            run.Send(next);
            driver.Accept();
        }

        Assert.Equal(ExecutionStatus.Succeeded, run.State.Status);
    }

    private static byte[] Bytes(ExecutionState state)
    {
        var output = new ArrayBufferWriter<byte>();
        StateCodec.Write(output, state);
        return output.WrittenSpan.ToArray();
    }
}
