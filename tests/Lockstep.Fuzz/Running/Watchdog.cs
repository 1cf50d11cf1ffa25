using System.Diagnostics;
using System.Security.Cryptography;

namespace Lockstep.Fuzz.Running;

/// <summary>
/// Looks on from another thread: an input that takes too long, or memory that grows beyond its bound, ends the process, after the input has been
/// written to disk. Nothing else could end a loop that does not count its fuel.
/// </summary>
internal sealed class Watchdog : IDisposable
{
    private const int TooLong = 3;
    private const int TooMuch = 4;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    private readonly string _target;
    private readonly FuzzOptions _options;
    private readonly ManualResetEventSlim _ended = new();
    private readonly Thread _thread;
    private long _since;
    private byte[] _input = [];

    public Watchdog(string target, FuzzOptions options)
    {
        _target = target;
        _options = options;
        _thread = new Thread(Look) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>The largest managed heap that was seen.</summary>
    public long PeakHeapBytes { get; private set; }

    /// <summary>The name of the file that keeps an input.</summary>
    public static string NameOf(byte[] input) => Convert.ToHexStringLower(SHA256.HashData(input))[..16];

    /// <summary>An input begins.</summary>
    public void Begin(byte[] input)
    {
        _input = input;
        Volatile.Write(ref _since, Stopwatch.GetTimestamp());
    }

    /// <summary>The input was answered.</summary>
    public void End() => Volatile.Write(ref _since, 0);

    public void Dispose()
    {
        _ended.Set();
        _thread.Join();
        _ended.Dispose();
    }

    private void Look()
    {
        do
        {
            long since = Volatile.Read(ref _since);
            if (since != 0 && Stopwatch.GetElapsedTime(since) > _options.LongestInput)
            {
                End(TooLong, $"an input took longer than {_options.LongestInput.TotalSeconds:F0} s");
            }

            long heap = GC.GetTotalMemory(forceFullCollection: false);
            PeakHeapBytes = Math.Max(PeakHeapBytes, heap);
            if (heap > _options.MaxHeapBytes)
            {
                End(TooMuch, $"the heap grew to {heap} bytes");
            }
        }
        while (!_ended.Wait(LookEvery));
    }

    private void End(int exitCode, string what)
    {
        byte[] input = _input;
        string folder = Path.Combine(_options.KeepIn, _target);
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, NameOf(input));
        File.WriteAllBytes(file, input);
        Console.Error.WriteLine($"{_target}: {what}; the input is {file}");
        Environment.Exit(exitCode);
    }
}
