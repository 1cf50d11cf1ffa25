using Lockstep.Service.Telemetry;

namespace Lockstep.Service.Tests.Telemetry;

/// <summary>What an execution is handed of a trace.</summary>
public sealed class TraceOriginTests
{
    private const string Caller = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";
    private const string Root = "Root=1-5759e988-bd862e3fe1be46a994272793";
    private const string Trace = "5759e988bd862e3fe1be46a994272793";

    [Theory]
    [InlineData(null, null, null, null, null)]
    [InlineData(Caller, null, "0af7651916cd43dd8448eb211c80319c", Caller, false)]
    [InlineData(Caller, "", "0af7651916cd43dd8448eb211c80319c", Caller, false)]
    [InlineData(Caller, Root + ";Parent=53995c3f42cd8ad8;Sampled=1", Trace, "00-" + Trace + "-53995c3f42cd8ad8-01", true)]
    [InlineData(null, "Self=1-2-3; " + Root + " ;Sampled=0;Parent=53995C3F42CD8AD8;Lineage=a:0", Trace, "00-" + Trace + "-53995c3f42cd8ad8-00", false)]
    [InlineData(Caller, Root, Trace, null, true)]
    [InlineData(null, Root + ";Sampled=?", Trace, null, true)]
    [InlineData(null, Root + ";Parent=0000000000000000", Trace, null, true)]
    [InlineData(null, Root + ";Parent=53995c3f42cd8ad", Trace, null, true)]
    [InlineData(Caller, "Root=2-5759e988-bd862e3fe1be46a994272793", "0af7651916cd43dd8448eb211c80319c", Caller, false)]
    [InlineData(Caller, "Root=1-5759e988-bd862e3fe1be46a99427279", "0af7651916cd43dd8448eb211c80319c", Caller, false)]
    [InlineData(null, "Root=1-5759e98g-bd862e3fe1be46a994272793", null, null, null)]
    [InlineData(null, "Root=1-00000000-000000000000000000000000", null, null, null)]
    [InlineData(null, "two words", null, null, null)]
    [InlineData("nonsense", null, null, null, null)]
    public void Header_and_traceparent_give_trace_parent_and_sampling_and_survive_being_stored(
        string? traceParent, string? header, string? trace, string? parent, bool? sampled)
    {
        TraceOrigin origin = TraceOrigin.Of(traceParent, header);
        TraceOrigin stored = TraceOrigin.Read(origin.ToStored());

        Assert.Equal(origin, stored);
        Assert.Equal(string.IsNullOrEmpty(header) ? null : header, stored.Header);
        Assert.Equal(trace, stored.TraceId?.ToString("x32", System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(parent, stored.Parent?.ToString());
        Assert.Equal(sampled, stored.Sampled);
    }
}
