using System.Diagnostics;
using Lockstep.Asl.Resources;
using Lockstep.Engine;
using Lockstep.Engine.Commands;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;
using Lockstep.Json;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.Targets;
using Lockstep.Service.Telemetry;
using Lockstep.Service.Tenancy;
using Lockstep.TestKit.Telemetry;

namespace Lockstep.Service.Tests.Telemetry;

/// <summary>While nobody listens, telling costs no memory.</summary>
public sealed class UnobservedTests
{
    private const int Rounds = 1_000;

    private readonly ExecutionKey _key = new(TenantId.TryParse("000000000001", out TenantId tenant) ? tenant : default, "m:n");
    private readonly TaskReport _report = new TaskHeartbeatReport();
    private readonly TaskOutcome _outcome = new TaskAnswered(JsonNull.Instance);
    private readonly Started _started = new(
        DateTimeOffset.UnixEpoch,
        new ExecutionIdentity("arn:aws:states:local:000000000001:execution:m:n", "n", "arn:m", "m", "r", 1, 1, "k", 1),
        JsonObject.Empty,
        ExecutionLimits.Default);

    private readonly InvokeTask _call = new(
        new CommandId(1), new TaskResource("arn", ResourceKind.Function, "", "f", IntegrationPattern.RequestResponse), "S", JsonNull.Instance, 0, null, null, null);

    [Fact]
    public void Nothing_is_allocated_on_the_way_of_a_turn_a_call_a_request_and_a_commit()
    {
        using var telemetry = new ServiceTelemetry(ServiceLimits.Default);
        var turn = new ObservedTurn(ExecutionState.Initial, _started, new Decision(ExecutionState.Initial, [], []), null);
        var trace = ExecutionTrace.Of(_started.Identity);
        TellAll(telemetry, turn, trace);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 0; round < Rounds; round++)
        {
            TellAll(telemetry, turn, trace);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void The_same_measurement_sees_what_somebody_listens_to()
    {
        using var telemetry = new ServiceTelemetry(ServiceLimits.Default);
        using var recorder = TelemetryRecorder.Of(telemetry);
        var turn = new ObservedTurn(ExecutionState.Initial, _started, new Decision(ExecutionState.Initial, [], []), null);
        long before = GC.GetAllocatedBytesForCurrentThread();
        TellAll(telemetry, turn, ExecutionTrace.Of(_started.Identity));

        Assert.NotEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(2, recorder.Spans.Count(span => span.Source.Name == TelemetryNames.ExecutionSource));
    }

    private void TellAll(ServiceTelemetry telemetry, in ObservedTurn turn, ExecutionTrace trace)
    {
        telemetry.Executions.NewVisits();
        telemetry.Executions.Turned(_key, turn);
        telemetry.Executions.Called(_key, trace, _call, _outcome, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);
        telemetry.Executions.ExpressEnded(_key, _started, ExecutionStatus.TimedOut, DateTimeOffset.UnixEpoch);
        telemetry.CallbackAnswered(_key, _report, accepted: true);
        telemetry.EventPublished(_key, ExecutionStatus.Running);
        telemetry.ExpressRan(_key, isSynchronous: true);
        telemetry.Committed(1, TimeSpan.Zero);
        telemetry.TimerFired(1);
        telemetry.IntentsSwept(TimeSpan.Zero);
        telemetry.OutgoingEnded("POST", "2xx", TimeSpan.Zero);
        Activity? request = telemetry.BeginRequest("GET", "/", null);
        telemetry.RequestEnded(request, "GET", "/", 200, TimeSpan.Zero);
    }
}
