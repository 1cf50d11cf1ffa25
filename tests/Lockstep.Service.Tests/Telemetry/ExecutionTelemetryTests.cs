using System.Collections.Immutable;
using System.Diagnostics;
using Lockstep.Asl;
using Lockstep.Asl.Compiled;
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

/// <summary>What is told of executions, by a driver that does no more than decide.</summary>
public sealed class ExecutionTelemetryTests : IDisposable
{
    private const string TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private const string Secret = "s3cr3t-of-the-payload";
    private static readonly DateTimeOffset Epoch = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly TenantId Tenant = TenantId.TryParse("000000000001", out TenantId tenant) ? tenant : default;
    private static readonly ExecutionKey Key = new(Tenant, "m:n");

    private static readonly ExecutionIdentity Identity = new(
        "arn:aws:states:local:000000000001:execution:m:n", "n", "arn:aws:states:local:000000000001:stateMachine:m", "m", "r", 1, 1, "k", 1)
    {
        TraceParent = TraceParent,
    };

    private readonly ServiceTelemetry _telemetry = new(ServiceLimits.Default);
    private readonly List<Command> _commands = [];
    private CompiledMachine? _machine;
    private ExecutionState _state = ExecutionState.Initial;
    private DateTimeOffset _now = Epoch;

    public void Dispose() => _telemetry.Dispose();

    [Fact]
    public void Spans_join_the_caller_the_execution_its_states_and_its_calls_with_the_recorded_times()
    {
        using var recorder = TelemetryRecorder.Of(_telemetry);
        Run("""
            {"StartAt":"A","States":{"A":{"Type":"Pass","Next":"P"},
             "P":{"Type":"Parallel","End":true,"Branches":[
               {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:lambda:local:000000000001:function:f","End":true}}}]}}}
            """);
        InvokeTask call = Last<InvokeTask>();
        _now = Epoch.AddSeconds(2);
        _telemetry.Executions.Called(Key, ExecutionTrace.Of(Identity), call, new TaskAnswered(JsonObject.Empty), Epoch.AddSeconds(1), _now);
        Send(new TaskSucceeded(_now, call.Id, JsonObject.Empty));

        Activity execution = Single(recorder, "execution m");
        Activity parallel = Single(recorder, "state P");
        Activity task = Single(recorder, "state T");
        Activity called = Single(recorder, "call function");
        Assert.All(recorder.Spans, span => Assert.Equal("0af7651916cd43dd8448eb211c80319c", span.TraceId.ToHexString()));
        Assert.Equal("b7ad6b7169203331", execution.ParentSpanId.ToHexString());
        Assert.Equal(execution.SpanId, Single(recorder, "state A").ParentSpanId);
        Assert.Equal(execution.SpanId, parallel.ParentSpanId);
        Assert.Equal(parallel.SpanId, task.ParentSpanId);
        Assert.Equal(task.SpanId, called.ParentSpanId);
        Assert.Equal(ExecutionTrace.Of(Identity).Call(call.Id).ToString(), called.Id);
        Assert.Equal((Epoch.UtcDateTime, TimeSpan.FromSeconds(2)), (execution.StartTimeUtc, execution.Duration));
        Assert.Equal((Epoch.UtcDateTime, TimeSpan.FromSeconds(2)), (task.StartTimeUtc, task.Duration));
        Assert.Equal((Epoch.AddSeconds(1).UtcDateTime, TimeSpan.FromSeconds(1)), (called.StartTimeUtc, called.Duration));
        Assert.Equal("succeeded", execution.GetTagItem(TelemetryNames.ExecutionStatus));
    }

    [Fact]
    public void A_caller_that_is_not_sampled_gets_no_spans()
    {
        using var recorder = TelemetryRecorder.Of(_telemetry);
        Run("""{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}""", Identity with { TraceParent = TraceParent[..^2] + "00" });
        Assert.Empty(recorder.Spans);
        Assert.Equal(1, recorder.Sum(TelemetryNames.ExecutionsEnded));
    }

