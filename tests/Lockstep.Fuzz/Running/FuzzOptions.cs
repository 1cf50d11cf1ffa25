using Lockstep.TestKit;

namespace Lockstep.Fuzz.Running;

/// <summary>How a target is fuzzed.</summary>
public sealed record FuzzOptions
{
    /// <summary>Inputs that the target gets. Default 100,000.</summary>
    public int Inputs { get; init; } = 100_000;

    /// <summary>Where the inputs start; the same seed gives the same inputs. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Folder that gets the inputs which were not answered, smaller than they were found. Default the corpus beside this program's source.</summary>
    public string KeepIn { get; init; } = Repository.PathOf("tests/Lockstep.Fuzz/corpus");

    /// <summary>Longest time of one input: fuel has to end it long before. Default 20 s.</summary>
    public TimeSpan LongestInput { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Bytes of managed memory after which the run ends. Default 1 GiB.</summary>
    public long MaxHeapBytes { get; init; } = 1024L * 1024 * 1024;
}
