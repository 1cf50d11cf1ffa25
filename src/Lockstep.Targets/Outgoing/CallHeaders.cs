using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using Lockstep.Service.Targets;
using Lockstep.Service.Telemetry;

namespace Lockstep.Targets.Outgoing;

/// <summary>
/// The fields that every outgoing call of a task carries: the key by which a receiver recognises a repetition, the attempt, and the
/// trace (W3C Trace Context).
/// </summary>
internal static class CallHeaders
{
    /// <summary>Equal for repetitions of one attempt after a crash, different otherwise.</summary>
    public const string IdempotencyKey = "Idempotency-Key";

    /// <summary>0 for the first try of the state, growing by one with each retry.</summary>
    public const string Attempt = "Lockstep-Attempt";

    /// <summary>W3C Trace Context.</summary>
    public const string TraceParent = "traceparent";

    private static readonly SearchValues<char> FieldCharacters = SearchValues.Create(
        "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    /// <summary>Adds the fields.</summary>
    public static void AddTo(HttpRequestMessage request, TaskInvocation invocation)
    {
        request.Headers.TryAddWithoutValidation(IdempotencyKey, AsField(invocation.IdempotencyKey));
        request.Headers.TryAddWithoutValidation(
            Attempt, invocation.Attempt == 0 ? "0" : invocation.Attempt.ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation(TraceParent, TraceOf(invocation));
    }

    /// <summary>
    /// The span of the call, when the driver keeps a trace; the current span of the process, when there is one; else a trace id that all calls of
    /// an execution share and a span id that the attempt owns. What is not the current span is the same when a crash repeats the call.
    /// </summary>
    public static string TraceOf(TaskInvocation invocation)
    {
        if (invocation.Trace is { } given)
        {
            return given.ToString();
        }

        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } current })
        {
            return current;
        }

        TraceDigest execution = TraceDigest.Empty.With(invocation.Execution.Tenant.Value).With("\0").With(invocation.Execution.Id);
        return new TraceContext(execution.TraceId, TraceDigest.Empty.With(invocation.IdempotencyKey).SpanId, Sampled: true).ToString();
    }

    /// <summary>A value that may stand in a header field: as it is when it is printable ASCII, else percent-encoded.</summary>
    public static string AsField(string value) =>
        value.AsSpan().ContainsAnyExcept(FieldCharacters) ? Uri.EscapeDataString(value) : value;
}
