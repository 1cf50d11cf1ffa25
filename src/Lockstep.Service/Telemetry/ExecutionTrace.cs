using Lockstep.Engine;

namespace Lockstep.Service.Telemetry;

/// <summary>
/// The ids of an execution's trace. They follow from its ARN, its incarnation, its events and its commands alone, so that a replay, another
/// process and the other driver give the same ones; only the trace id is taken over from whoever started it with a traceparent or an X-Ray tracing header.
/// </summary>
public sealed class ExecutionTrace
{
    private readonly TraceDigest _digest;
    private readonly TraceOrigin _origin;

    private ExecutionTrace(string arn, long incarnation, string? traceParent)
    {
        _digest = TraceDigest.Empty.With(arn).With("\0").With(incarnation);
        _origin = TraceOrigin.Read(traceParent);
    }

    /// <summary>The span that started it; null when nobody handed one over.</summary>
    public TraceContext? Parent => _origin.Parent;

    /// <summary>The span of the execution, the parent of its outermost states.</summary>
    public TraceContext Execution => At(_digest.With("execution"));

    /// <summary>The span of a long execution as a whole, in a trace of its own; see <see cref="ExecutionTelemetry.LongRun"/>.</summary>
    public TraceContext Whole => Execution with { TraceId = _digest.With("whole").TraceId, SpanId = _digest.With("whole").SpanId };

    /// <summary>Composes the ids of an execution.</summary>
    public static ExecutionTrace Of(ExecutionIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        return new ExecutionTrace(identity.ExecutionArn, identity.Incarnation, identity.TraceParent);
    }

    /// <summary>Composes the ids of an execution.</summary>
    public static ExecutionTrace Of(TracedExecution execution)
    {
        ArgumentNullException.ThrowIfNull(execution);
        return new ExecutionTrace(execution.Arn, execution.Incarnation, execution.TraceParent);
    }

    /// <summary>The span of a visit of a state.</summary>
    /// <param name="enteredEventId">Its StateEntered event; 0 for the execution itself.</param>
    public TraceContext State(long enteredEventId) => enteredEventId == 0 ? Execution : At(_digest.With("state").With(enteredEventId));

    /// <summary>The span of one attempt of a call; what the callee gets as its traceparent.</summary>
    public TraceContext Call(CommandId task) => At(_digest.With("call").With(task.Ordinal));

    // Without a caller it counts as sampled: a receiver that decides by its parent would otherwise drop its own trace of the call.
    private TraceContext At(TraceDigest span) => new(_origin.TraceId ?? _digest.TraceId, span.SpanId, _origin.Sampled ?? true);
}
