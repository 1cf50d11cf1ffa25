using System.Buffers;
using Lockstep.Embedded.Journal;

namespace Lockstep.Embedded.Tests.Journal;

/// <summary>Turns lie behind one another however far their array has to grow, and their size is known after it was given back.</summary>
public sealed class TurnBytesTests
{
    [Fact]
    public void Turns_lie_behind_one_another_while_the_array_grows()
    {
        byte[] small = [.. Enumerable.Range(0, 100).Select(i => (byte)i)];
        byte[] large = [.. Enumerable.Range(0, 5_000).Select(i => (byte)(i * 7))];
        var bytes = new TurnBytes();
        bytes.Write(small);
        bytes.Write(large);

        Assert.Equal(small.Length + large.Length, bytes.Count);
        Assert.Equal(small, bytes.Slice(0, small.Length).ToArray());
        Assert.Equal(large, bytes.Slice(small.Length, large.Length).ToArray());
    }

    [Fact]
    public void The_size_is_known_after_the_array_was_given_back()
    {
        var bytes = new TurnBytes();
        bytes.Write(new byte[10]);
        bytes.Return();
        Assert.Equal(10, bytes.Count);
        bytes.Return();
        Assert.Equal(10, bytes.Count);
    }
}
