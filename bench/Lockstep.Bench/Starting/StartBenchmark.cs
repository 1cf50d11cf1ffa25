using Lockstep.Bench.Floors;
using Lockstep.Bench.InMemory;
using Lockstep.Bench.Running;
using Lockstep.Bench.Serving;

namespace Lockstep.Bench.Starting;

/// <summary>
/// Executions of ten Pass states started over HTTP, each acknowledged only when it is durable. A connection sends its next start when the one
/// before is acknowledged. The execution ends in its first turn, so its whole history is in the same commit.
/// </summary>
internal static class StartBenchmark
{
    private const int States = 10;
    private const string Machine = "ten-passes";
    private const string Input = """{"order":"0f8fad5b-d9cb-469f-a165-70867728950e","items":[1,2,3]}""";

    public static Benchmark Create() => new(
        "start",
        "executions/s started over HTTP  [--seconds 10] [--warm-up 20] [--connections 64] [--alone 1000]",
        ["--seconds", "0", "--warm-up", "0", "--connections", "4", "--alone", "3", "--floor-rows", "200"],
        (arguments, cancelled) => RunAsync(
            TimeSpan.FromSeconds(arguments.Count("seconds", 10)),
            TimeSpan.FromSeconds(arguments.Count("warm-up", 20)),
            arguments.Count("connections", 64),
            arguments.Count("alone", 1_000),
            arguments.Count("floor-rows", 50_000),
            cancelled));

    private static async Task RunAsync(
        TimeSpan duration, TimeSpan warmUp, int connections, int alone, int floorRows, CancellationToken cancelled)
    {
        Report.Title("Executions of ten Pass states started over HTTP");
        await using MeasuredService service = await MeasuredService.StartAsync(0, cancelled);
        await service.CreateAsync(Machine, InMemoryMachines.Chain(States), cancelled);
        byte[] request = MeasuredService.StartRequest(Machine, Input);
        var clients = new StartClients(service, request);

        Task<long> starting = clients.StartUntilAsync(connections, warmUp + duration, cancelled);
        await Task.Delay(warmUp, cancelled);
        long before = clients.Acknowledged;
        Load load = await Load.BeginAsync(service, cancelled);
        await Task.WhenAny(starting, Task.Delay(duration, cancelled));
        long count = Math.Max(1, clients.Acknowledged - before);
        double perSecond = await load.ReportAsync($"{connections} connections", "start", count, count * States, cancelled);
        long started = await starting;
        Report.Times("alone, request to durable acknowledgement", await clients.StartAloneAsync(alone, cancelled));
        await CheckAsync(service, started + alone, cancelled);
        await service.StopAsync(cancelled);

        int bytesPerTurn = JournalSize.AverageTurnBytes(service.DatabasePath);
        Report.Figure("journal, bytes of an execution", bytesPerTurn, "bytes");
        foreach (int rowsPerCommit in (int[])[10, 100])
        {
            double floor = SqliteFloor.RowsPerSecond(Math.Min(floorRows, rowsPerCommit * 2_000), bytesPerTurn, rowsPerCommit);
            Report.Figure($"floor: SQLite alone, {rowsPerCommit} such rows a commit", floor, "rows/s");
            Report.Ratio("  that floor over the measured rate", floor / perSecond);
        }

        Report.Figure(
            "floor: System.Text.Json reads and writes the body", JsonFloor.MicrosecondsPerStart($$"""{"input":{{Input}}}""", floorRows), "us/start", "N2");
    }

    private static async Task CheckAsync(MeasuredService service, long started, CancellationToken cancelled)
    {
        using HttpConnection connection = await service.ConnectAsync(cancelled);
        var ended = new EndedExecutions(connection);
        int count = await ended.ReadAsync(cancelled);
        if (count != started)
        {
            throw new InvalidOperationException($"{started} starts were acknowledged and {count} executions have ended.");
        }
    }
}
