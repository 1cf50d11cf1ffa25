using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;

namespace Lockstep.Cli.Telemetry;

/// <summary>
/// Tells the operator when a collector stops taking one kind of telemetry and when it takes it again: once each, not with every batch. Used by
/// one exporter, which sends one batch at a time.
/// </summary>
/// <param name="logger">The operator's log.</param>
/// <param name="what">What is delivered, such as <c>spans</c>.</param>
/// <param name="address">Where to.</param>
internal sealed partial class DeliveryWatch(ILogger logger, string what, Uri address)
{
    private string _reason = "";
    private bool _failing;

    /// <summary>The collector has answered a request.</summary>
    public void Answered(HttpStatusCode status) =>
        _reason = status == HttpStatusCode.OK ? "it refused them" : string.Create(CultureInfo.InvariantCulture, $"it answered {(int)status}");

    /// <summary>A request got no answer.</summary>
    public void Unanswered(HttpRequestError? error) => _reason = error is { } known ? known.ToString() : "no answer in time";

    /// <summary>A batch was delivered, or given up.</summary>
    public void Ended(bool delivered)
    {
        if (delivered == !_failing)
        {
            return;
        }

        _failing = !delivered;
        if (delivered)
        {
            LogDelivered(logger, what, address);
        }
        else
        {
            LogGivenUp(logger, what, address, _reason);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The collector does not take {What} at {Address}: {Reason}. They are lost until it does; executions go on. This is said once until then.")]
    private static partial void LogGivenUp(ILogger logger, string what, Uri address, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The collector takes {What} at {Address} again.")]
    private static partial void LogDelivered(ILogger logger, string what, Uri address);
}
