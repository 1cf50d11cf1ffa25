namespace Lockstep.Service.Telemetry;

/// <summary>
/// What an execution was handed of a trace: the span of the request that started it, and the X-Ray tracing header that the request brought for it. The header
/// is kept as it was sent, because it is shown again; where it names a trace, it is the one that the execution joins.
/// </summary>
/// <param name="Caller">The span of the request; null when there is none.</param>
/// <param name="Header">The header; null when there is none.</param>
public readonly record struct TraceOrigin(TraceContext? Caller, string? Header)
{
    private const char Separator = ' ';

    /// <summary>The trace that the execution joins; null when it has one of its own.</summary>
    public UInt128? TraceId => XRay?.TraceId ?? Caller?.TraceId;

    /// <summary>Whether whoever started it records the trace; null when nobody said so.</summary>
    public bool? Sampled => XRay?.Sampled ?? Caller?.Sampled;

    /// <summary>The span above the execution; null when it is the root of its trace.</summary>
    public TraceContext? Parent => XRay is not { } xray ? Caller : xray.Parent is { } span ? new TraceContext(xray.TraceId, span, xray.Sampled) : null;

    private XRayHeader? XRay => XRayHeader.TryParse(Header, out XRayHeader header) ? header : null;

    /// <summary>Composes what a start brings; what is no traceparent and an empty header count as absent.</summary>
    public static TraceOrigin Of(string? traceParent, string? header) => new(
        TraceContext.TryParse(traceParent, out TraceContext caller) ? caller : null, header is "" ? null : header);

    /// <summary>Reads the stored form (<see cref="ToStored"/>), or a traceparent alone.</summary>
    public static TraceOrigin Read(string? stored)
    {
        int separator = stored?.IndexOf(Separator, StringComparison.Ordinal) ?? -1;
        return stored is null || separator < 0 ? Of(stored, null) : Of(stored[..separator], stored[(separator + 1)..]);
    }

    /// <summary>One text for both: the traceparent, and behind a space the header where there is one; null when there is neither.</summary>
    public string? ToStored() => Header is null ? Caller?.ToString() : $"{Caller}{Separator}{Header}";
}
