using System.Globalization;

namespace Lockstep.Fuzz.Running;

/// <summary>An input that a target did not answer.</summary>
/// <param name="File">Where it is kept.</param>
/// <param name="Message">What happened.</param>
public sealed record FuzzFailure(string File, string Message);

/// <summary>What a run came to.</summary>
/// <param name="Target">The target.</param>
/// <param name="Seed">Where the inputs started.</param>
/// <param name="Inputs">Inputs that it got.</param>
/// <param name="Accepted">Inputs that were well formed.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="LongestInput">How long the slowest input took.</param>
/// <param name="MostAllocated">Bytes that the most expensive input allocated.</param>
/// <param name="Costliest">That input, as text.</param>
/// <param name="PeakHeapBytes">The largest managed heap that was seen.</param>
/// <param name="Failures">What was not answered.</param>
public sealed record FuzzReport(
    string Target, ulong Seed, int Inputs, int Accepted, TimeSpan Elapsed, TimeSpan LongestInput, long MostAllocated, string Costliest, long PeakHeapBytes, IReadOnlyList<FuzzFailure> Failures)
{
    private const double MiB = 1024 * 1024;

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Target}: {Inputs} inputs from seed {Seed}, {Accepted} accepted, {Failures.Count} not answered; {Elapsed.TotalSeconds:F0} s, slowest input "
            + $"{LongestInput.TotalMilliseconds:F0} ms, most allocated by one {MostAllocated / MiB:F1} MiB ({Costliest}), peak heap {PeakHeapBytes / MiB:F0} MiB")
        + string.Concat(Failures.Select(failure => $"\n  {failure.File}: {failure.Message}"));
}
