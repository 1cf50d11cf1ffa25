using System.Collections.Immutable;

namespace Lockstep.Service.Telemetry;

/// <summary>
/// Every name that telemetry uses, in both ways of running: sources, spans, attributes, metrics. docs/telemetry.md is compared with it, and
/// what is emitted is compared with it by tests. A name is part of the interface to operators: it is added, never changed.
/// </summary>
public static class TelemetryNames
{
    /// <summary>The source of spans of API requests.</summary>
    public const string ApiSource = "Lockstep.Api";

    /// <summary>The source of spans of executions, states and calls.</summary>
    public const string ExecutionSource = "Lockstep.Executions";

    /// <summary>The meter of all metrics.</summary>
    public const string Meter = "Lockstep";

    /// <summary>The tenant's number.</summary>
    public const string Tenant = "lockstep.tenant";

    /// <summary>The name of the state machine.</summary>
    public const string StateMachine = "lockstep.state_machine";

    /// <summary>The ARN of the execution.</summary>
    public const string ExecutionArn = "lockstep.execution.arn";

    /// <summary>Standard or Express.</summary>
    public const string ExecutionType = "lockstep.execution.type";

    /// <summary>How the execution stands.</summary>
    public const string ExecutionStatus = "lockstep.execution.status";

    /// <summary>On the span of a long run, which is cut.</summary>
    public const string ExecutionContinues = "lockstep.execution.continues";

    /// <summary>The name of the state.</summary>
    public const string StateName = "lockstep.state.name";

    /// <summary>The type of the state.</summary>
    public const string StateType = "lockstep.state.type";

    /// <summary>How the visit of the state ended.</summary>
    public const string StateOutcome = "lockstep.state.outcome";

    /// <summary>Which branch or iteration.</summary>
    public const string StateIndex = "lockstep.state.index";

    /// <summary>What family of resource is called.</summary>
    public const string ResourceKind = "lockstep.resource.kind";

    /// <summary>The attempt.</summary>
    public const string TaskAttempt = "lockstep.task.attempt";

    /// <summary>How the call ended.</summary>
    public const string TaskOutcome = "lockstep.task.outcome";

    /// <summary>Which time was up.</summary>
    public const string TimeoutKind = "lockstep.timeout.kind";

    /// <summary>What a callback reports.</summary>
    public const string CallbackKind = "lockstep.callback.kind";

    /// <summary>Whether a callback was taken.</summary>
    public const string CallbackAnswer = "lockstep.callback.answer";

    /// <summary>How an outgoing request ended.</summary>
    public const string OutgoingOutcome = "lockstep.http.outcome";

    /// <summary>Whether somebody waits for the end.</summary>
    public const string ExpressMode = "lockstep.express.mode";

    /// <summary>The pattern of the route.</summary>
    public const string Route = "http.route";

    /// <summary>The method of the request.</summary>
    public const string Method = "http.request.method";

    /// <summary>The status of the response.</summary>
    public const string ResponseStatus = "http.response.status_code";

    private static readonly ImmutableArray<string> OfMachine = [Tenant, StateMachine];

    /// <summary>Every attribute, in the order of the documentation.</summary>
    public static ImmutableArray<AttributeDefinition> Attributes { get; } =
    [
        new(Tenant, "The tenant's number; `other` in metrics beyond the limit of names."),
        new(StateMachine, "Name of the state machine; `other` in metrics beyond the limit of names."),
        new(ExecutionArn, "ARN of the execution."),
        new(ExecutionType, "`standard` or `express`."),
        new(ExecutionStatus, "`running`, `succeeded`, `failed`, `timed_out` or `aborted`."),
        new(ExecutionContinues, "`true` where the span was cut because the execution runs longer than an hour."),
        new(StateName, "Name of the state."),
        new(StateType, "Its type, such as `Task`."),
        new(StateOutcome, "`exited`, `caught`, `failed` or `aborted`."),
        new(StateIndex, "Which branch or iteration of the Parallel or Map state around it, from 0."),
        new(ResourceKind, "`function`, `activity`, or service and action such as `http:invoke`."),
        new(TaskAttempt, "0 for the first try of the state, growing by one with each retry."),
        new(TaskOutcome, "`answered` or `failed`."),
        new(TimeoutKind, "`task`, `heartbeat` or `execution`."),
        new(CallbackKind, "`success`, `failure` or `heartbeat`."),
        new(CallbackAnswer, "`accepted`, or `refused` where the token is no good or its task waits no more."),
        new(OutgoingOutcome, "`2xx`, `3xx`, `4xx`, `5xx`, `refused`, `connection`, `timeout`, `too_large`, or `cancelled` where nobody wanted the answer any more."),
        new(ExpressMode, "`sync` or `async`."),
        new(Route, "Pattern of the route, such as `/v1/executions/{id}`; never the path that was asked for."),
        new(Method, "Method of the request; `_OTHER` where no route has it."),
        new(ResponseStatus, "Status of the response."),
    ];

