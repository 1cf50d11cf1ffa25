using Lockstep.Cli.Telemetry;

namespace Lockstep.EndToEnd.Tests.Telemetry;

/// <summary>Spans beyond the limit are dropped and counted, and the log says so once.</summary>
public sealed class SpanQueueTests
{
    [Fact]
    public void Span_beyond_the_limit_is_dropped_until_places_are_free()
    {
        var lines = new LogLines();
        var queue = new SpanQueue(lines, 2);

        Assert.True(queue.TryEnter());
        Assert.True(queue.TryEnter());
        Assert.Empty(lines.Written);
        Assert.False(queue.TryEnter());
        Assert.False(queue.TryEnter());
        Assert.Equal(2, queue.Dropped);

        queue.Leave(1);
        Assert.True(queue.TryEnter());
        Assert.False(queue.TryEnter());
        Assert.Equal(3, queue.Dropped);
        Assert.Contains("2 spans wait for the collector", Assert.Single(lines.Written), StringComparison.Ordinal);
    }
}
