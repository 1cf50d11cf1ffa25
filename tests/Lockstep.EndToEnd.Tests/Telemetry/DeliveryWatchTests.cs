using System.Net;
using Lockstep.Cli.Telemetry;

namespace Lockstep.EndToEnd.Tests.Telemetry;

/// <summary>An outage of the collector is one line at its beginning and one at its end.</summary>
public sealed class DeliveryWatchTests
{
    private readonly LogLines _lines = new();

    [Fact]
    public void Outage_is_told_once_with_its_reason_and_so_is_its_end()
    {
        var watch = new DeliveryWatch(_lines, "spans", new Uri("http://127.0.0.1:4318/v1/traces"));
        watch.Answered(HttpStatusCode.OK);
        watch.Ended(delivered: true);
        Assert.Empty(_lines.Written);

        watch.Answered(HttpStatusCode.Unauthorized);
        watch.Ended(delivered: false);
        watch.Unanswered(HttpRequestError.ConnectionError);
        watch.Ended(delivered: false);
        string warning = Assert.Single(_lines.Written);
        Assert.Contains("does not take spans at http://127.0.0.1:4318/v1/traces: it answered 401.", warning, StringComparison.Ordinal);

        watch.Ended(delivered: true);
        watch.Ended(delivered: true);
        Assert.Equal(2, _lines.Written.Count);

        watch.Unanswered(null);
        watch.Ended(delivered: false);
        Assert.Equal(3, _lines.Written.Count);
        Assert.Contains("no answer in time", _lines.Written[^1], StringComparison.Ordinal);
    }
}
