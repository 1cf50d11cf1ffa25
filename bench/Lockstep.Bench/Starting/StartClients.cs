using System.Diagnostics;
using System.Text;
using Lockstep.Bench.Serving;

namespace Lockstep.Bench.Starting;

/// <summary>Connections that start executions, each one after another.</summary>
internal sealed class StartClients(MeasuredService service, byte[] request)
{
    private long _acknowledged;

    /// <summary>Starts that were acknowledged so far.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>Starts on so many connections until the time is up; gives the starts made, at least one a connection.</summary>
    public Task<long> StartUntilAsync(int connections, TimeSpan duration, CancellationToken cancelled)
    {
        long begun = Stopwatch.GetTimestamp();
        return StartWhileAsync(connections, () => Stopwatch.GetElapsedTime(begun) < duration, cancelled);
    }

    /// <summary>Starts at least so many on so many connections.</summary>
    public Task<long> StartManyAsync(int connections, long count, CancellationToken cancelled)
    {
        long taken = connections;
        return StartWhileAsync(connections, () => Interlocked.Increment(ref taken) <= count, cancelled);
    }

    /// <summary>Starts one after another on one connection; gives the time of each in milliseconds.</summary>
    public async Task<List<double>> StartAloneAsync(int count, CancellationToken cancelled)
    {
        using HttpConnection connection = await service.ConnectAsync(cancelled);
        var milliseconds = new List<double>(count);
        for (int start = 0; start < count; start++)
        {
            long begun = Stopwatch.GetTimestamp();
            await StartOneAsync(connection, cancelled);
            milliseconds.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }

        return milliseconds;
    }

    private async Task<long> StartWhileAsync(int connections, Func<bool> goesOn, CancellationToken cancelled)
    {
        long before = Acknowledged;
        await Task.WhenAll(Enumerable.Range(0, connections).Select(async _ =>
        {
            using HttpConnection connection = await service.ConnectAsync(cancelled);
            do
            {
                await StartOneAsync(connection, cancelled);
            }
            while (goesOn());
        }));
        return Acknowledged - before;
    }

    private async ValueTask StartOneAsync(HttpConnection connection, CancellationToken cancelled)
    {
        int status = await connection.SendAsync(request, cancelled);
        if (status != 201)
        {
            throw new InvalidOperationException($"The service answered {status}: {Encoding.UTF8.GetString(connection.Body.Span)}");
        }

        Interlocked.Increment(ref _acknowledged);
    }
}
