using System.Diagnostics;
using System.Globalization;
using System.Text;
using Lockstep.Bench.Floors;
using Lockstep.Bench.Running;
using Lockstep.Bench.Serving;
using Lockstep.Bench.Targets;

namespace Lockstep.Bench.Durable;

/// <summary>
/// Ten Task states in a row, each a call over loopback HTTP to a registered function, every result on disk before the next state starts. The
/// service is the real command in its own process; the function and the client that starts executions run in this one, on the same processors.
/// </summary>
internal static class DurableBenchmark
{
    private const int Steps = 10;
    private const int Starters = 8;
    private const string Machine = "ten-tasks";
    private const string Input = """{"order":"0f8fad5b-d9cb-469f-a165-70867728950e","items":[1,2,3]}""";

    public static Benchmark Create() => new(
        "durable",
        "steps/s and latency of ten durable Task states  [--seconds 10] [--warm-up 20] [--concurrent 128] [--alone 300] [--flush-delay 1]",
        ["--seconds", "0", "--warm-up", "0", "--concurrent", "4", "--alone", "3", "--flush-delay", "1", "--floor-rows", "200"],
        async (arguments, cancelled) =>
        {
            var size = new DurableSize(
                TimeSpan.FromSeconds(arguments.Count("seconds", 10)),
                TimeSpan.FromSeconds(arguments.Count("warm-up", 20)),
                arguments.Count("concurrent", 128),
                arguments.Count("alone", 300));
            int flushDelayMilliseconds = arguments.Count("flush-delay", 1);
            int floorRows = arguments.Count("floor-rows", 50_000);
            await RunAsync("Durable steps", size, 0, floorRows, cancelled);
            if (flushDelayMilliseconds > 0)
            {
                string title = string.Create(CultureInfo.InvariantCulture, $"Durable steps, every flush {flushDelayMilliseconds} ms longer");
                await RunAsync(title, size, flushDelayMilliseconds, 0, cancelled);
            }
        });

    private static async Task RunAsync(string title, DurableSize size, int flushDelayMilliseconds, int floorRows, CancellationToken cancelled)
    {
        Report.Title(title);
        using var slots = new SemaphoreSlim(size.Concurrent);
        await using var function = new LoopbackFunction(() => slots.Release());
        await using MeasuredService service = await MeasuredService.StartAsync(flushDelayMilliseconds, cancelled);
        await service.RegisterAsync("step", function.Url, cancelled);
        await service.RegisterAsync("last", function.LastUrl, cancelled);
        await service.CreateAsync(Machine, Definition(), cancelled);

        double perSecond = await MeasureThroughputAsync(service, function, slots, size, cancelled);
        await MeasureAloneAsync(service, slots, size.Alone, cancelled);
        int exitCode = await service.StopAsync(cancelled);
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"The service ended with exit code {exitCode}.");
        }

        if (floorRows > 0)
        {
            int bytesPerTurn = JournalSize.AverageTurnBytes(service.DatabasePath);
            Report.Figure("journal, bytes of a turn", bytesPerTurn, "bytes");
            foreach (int rowsPerCommit in (int[])[1, 10, 100])
            {
                int rows = Math.Min(floorRows, rowsPerCommit * 2_000);
                double floor = SqliteFloor.RowsPerSecond(rows, bytesPerTurn, rowsPerCommit);
                Report.Figure(string.Create(CultureInfo.InvariantCulture, $"floor: SQLite alone, {rowsPerCommit} such rows a commit"), floor, "rows/s");
                Report.Ratio("  that floor over the measured rate", floor / perSecond);
            }

            Report.Figure("floor: System.Text.Json reads and writes a step's payloads", JsonFloor.MicrosecondsPerStep(Input, floorRows), "us/step", "N2");
        }
    }

    /// <summary>Keeps so many executions open; a step is a call that the function has answered.</summary>
    private static async Task<double> MeasureThroughputAsync(
        MeasuredService service, LoopbackFunction function, SemaphoreSlim slots, DurableSize size, CancellationToken cancelled)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        long started = 0;
        byte[] request = MeasuredService.StartRequest(Machine, Input);
        Task[] starters = [.. Enumerable.Range(0, Starters).Select(_ => StartWhileAsync())];

        await Task.Delay(size.WarmUp, cancelled);
        long callsBefore = function.Calls;
        Load load = await Load.BeginAsync(service, cancelled);
        await Task.Delay(size.Duration, cancelled);
        long calls = Math.Max(1, function.Calls - callsBefore);
        double perSecond = await load.ReportAsync($"{size.Concurrent} executions at a time", "step", calls, calls, cancelled);
        await stop.CancelAsync();
        await Task.WhenAll(starters);
        await CheckAsync(service, function, started, cancelled);
        return perSecond;

        async Task StartWhileAsync()
        {
            using HttpConnection connection = await service.ConnectAsync(cancelled);
            try
            {
                while (true)
                {
                    await slots.WaitAsync(stop.Token);
                    int status = await connection.SendAsync(request, cancelled);
                    if (status != 201)
                    {
                        throw new InvalidOperationException($"The service answered {status}: {Encoding.UTF8.GetString(connection.Body.Span)}");
                    }

                    Interlocked.Increment(ref started);
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested && !cancelled.IsCancellationRequested)
            {
                // The time is up.
            }
        }
    }

    /// <summary>Waits until all have ended, and checks that each has called the function exactly ten times.</summary>
    private static async Task CheckAsync(MeasuredService service, LoopbackFunction function, long started, CancellationToken cancelled)
    {
        using HttpConnection connection = await service.ConnectAsync(cancelled);
        var ended = new EndedExecutions(connection);
        long count = 0;
        while (count < started)
        {
            count += await ended.ReadAsync(cancelled);
        }

        if (count != started || function.Calls != started * Steps)
        {
            throw new InvalidOperationException($"{started} executions were started, {count} ended and made {function.Calls} calls.");
        }
    }

    /// <summary>One execution at a time, from the request that starts it until the service shows its durable end.</summary>
    private static async Task MeasureAloneAsync(MeasuredService service, SemaphoreSlim slots, int count, CancellationToken cancelled)
    {
        var milliseconds = new List<double>(count);
        byte[] request = MeasuredService.StartRequest(Machine, Input);
        while (slots.Wait(0, cancelled))
        {
            // From here on the function alone gives places: one for each execution that has made its last call.
        }

        for (int run = 0; run < count; run++)
        {
            long begun = Stopwatch.GetTimestamp();
            string execution = await service.StartExecutionAsync(request, cancelled);
            await slots.WaitAsync(cancelled);
            await service.WaitForSuccessAsync(execution, cancelled);
            milliseconds.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }

        Report.Times("alone, all ten steps, start to durable end", milliseconds);
    }

    private static string Definition()
    {
        var text = new StringBuilder("""{"StartAt":"S0","States":{""");
        for (int step = 0; step < Steps; step++)
        {
            bool last = step == Steps - 1;
            text.Append(CultureInfo.InvariantCulture, $$"""
                {{(step == 0 ? "" : ",")}}"S{{step}}":{"Type":"Task","Resource":"arn:aws:lambda:local:000000000001:function:{{(last ? "last" : "step")}}","ResultPath":"$.result",{{(last ? "\"End\":true" : $"\"Next\":\"S{step + 1}\"")}}}
                """);
        }

        return text.Append("}}").ToString();
    }

    private sealed record DurableSize(TimeSpan Duration, TimeSpan WarmUp, int Concurrent, int Alone);
}