    [Theory]
    [InlineData(-1, new[] { "execution m" })]
    [InlineData(0, new[] { "execution m", "execution m" })]
    public void A_run_of_an_hour_is_cut_and_its_whole_is_linked_to_the_cut(int tick, string[] spans)
    {
        using var recorder = TelemetryRecorder.Of(_telemetry);
        Run("""{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":9,"End":true}}}""");
        _now = Epoch + ExecutionTelemetry.LongRun + TimeSpan.FromTicks(tick);
        Send(new TimerFired(_now, Last<StartTimer>().Id));

        Activity[] executions = [.. recorder.Spans.Where(span => span.DisplayName == "execution m")];
        var trace = ExecutionTrace.Of(Identity);
        Assert.Equal(spans, executions.Select(span => span.DisplayName));
        Activity joined = Assert.Single(executions, span => span.Id == trace.Execution.ToString());
        Assert.Equal(tick < 0 ? null : true, joined.GetTagItem(TelemetryNames.ExecutionContinues));
        foreach (Activity whole in executions.Where(span => span != joined))
        {
            Assert.Equal(trace.Whole.ToString(), whole.Id);
            Assert.Equal(default, whole.ParentSpanId);
            Assert.Equal(trace.Execution.ToString()[3..35], Assert.Single(whole.Links).Context.TraceId.ToHexString());
            Assert.Equal(ExecutionTelemetry.LongRun, whole.Duration);
            Assert.Equal(ExecutionTelemetry.LongRun, joined.Duration);
        }
    }

    [Fact]
    public void A_long_run_is_cut_by_the_first_turn_after_the_hour_and_never_again()
    {
        using var recorder = TelemetryRecorder.Of(_telemetry);
        Run("""{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":9,"Next":"X"},"X":{"Type":"Wait","Seconds":9,"Next":"Y"},"Y":{"Type":"Wait","Seconds":9,"End":true}}}""");
        for (int hour = 2; hour <= 3; hour++)
        {
            _now = Epoch.AddHours(hour);
            Send(new TimerFired(_now, Last<StartTimer>().Id));
        }

        Activity cut = Single(recorder, "execution m");
        Assert.Equal("running", cut.GetTagItem(TelemetryNames.ExecutionStatus));
        _now = Epoch.AddHours(4);
        Send(new TimerFired(_now, Last<StartTimer>().Id));
        Assert.Equal(2, recorder.Spans.Count(span => span.DisplayName == "execution m"));
    }

    [Fact]
    public void Retries_failures_and_timeouts_are_counted_by_machine()
    {
        using var recorder = TelemetryRecorder.Of(_telemetry, spans: false);
        Run("""
            {"StartAt":"T","TimeoutSeconds":900,"States":{"T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","TimeoutSeconds":60,"HeartbeatSeconds":5,
             "Parameters":{"MessageBody.$":"$$.Task.Token"},"Retry":[{"ErrorEquals":["States.ALL"],"IntervalSeconds":1}],"End":true}}}
            """);
        Send(new TaskSubmitted(_now, Last<InvokeTask>().Id, JsonObject.Empty));
        Send(new HeartbeatMissed(_now, Last<InvokeTask>().Id));
        Send(new TimerFired(_now, Last<StartTimer>().Id));
        Send(new TaskFailed(_now, Last<InvokeTask>().Id, Secret, Secret, TaskFailureStage.Submit));
        Send(new TimerFired(_now, _commands.OfType<StartTimer>().First(timer => timer.Purpose == TimerPurpose.ExecutionTimeout).Id));

        Assert.Equal(2, recorder.Sum(TelemetryNames.TasksCalled, "sqs:sendMessage", "m", "000000000001"));
        Assert.Equal(2, recorder.Sum(TelemetryNames.TasksFailed, "sqs:sendMessage"));
        Assert.Equal(1, recorder.Sum(TelemetryNames.Timeouts, "heartbeat"));
        Assert.Equal(1, recorder.Sum(TelemetryNames.Timeouts, "execution"));
        Assert.Equal(2, recorder.Sum(TelemetryNames.Retries));
        Assert.Equal(1, recorder.Sum(TelemetryNames.Transitions, "standard"));
        Assert.Equal(1, recorder.Sum(TelemetryNames.ExecutionsEnded, "timed_out"));
    }

