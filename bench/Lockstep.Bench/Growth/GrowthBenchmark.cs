using System.Diagnostics;
using System.Globalization;
using System.Text;
using Lockstep.Bench.InMemory;
using Lockstep.Bench.Running;
using Lockstep.Bench.Serving;
using Lockstep.Bench.Starting;
using Lockstep.Bench.Targets;

namespace Lockstep.Bench.Growth;

/// <summary>
/// Whether cost stays what it was when things get large, on the durable driver: an item of a wide Map against one of a narrow Map, each item a
/// call of a function; and a start beside many finished executions against a start in an empty store.
/// </summary>
internal static class GrowthBenchmark
{
    private const int FewItems = 100;
    private const int Connections = 64;
    private const string Input = """{"order":"0f8fad5b-d9cb-469f-a165-70867728950e","items":[1,2,3]}""";

    public static Benchmark Create() => new(
        "growth",
        "cost of an item in a wide durable Map, and of a start in a full store  [--items 10000] [--executions 1000000] [--alone 1000]",
        ["--items", "200", "--executions", "50", "--alone", "3"],
        async (arguments, cancelled) =>
        {
            await CompareMapsAsync(arguments.Count("items", 10_000), cancelled);
            await CompareStartsAsync(arguments.Count("executions", 1_000_000), arguments.Count("alone", 1_000), cancelled);
        });

    private static async Task CompareMapsAsync(int manyItems, CancellationToken cancelled)
    {
        Report.Title("Growth: items of a Map, each a durable call");
        await using var function = new LoopbackFunction();
        await using MeasuredService service = await MeasuredService.StartAsync(0, cancelled);
        await service.RegisterAsync("f", function.Url, cancelled);
        await service.CreateAsync("map", InMemoryMachines.MapOfTasks, cancelled);
        int rounds = Math.Max(1, manyItems / FewItems);
        await RunMapsAsync(service, FewItems, rounds, null, cancelled);
        await RunMapsAsync(service, manyItems, 1, null, cancelled);
        (double narrowTime, double narrowCpu) = await RunMapsAsync(service, FewItems, rounds, "Map of 100", cancelled);
        (double wideTime, double wideCpu) = await RunMapsAsync(
            service, manyItems, 1, string.Create(CultureInfo.InvariantCulture, $"Map of {manyItems:N0}"), cancelled);
        Report.Ratio("time of an item, wide over narrow", wideTime / narrowTime);
        Report.Ratio("processor time of an item, wide over narrow", wideCpu / narrowCpu);
    }

    private static async Task<(double Time, double Cpu)> RunMapsAsync(
        MeasuredService service, int items, int rounds, string? label, CancellationToken cancelled)
    {
        byte[] request = MeasuredService.StartRequest("map", Numbers(items));
        ServiceCounters before = await service.CountersAsync(cancelled);
        long begun = Stopwatch.GetTimestamp();
        for (int round = 0; round < rounds; round++)
        {
            await service.WaitForSuccessAsync(await service.StartExecutionAsync(request, cancelled), cancelled);
        }

        double time = Stopwatch.GetElapsedTime(begun).TotalMicroseconds / (items * rounds);
        double cpu = (await service.CountersAsync(cancelled) - before).Cpu.TotalMicroseconds / (items * rounds);
        if (label is not null)
        {
            Report.Figure(label + ", time", time, "us/item", "N1");
            Report.Figure(label + ", processor time of the service", cpu, "us/item", "N1");
        }

        return (time, cpu);
    }

    private static async Task CompareStartsAsync(int executions, int alone, CancellationToken cancelled)
    {
        Report.Title("Growth: starts beside finished executions");
        await using MeasuredService service = await MeasuredService.StartAsync(0, cancelled);
        await service.CreateAsync("one-pass", InMemoryMachines.Chain(1), cancelled);
        var clients = new StartClients(service, MeasuredService.StartRequest("one-pass", Input));
        await clients.StartManyAsync(Connections, Math.Min(executions, 20_000), cancelled);
        List<double> few = await clients.StartAloneAsync(alone, cancelled);
        Report.Times(string.Create(CultureInfo.InvariantCulture, $"a start beside {clients.Acknowledged:N0}"), few);
        Load load = await Load.BeginAsync(service, cancelled);
        long filled = await clients.StartManyAsync(Connections, executions, cancelled);
        await load.ReportAsync("filling", "start", filled, filled, cancelled);
        List<double> many = await clients.StartAloneAsync(alone, cancelled);
        Report.Times(string.Create(CultureInfo.InvariantCulture, $"a start beside {clients.Acknowledged:N0}"), many);
        Report.Ratio("median of a start, full over empty", Median(many) / Median(few));
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Numbers(int count)
    {
        var text = new StringBuilder("[");
        for (int item = 0; item < count; item++)
        {
            text.Append(item == 0 ? "" : ",").Append(item.ToString(CultureInfo.InvariantCulture));
        }

        return text.Append(']').ToString();
    }
}
