using System.Buffers;
using System.Globalization;

namespace Lockstep.Service.Telemetry;

/// <summary>
/// What a tracing header of AWS X-Ray says, <c>Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1</c>: the parts that W3C Trace Context has as
/// well. A root's time and number together are the trace id.
/// </summary>
/// <param name="TraceId">The trace; never 0.</param>
/// <param name="Parent">The segment that calls; null when none is named.</param>
/// <param name="Sampled">Whether the caller records it; true where it leaves that open.</param>
public readonly record struct XRayHeader(UInt128 TraceId, ulong? Parent, bool Sampled)
{
    private const int TimeDigits = 8;
    private const int NumberDigits = 24;
    private const int SpanDigits = 16;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>Reads a header. False when it names no root of version 1; other parts, and a parent that is none, count as absent.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out XRayHeader header)
    {
        UInt128 traceId = default;
        ulong parent = 0;
        bool sampled = true;
        foreach (Range range in text.Split(';'))
        {
            ReadOnlySpan<char> part = text[range].Trim();
            int equals = part.IndexOf('=');
            if (equals < 0)
            {
                continue;
            }

            ReadOnlySpan<char> value = part[(equals + 1)..];
            switch (part[..equals])
            {
                case "Root":
                    traceId = ReadRoot(value);
                    break;
                case "Parent":
                    parent = IsHex(value, SpanDigits) ? ulong.Parse(value, NumberStyles.HexNumber, CultureInfo.InvariantCulture) : 0;
                    break;
                case "Sampled":
                    sampled = value is not "0";
                    break;
            }
        }

        header = new XRayHeader(traceId, parent == 0 ? null : parent, sampled);
        return traceId != UInt128.Zero;
    }

    private static UInt128 ReadRoot(ReadOnlySpan<char> root) =>
        root.Length == TimeDigits + NumberDigits + 3 && root.StartsWith("1-") && root[TimeDigits + 2] == '-'
        && IsHex(root[2..(TimeDigits + 2)], TimeDigits) && IsHex(root[(TimeDigits + 3)..], NumberDigits)
            ? UInt128.Parse($"{root[2..(TimeDigits + 2)]}{root[(TimeDigits + 3)..]}", NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : UInt128.Zero;

    private static bool IsHex(ReadOnlySpan<char> text, int digits) => text.Length == digits && !text.ContainsAnyExcept(HexDigits);
}