    [Fact]
    public void A_worker_that_takes_a_task_tells_how_long_it_waited()
    {
        using var recorder = TelemetryRecorder.Of(_telemetry, spans: false);
        Run("""{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:local:000000000001:activity:a","End":true}}}""");
        _now = Epoch.AddSeconds(7);
        Send(new ActivityTaken(_now, Last<InvokeTask>().Id, Secret));

        Assert.Equal(7, recorder.Sum(TelemetryNames.ActivityQueueWait, "m"));
    }

    [Fact]
    public void Neither_payloads_nor_errors_nor_tokens_are_told()
    {
        using var recorder = TelemetryRecorder.Of(_telemetry);
        Run("""
            {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken",
             "Parameters":{"MessageBody.$":"$$.Task.Token","MessageAttributes.$":"$"},"Catch":[{"ErrorEquals":["States.ALL"],"Next":"F"}],"End":true},
             "F":{"Type":"Fail","ErrorPath":"$.Error","CausePath":"$.Cause"}}}
            """);
        InvokeTask call = Last<InvokeTask>();
        _telemetry.Executions.Called(Key, ExecutionTrace.Of(Identity), call, new TaskRefused(Secret, Secret), _now, _now);
        Send(new TaskFailed(_now, call.Id, Secret, Secret, TaskFailureStage.Submit));
        _telemetry.CallbackAnswered(Key, new TaskFailureReport(Secret, Secret), accepted: false);

        Assert.Equal(ExecutionStatus.Failed, _state.Status);
        Assert.Equal(4, recorder.Spans.Count);
        ImmutableArray<string> told =
        [
            .. recorder.Spans.SelectMany(span => span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}").Append(span.DisplayName).Append(span.StatusDescription ?? "")),
            .. recorder.Measurements.SelectMany(item => item.Tags.Values),
        ];
        Assert.All(told, text => Assert.DoesNotContain(Secret, text, StringComparison.Ordinal));
        Assert.All(told, text => Assert.DoesNotContain(Tokens.Text, text, StringComparison.Ordinal));
        Assert.All(recorder.Spans, span => Assert.Empty(span.Events));
    }

    private static Activity Single(TelemetryRecorder recorder, string name) => Assert.Single(recorder.Spans, span => span.DisplayName == name);

    private T Last<T>()
        where T : Command => _commands.OfType<T>().Last();

    private void Run(string definition, ExecutionIdentity? identity = null)
    {
        _machine = AslCompiler.Load(definition, new AslOptions { Resources = ResourceCatalog.Permissive }).Machine;
        Send(new Started(_now, identity ?? Identity, JsonObject.Of("password", JsonString.Of(Secret)), ExecutionLimits.Default));
    }

    private void Send(Stimulus stimulus)
    {
        Assert.NotNull(_machine);
        List<StateVisit>? visits = _telemetry.Executions.NewVisits();
        Decision decision = Interpreter.DecideWithVisits(_machine, _state, stimulus, Tokens.Instance, visits);
        _telemetry.Executions.Turned(Key, new ObservedTurn(_state, stimulus, decision, visits));
        _state = decision.Next;
        _commands.AddRange(decision.Commands);
    }

    private sealed class Tokens : ITaskTokenIssuer
    {
        public const string Text = "token-that-is-a-credential";

        public static Tokens Instance { get; } = new();

        public string Issue(ExecutionIdentity execution, CommandId task) => Text;
    }
}
