using System.Globalization;
using System.Text;

namespace Lockstep.Bench.Serving;

/// <summary>Follows the execution events and counts the executions that have ended, which all have to have succeeded.</summary>
internal sealed class EndedExecutions(HttpConnection connection)
{
    private long _lastSequence;

    /// <summary>Reads on until there is nothing new; gives how many have ended since the last call.</summary>
    public async Task<int> ReadAsync(CancellationToken cancelled)
    {
        int ended = 0;
        while (true)
        {
            byte[] request = MeasuredService.Request(
                "GET", string.Create(CultureInfo.InvariantCulture, $"/v1/events?after={_lastSequence}&pageSize=1000"));
            int status = await connection.SendAsync(request, cancelled);
            if (status != 200)
            {
                throw new InvalidOperationException($"The service answered {status}: {Encoding.UTF8.GetString(connection.Body.Span)}");
            }

            int succeeded = connection.Body.Span.Count("\"lockstep.execution.succeeded\""u8);
            int all = connection.Body.Span.Count("\"lockstep.execution."u8);
            int started = connection.Body.Span.Count("\"lockstep.execution.started\""u8);
            if (succeeded + started != all)
            {
                throw new InvalidOperationException("An execution has not succeeded.");
            }

            ended += succeeded;
            if (all == 0)
            {
                return ended;
            }

            _lastSequence = LastSequence(connection.Body.Span);
        }
    }

    private static long LastSequence(ReadOnlySpan<byte> batch)
    {
        ReadOnlySpan<byte> name = "\"sequence\":\""u8;
        ReadOnlySpan<byte> rest = batch[(batch.LastIndexOf(name) + name.Length)..];
        return long.Parse(rest[..rest.IndexOf((byte)'"')], CultureInfo.InvariantCulture);
    }
}
