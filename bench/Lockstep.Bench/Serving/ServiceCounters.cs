using System.Globalization;

namespace Lockstep.Bench.Serving;

/// <summary>What the measured process has used since it began.</summary>
/// <param name="AllocatedBytes">Managed bytes allocated.</param>
/// <param name="Cpu">Processor time of all its threads, kernel included.</param>
/// <param name="Collections">Garbage collections.</param>
/// <param name="FullCollections">Those of the oldest generation.</param>
/// <param name="Pauses">Time in which a collection stopped all threads.</param>
internal readonly record struct ServiceCounters(long AllocatedBytes, TimeSpan Cpu, int Collections, int FullCollections, TimeSpan Pauses)
{
    /// <summary>Reads the answer of <see cref="StartupHook"/>.</summary>
    public static ServiceCounters Parse(string line)
    {
        long[] numbers = [.. line[StartupHook.Prefix.Length..].Split(' ').Select(text => long.Parse(text, CultureInfo.InvariantCulture))];
        return new ServiceCounters(
            numbers[0], TimeSpan.FromTicks(numbers[1]), (int)numbers[2], (int)numbers[3], TimeSpan.FromTicks(numbers[4]));
    }

    public static ServiceCounters operator -(ServiceCounters after, ServiceCounters before) => new(
        after.AllocatedBytes - before.AllocatedBytes,
        after.Cpu - before.Cpu,
        after.Collections - before.Collections,
        after.FullCollections - before.FullCollections,
        after.Pauses - before.Pauses);
}
