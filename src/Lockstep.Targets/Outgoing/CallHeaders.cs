using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lockstep.Service.Targets;

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

    // Sampled: a receiver that decides by its parent would otherwise drop its own trace of the call.
    private const string Sampled = "-01";
    private const int TraceIdBytes = 16;
    private const int SpanIdBytes = 8;

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
    /// The current trace when the caller records one; else a trace id that all calls of an execution share and a span id that the
    /// attempt owns, both the same when a crash repeats the call.
    /// </summary>
    public static string TraceOf(TaskInvocation invocation)
    {
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } current })
        {
            return current;
        }

        Span<byte> execution = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> attempt = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(invocation.Execution.Tenant.Value, invocation.Execution.Id, execution);
        Hash("", invocation.IdempotencyKey, attempt);
        return string.Concat(
            "00-",
            Convert.ToHexStringLower(execution[..TraceIdBytes]),
            "-",
            string.Concat(Convert.ToHexStringLower(attempt[..SpanIdBytes]), Sampled));
    }

    /// <summary>A value that may stand in a header field: as it is when it is printable ASCII, else percent-encoded.</summary>
    public static string AsField(string value) =>
        value.AsSpan().ContainsAnyExcept(FieldCharacters) ? Uri.EscapeDataString(value) : value;

    private static void Hash(string scope, string text, Span<byte> hash)
    {
        const int MostBytesPerChar = 3;
        int most = (scope.Length + 1 + text.Length) * MostBytesPerChar;
        byte[]? rented = null;
        Span<byte> bytes = most <= 1_024 ? stackalloc byte[most] : (rented = ArrayPool<byte>.Shared.Rent(most));
        int length = Encoding.UTF8.GetBytes(scope, bytes);
        bytes[length++] = 0;
        length += Encoding.UTF8.GetBytes(text, bytes[length..]);
        SHA256.HashData(bytes[..length], hash);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
