using System.Diagnostics;
using System.Text;
using Lockstep.Fuzz.Inputs;
using Lockstep.Fuzz.Targets;
using Lockstep.Json;

namespace Lockstep.Fuzz.Running;

/// <summary>
/// Gives a target its inputs, one after another, on a thread with as little stack as a server's: an input is answered when the target accepts or
/// refuses it, in time and within its memory. Whatever else happens is made smaller and kept.
/// </summary>
public static class FuzzRun
{
    private const int StackBytes = 1024 * 1024;
    private const int MostFailures = 10;
    private const int InputsPerLook = 1_000;
    private const int ShownBytes = 120;

    /// <summary>Runs on a thread of its own.</summary>
    /// <param name="target">What gets the inputs.</param>
    /// <param name="options">How many, and which.</param>
    /// <param name="log">Told of progress; null when nobody looks.</param>
    public static FuzzReport OnItsOwnStack(IFuzzTarget target, FuzzOptions options, TextWriter? log = null) =>
        Call(() => Run(target, options, log));

    /// <summary>Gives a target one input.</summary>
    /// <param name="target">The target.</param>
    /// <param name="input">The input.</param>
    public static void Once(IFuzzTarget target, byte[] input) => Call(() => target.Run(input));

    private static T Call<T>(Func<T> work)
    {
        T? result = default;
        Exception? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    result = work();
                }
                catch (Exception thrown)
                {
                    failure = thrown;
                }
            },
            StackBytes);
        thread.Start();
        thread.Join();
        return failure is null ? result! : throw new InvalidOperationException(failure.Message, failure); // Without a failure there is a result.
    }

    private static FuzzReport Run(IFuzzTarget target, FuzzOptions options, TextWriter? log)
    {
        var mutator = new Mutator(target, options.Seed);
        using var watchdog = new Watchdog(target.Name, options);
        var failures = new List<FuzzFailure>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var started = Stopwatch.StartNew();
        int accepted = 0;
        int done = 0;
        TimeSpan longest = TimeSpan.Zero;
        long allocated = 0;
        byte[] costliest = [];
        for (; done < options.Inputs && failures.Count < MostFailures; done++)
        {
            byte[] input = mutator.Next();
            long before = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            watchdog.Begin(input);
            Exception? thrown = Try(target, input, out bool isAccepted);
            watchdog.End();
            TimeSpan took = Stopwatch.GetElapsedTime(start);
            longest = took > longest ? took : longest;
            long taken = GC.GetAllocatedBytesForCurrentThread() - before;
            if (taken > allocated)
            {
                allocated = taken;
                costliest = input;
            }

            accepted += isAccepted ? 1 : 0;
            if (thrown is not null && seen.Add(Kind(thrown)))
            {
                failures.Add(new FuzzFailure(Keep(target, options, Smaller(target, input, Kind(thrown))), thrown.ToString()));
            }

            if (log is not null && (done + 1) % (InputsPerLook * 100) == 0)
            {
                log.WriteLine($"{target.Name}: {done + 1} inputs, {accepted} accepted, {started.Elapsed.TotalSeconds:F0} s");
                log.Flush();
            }
        }

        return new FuzzReport(target.Name, options.Seed, done, accepted, started.Elapsed, longest, allocated, Shown(costliest), watchdog.PeakHeapBytes, failures);
    }

    private static string Shown(byte[] input) => JsonString.Of(Encoding.UTF8.GetString(input, 0, Math.Min(input.Length, ShownBytes))).ToString();

    private static Exception? Try(IFuzzTarget target, byte[] input, out bool accepted)
    {
        accepted = false;
        try
        {
            accepted = target.Run(input);
            return null;
        }
        catch (Exception thrown)
        {
            return thrown;
        }
    }

    /// <summary>Failures of one kind are one failure: what was thrown, and where.</summary>
    private static string Kind(Exception thrown) =>
        thrown.GetType().Name + (thrown.StackTrace ?? "").Split('\n').FirstOrDefault(line => line.Contains("Lockstep.", StringComparison.Ordinal), "");

    /// <summary>Leaves out of an input whatever it fails without.</summary>
    private static byte[] Smaller(IFuzzTarget target, byte[] input, string kind)
    {
        for (int length = input.Length / 2; length > 0; length /= 2)
        {
            for (int at = 0; at + length <= input.Length;)
            {
                byte[] shorter = [.. input.AsSpan(0, at), .. input.AsSpan(at + length)];
                if (Try(target, shorter, out _) is { } thrown && Kind(thrown) == kind)
                {
                    input = shorter;
                }
                else
                {
                    at += length;
                }
            }
        }

        return input;
    }

    private static string Keep(IFuzzTarget target, FuzzOptions options, byte[] input)
    {
        string folder = Path.Combine(options.KeepIn, target.Name);
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, Watchdog.NameOf(input));
        File.WriteAllBytes(file, input);
        return file;
    }
}
