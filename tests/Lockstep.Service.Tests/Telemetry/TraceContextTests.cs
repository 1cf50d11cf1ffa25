using Lockstep.Engine;
using Lockstep.Service.Telemetry;

namespace Lockstep.Service.Tests.Telemetry;

public sealed class TraceContextTests
{
    private const string Sampled = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private const string PinnedState = "00-fd830965a7fe4153eec3b3c20e0224ed-c2e526976a2eabac-01";
    private const string PinnedCall = "00-fd830965a7fe4153eec3b3c20e0224ed-f9d9e8e9f9743918-01";

    private static readonly ExecutionIdentity Identity = new(
        "arn:aws:states:local:000000000001:execution:m:n", "n", "arn:aws:states:local:000000000001:stateMachine:m", "m", "r", 1, 1, "k", 1);

    [Theory]
    [InlineData(Sampled)]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00")]
    public void A_traceparent_reads_and_writes(string text)
    {
        Assert.True(TraceContext.TryParse(text, out TraceContext context));
        Assert.Equal(text, context.ToString());
    }

    [Fact]
    public void A_later_version_is_read_as_far_as_it_is_known()
    {
        Assert.True(TraceContext.TryParse("cc" + Sampled[2..] + "-what-the-future-brings", out TraceContext context));
        Assert.Equal(Sampled, context.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    [InlineData("00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01")]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0")]
    [InlineData("00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    public void What_is_no_traceparent_counts_as_absent(string? text)
    {
        Assert.False(TraceContext.TryParse(text, out _));
        Assert.Null(ExecutionTrace.Of(Identity with { TraceParent = text }).Parent);
    }

    [Fact]
    public void Ids_follow_from_the_identity_and_differ_between_spans_executions_and_incarnations()
    {
        var trace = ExecutionTrace.Of(Identity);
        Assert.Equal(trace.State(7), ExecutionTrace.Of(Identity with { Seed = 2 }).State(7));

        TraceContext[] spans =
        [
            trace.Execution, trace.Whole, .. Enumerable.Range(1, 300).Select(id => trace.State(id)), .. Enumerable.Range(1, 300).Select(id => trace.Call(new CommandId(id))),
            ExecutionTrace.Of(Identity with { Incarnation = 2 }).Execution, ExecutionTrace.Of(Identity with { ExecutionArn = Identity.ExecutionArn + "2" }).Execution,
        ];
        Assert.Equal(spans.Length, spans.Select(span => span.SpanId).Distinct().Count());
        Assert.Equal(4, spans.Select(span => span.TraceId).Distinct().Count());
        Assert.All(spans, span => Assert.True(span.Sampled));
    }

    [Fact]
    public void The_ids_stay_what_they_are()
    {
        // Both drivers and every later version have to give these: what is on its way already bears them.
        var trace = ExecutionTrace.Of(Identity);
        Assert.Equal(PinnedState, trace.State(2).ToString());
        Assert.Equal(PinnedCall, trace.Call(new CommandId(1)).ToString());
    }

    [Fact]
    public void An_execution_joins_the_trace_that_started_it_and_its_sampling()
    {
        var trace = ExecutionTrace.Of(Identity with { TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00" });
        Assert.StartsWith("00-0af7651916cd43dd8448eb211c80319c-", trace.Call(new CommandId(1)).ToString(), StringComparison.Ordinal);
        Assert.False(trace.Call(new CommandId(1)).Sampled);
        Assert.Equal(ExecutionTrace.Of(Identity).State(5).SpanId, trace.State(5).SpanId);
    }
}
