using System.Globalization;
using Lockstep.TestKit;

namespace Lockstep.Json.Tests.Fuzz;

/// <summary>
/// A deterministic stream of damaged inputs: the same count gives the same inputs everywhere. Set LOCKSTEP_FUZZ_ITERATIONS for a long run.
/// </summary>
internal sealed class FuzzSource(IReadOnlyList<byte[]> corpus, IReadOnlyList<byte[]> tokens)
{
    private const int DefaultIterations = 20_000;

    private ulong _state = 0x9E3779B97F4A7C15;

    public static int Iterations { get; } =
        Environment.GetEnvironmentVariable("LOCKSTEP_FUZZ_ITERATIONS") is { Length: > 0 } count
            ? int.Parse(count, CultureInfo.InvariantCulture)
            : DefaultIterations;

    public static string CorpusFolder => Repository.PathOf("tests/Lockstep.Json.Tests/Fuzz/corpus");

    public byte[] Next()
    {
        List<byte> input = [.. Pick(corpus)];
        for (int left = 1 + Below(6); left > 0; left--)
        {
            Damage(input);
        }

        return [.. input];
    }

    public int Below(int bound)
    {
        // xorshift64*, which is enough to wander through inputs.
        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        return (int)((_state * 0x2545F4914F6CDD1D >> 33) % (ulong)bound);
    }

    private void Damage(List<byte> input)
    {
        int at = Below(input.Count + 1);
        int length = Math.Min(Below(12), input.Count - at);
        switch (Below(7))
        {
            case 0 when at < input.Count:
                input[at] = (byte)Below(256);
                break;
            case 1 when at < input.Count:
                input[at] ^= (byte)(1 << Below(8));
                break;
            case 2:
                input.RemoveRange(at, length);
                break;
            case 3:
                input.InsertRange(at, input.GetRange(at, length));
                break;
            case 4:
                byte[] other = Pick(corpus);
                int from = Below(other.Length);
                input.InsertRange(at, other.AsSpan(from, Math.Min(Below(30), other.Length - from)).ToArray());
                break;
            case 5 when Below(20) == 0:
                byte[] repeated = Pick(tokens);
                input.InsertRange(at, Enumerable.Repeat(repeated, Below(3_000)).SelectMany(token => token).ToArray());
                break;
            default:
                input.InsertRange(at, Pick(tokens));
                break;
        }
    }

    private byte[] Pick(IReadOnlyList<byte[]> choices) => choices[Below(choices.Count)];
}
