using System.Diagnostics;
using Lockstep.Bench.Running;

namespace Lockstep.Bench.Serving;

/// <summary>Time, processor time and allocations between two moments, of the service and of the harness beside it.</summary>
internal sealed class Load
{
    private readonly MeasuredService _service;
    private readonly ServiceCounters _before;
    private readonly TimeSpan _harnessBefore = Environment.CpuUsage.TotalTime;
    private readonly long _begun = Stopwatch.GetTimestamp();

    private Load(MeasuredService service, ServiceCounters before)
    {
        _service = service;
        _before = before;
    }

    /// <summary>Begins to measure.</summary>
    public static async Task<Load> BeginAsync(MeasuredService service, CancellationToken cancelled) =>
        new(service, await service.CountersAsync(cancelled));

    /// <summary>Since the beginning.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_begun);

    /// <summary>Ends the measurement and prints it.</summary>
    /// <param name="label">What was done.</param>
    /// <param name="what">One of it, such as <c>step</c>.</param>
    /// <param name="count">How many were done.</param>
    /// <param name="transitions">State transitions that were made.</param>
    /// <param name="cancelled">Gives up.</param>
    /// <returns>How many a second.</returns>
    public async Task<double> ReportAsync(string label, string what, long count, long transitions, CancellationToken cancelled)
    {
        TimeSpan elapsed = Elapsed;
        TimeSpan harness = Environment.CpuUsage.TotalTime - _harnessBefore;
        ServiceCounters used = await _service.CountersAsync(cancelled) - _before;
        double perSecond = count / elapsed.TotalSeconds;
        Report.Figure(label, perSecond, $"{what}s/s");
        Report.Figure("  processor time of the service", used.Cpu.TotalMicroseconds / count, $"us/{what}", "N1");
        Report.Figure("  processor time of client and function", harness.TotalMicroseconds / count, $"us/{what}", "N1");
        Report.Figure("  rate at which that fills both processors", 2_000_000 / ((used.Cpu + harness).TotalMicroseconds / count), $"{what}s/s");
        Report.Figure("  allocated by the service", (double)used.AllocatedBytes / transitions, "bytes/transition");
        Report.Figure("  collections, of them full", used.Collections, $", {used.FullCollections}, pausing {used.Pauses.TotalMilliseconds:N0} ms");
        return perSecond;
    }
}