    /// <summary>Every span, in the order of the documentation.</summary>
    public static ImmutableArray<SpanDefinition> Spans { get; } =
    [
        new(ApiSource, "{method} {route}", "server", [Method, Route, ResponseStatus, Tenant],
            "A request to the API. Its parent is the caller's span, if the request had a `traceparent`."),
        new(ExecutionSource, "execution {state machine}", "internal", [Tenant, StateMachine, ExecutionArn, ExecutionType, ExecutionStatus, ExecutionContinues],
            "An execution, with the recorded times. Its parent is the request or the call that started it."),
        new(ExecutionSource, "state {state}", "internal", [Tenant, StateMachine, ExecutionArn, StateName, StateType, StateOutcome, StateIndex],
            "One visit of a state. Its parent is the execution, or the Parallel or Map state around it."),
        new(ExecutionSource, "call {resource kind}", "client", [Tenant, StateMachine, ExecutionArn, StateName, ResourceKind, TaskAttempt, TaskOutcome],
            "One attempt of a call that leaves the execution. Its parent is the state; its id is what the callee gets as `traceparent`."),
    ];

    /// <summary>Executions started.</summary>
    public static MetricDefinition ExecutionsStarted { get; } =
        new("lockstep.executions.started", MetricKind.Counter, "{execution}", [.. OfMachine, ExecutionType], "Executions started.");

    /// <summary>Executions ended.</summary>
    public static MetricDefinition ExecutionsEnded { get; } = new(
        "lockstep.executions.ended", MetricKind.Counter, "{execution}", [.. OfMachine, ExecutionType, ExecutionStatus], "Executions ended, by how.");

    /// <summary>Durations of executions.</summary>
    public static MetricDefinition ExecutionDuration { get; } = new(
        "lockstep.execution.duration", MetricKind.Histogram, "s", [.. OfMachine, ExecutionType, ExecutionStatus], "Time from start to end of an execution.");

    /// <summary>Open executions.</summary>
    public static MetricDefinition ExecutionsOpen { get; } =
        new("lockstep.executions.open", MetricKind.Gauge, "{execution}", [Tenant], "Executions that are open.");

    /// <summary>Transitions.</summary>
    public static MetricDefinition Transitions { get; } = new(
        "lockstep.state.transitions", MetricKind.Counter, "{transition}", [.. OfMachine, ExecutionType], "States entered: what AWS bills as state transitions.");

    /// <summary>Calls decided.</summary>
    public static MetricDefinition TasksCalled { get; } =
        new("lockstep.tasks.called", MetricKind.Counter, "{call}", [.. OfMachine, ResourceKind], "Attempts of Task states that were decided.");

    /// <summary>Calls failed.</summary>
    public static MetricDefinition TasksFailed { get; } = new(
        "lockstep.tasks.failed", MetricKind.Counter, "{call}", [.. OfMachine, ResourceKind], "Attempts of Task states that failed, timeouts included.");

    /// <summary>Durations of calls.</summary>
    public static MetricDefinition CallDuration { get; } = new(
        "lockstep.task.call.duration", MetricKind.Histogram, "s", [.. OfMachine, ResourceKind, TaskOutcome], "Time from calling a resource to its answer.");

    /// <summary>Retries.</summary>
    public static MetricDefinition Retries { get; } =
        new("lockstep.retries", MetricKind.Counter, "{retry}", OfMachine, "Retries that a Retrier scheduled.");

    /// <summary>Timeouts.</summary>
    public static MetricDefinition Timeouts { get; } =
        new("lockstep.timeouts", MetricKind.Counter, "{timeout}", [.. OfMachine, TimeoutKind], "Timeouts that struck.");

    /// <summary>Callbacks.</summary>
    public static MetricDefinition Callbacks { get; } = new(
        "lockstep.callbacks", MetricKind.Counter, "{callback}", [.. OfMachine, CallbackKind, CallbackAnswer],
        "Reports for task tokens. Those whose token is none of ours are counted under `other`.");

    /// <summary>Waits in activity queues.</summary>
    public static MetricDefinition ActivityQueueWait { get; } = new(
        "lockstep.activity.queue.wait", MetricKind.Histogram, "s", OfMachine, "Time from scheduling an activity task to a worker's taking it.");

    /// <summary>Outgoing requests.</summary>
    public static MetricDefinition OutgoingDuration { get; } = new(
        "lockstep.http.outgoing.duration", MetricKind.Histogram, "s", [Method, OutgoingOutcome], "Time of an outgoing HTTP request, until its answer was whole.");

    /// <summary>API requests.</summary>
    public static MetricDefinition ApiDuration { get; } = new(
        "lockstep.api.request.duration", MetricKind.Histogram, "s", [Method, Route, ResponseStatus], "Time of a request to the API. Its count is the number of requests.");

    /// <summary>Writes in a batch.</summary>
    public static MetricDefinition StoreBatch { get; } =
        new("lockstep.store.batch.size", MetricKind.Histogram, "{write}", [], "Writes in one commit of the store (embedded).");

    /// <summary>Time of a flush.</summary>
    public static MetricDefinition StoreFlush { get; } =
        new("lockstep.store.flush.duration", MetricKind.Histogram, "s", [], "Time to write and flush one commit of the store (embedded).");

    /// <summary>Lateness of timers.</summary>
    public static MetricDefinition TimerLateness { get; } =
        new("lockstep.timer.lateness", MetricKind.Histogram, "s", [], "How late a timer fired: Wait states, retries, timeouts, heartbeats.");

    /// <summary>Events.</summary>
    public static MetricDefinition EventsPublished { get; } = new(
        "lockstep.events.published", MetricKind.Counter, "{event}", [Tenant, ExecutionStatus], "Execution events that were published.");

    /// <summary>Express runs.</summary>
    public static MetricDefinition ExpressRuns { get; } =
        new("lockstep.express.runs", MetricKind.Counter, "{run}", [.. OfMachine, ExpressMode], "Runs of Express executions; one that a restart repeats counts again.");

    /// <summary>The oldest intent.</summary>
    public static MetricDefinition OldestIntent { get; } = new(
        "lockstep.intents.oldest_age", MetricKind.Gauge, "s", [], "Age of the oldest intent that a sweep found (Azure): what should have been done and is not yet.");

    /// <summary>Every metric, in the order of the documentation.</summary>
    public static ImmutableArray<MetricDefinition> Metrics { get; } =
    [
        ExecutionsStarted, ExecutionsEnded, ExecutionDuration, ExecutionsOpen, Transitions, TasksCalled, TasksFailed, CallDuration, Retries, Timeouts,
        Callbacks, ActivityQueueWait, OutgoingDuration, ApiDuration, StoreBatch, StoreFlush, TimerLateness, EventsPublished, ExpressRuns,
        OldestIntent,
    ];
}

/// <summary>An attribute of spans or metrics.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Meaning">Its meaning or values.</param>
public sealed record AttributeDefinition(string Name, string Meaning);

/// <summary>A span.</summary>
/// <param name="Source">The source that emits it.</param>
/// <param name="Name">Its name, with what varies in braces.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Attributes">The attributes that it may have.</param>
/// <param name="Meaning">What it stands for.</param>
public sealed record SpanDefinition(string Source, string Name, string Kind, ImmutableArray<string> Attributes, string Meaning);

/// <summary>A metric.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">How it is counted.</param>
/// <param name="Unit">Its unit, in UCUM.</param>
/// <param name="Dimensions">The attributes that every measurement has.</param>
/// <param name="Meaning">What it counts.</param>
public sealed record MetricDefinition(string Name, MetricKind Kind, string Unit, ImmutableArray<string> Dimensions, string Meaning);

/// <summary>How a metric is counted.</summary>
public enum MetricKind
{
    /// <summary>A sum that grows.</summary>
    Counter,

    /// <summary>A number that is read when it is collected.</summary>
    Gauge,

    /// <summary>A distribution.</summary>
    Histogram,
}
