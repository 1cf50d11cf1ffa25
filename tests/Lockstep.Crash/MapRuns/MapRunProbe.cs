using System.Diagnostics;
using System.Globalization;
using System.Text;
using Lockstep.Crash.Runner;
using Lockstep.Embedded.Hosting;
using Lockstep.Service.Objects;
using Lockstep.Service.StateMachines;

namespace Lockstep.Crash.MapRuns;

/// <summary>
/// A distributed Map with many items, each a Standard execution that waits, calls and ends, with results written to objects. First a tenth of the items for the
/// memory that they take, then all of them, with a SIGKILL in the middle; watched all the while, and gone over item by item afterwards.
/// </summary>
public static class MapRunProbe
{
    /// <summary>Peak memory with ten times the items over that with one, as it is asked for.</summary>
    private const double AskedRatio = 1.2;

    private const string Machine = "each";

    /// <summary>Runs the measurement and prints its figures.</summary>
    /// <param name="items">Items of the larger map run.</param>
    /// <param name="inFlight">Children that run at a time.</param>
    /// <param name="waitSeconds">How long each child waits before it calls.</param>
    /// <param name="alone">Whether to leave out the smaller map run.</param>
    /// <returns>0 when no item is lost and none that had finished is repeated, else 1.</returns>
    public static async Task<int> RunAsync(int items, int inFlight, int waitSeconds, bool alone)
    {
        List<string> problems = [];
        long few = alone ? 0 : await RunOneAsync(items / 10, inFlight, waitSeconds, killed: false, problems);
        long many = await RunOneAsync(items, inFlight, waitSeconds, killed: true, problems);
        if (!alone)
        {
            Print($"peak memory, ten times the items over one: {(double)many / few:0.00} x (asked: {AskedRatio} x)");
        }

        foreach (string problem in problems.Take(20))
        {
            Console.WriteLine($"PROBLEM {problem}");
        }

        Console.WriteLine(problems.Count == 0 ? "passed" : $"{problems.Count} problems");
        return problems.Count == 0 ? 0 : 1;
    }

    /// <summary>Runs one map run to its end; answers with the most memory that a process of it has held, in bytes.</summary>
    private static async Task<long> RunOneAsync(int items, int inFlight, int waitSeconds, bool killed, List<string> problems)
    {
        string dataFolder = Directory.CreateTempSubdirectory("lockstep-map-run-").FullName;
        try
        {
            Print($"{items:N0} items, at most {inFlight:N0} at a time");
            await PrepareAsync(dataFolder, items, inFlight, waitSeconds);
            var account = new MapRunAccount(items, problems);
            long peak = 0;
            if (killed)
            {
                peak = await LiveAsync(dataFolder, account, life: 0, until: items / 2);
                await InspectAsync(dataFolder, account.RememberFinishedAsync);
            }

            peak = Math.Max(peak, await LiveAsync(dataFolder, account, life: killed ? 1 : 0, until: null));
            await InspectAsync(dataFolder, account.CheckAsync);
            Print($"  peak memory {peak / (1024 * 1024)} MiB; at most {account.MostRunning:N0} running, {account.Repeated:N0} calls repeated");
            return peak;
        }
        finally
        {
            Directory.Delete(dataFolder, recursive: true);
        }
    }

    private static async Task PrepareAsync(string dataFolder, int items, int inFlight, int waitSeconds)
    {
        string wait = string.Create(CultureInfo.InvariantCulture, $$"""{"Type":"Wait","Seconds":{{waitSeconds}},"Next":"Call"}""");
        string definition = $$"""
            {"StartAt":"Each","States":{"Each":{"Type":"Map","Label":"each","MaxConcurrency":{{inFlight.ToString(CultureInfo.InvariantCulture)}},"End":true,
              "ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Parameters":{"Bucket":"data","Key":"items.jsonl"},"ReaderConfig":{"InputType":"JSONL"} },
              "ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"data","Prefix":"results"},"WriterConfig":{"Transformation":"COMPACT"} },
              "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"Wait","States":{"Wait":{{wait}},
                "Call":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:000000000001:function:f","End":true} } } } } }
            """;
        var lines = new StringBuilder();
        for (int item = 0; item < items; item++)
        {
            lines.Append(CultureInfo.InvariantCulture, $"{item}\n");
        }

        await InspectAsync(dataFolder, async composition =>
        {
            await composition.Service.StateMachines.CreateAsync(
                Composition.Tenant, new CreateStateMachineRequest(Machine, definition), CancellationToken.None);
            await composition.Host.Objects.PutAsync(
                new ObjectPlace(Composition.Tenant, "data", "items.jsonl"),
                "application/jsonl",
                new MemoryStream(Encoding.UTF8.GetBytes(lines.ToString()), writable: false),
                CancellationToken.None);
        });
    }

    /// <summary>Opens the folder without running anything in it.</summary>
    private static async Task InspectAsync(string dataFolder, Func<Composition, Task> look)
    {
        var setup = new EmbeddedSetup(new EmbeddedOptions(), TimeProvider.System, Composition.Compile);
        await using Composition composition = await Composition.OpenAsync(dataFolder, setup, start: false);
        await look(composition);
    }

    /// <summary>One life of the process: starts the execution or finds it, and watches it to its end, or until so many items have succeeded and it is killed.</summary>
    private static async Task<long> LiveAsync(string dataFolder, MapRunAccount account, int life, int? until)
    {
        TimeProvider time = TimeProvider.System;
        TimeSpan pause = TimeSpan.FromMilliseconds(account.Items < 10_000 ? 20 : 500);
        using WorkerProcess worker = await WorkerProcess.StartAsync(dataFolder, failpoint: null, trace: false, life, "map-run-worker");
        worker.ItemCalled = life == 0 ? account.Called : account.CalledAgain;
        long began = Stopwatch.GetTimestamp();
        double printed = 0;
        await worker.AskAsync("start", Machine, "e", "{}");
        Task<string[]?> end = until is null ? worker.AskAsync("await", MapRunAccount.Execution) : worker.Exit.ContinueWith(_ => (string[]?)null, TaskScheduler.Default);
        while (!end.IsCompleted && await worker.AskAsync("progress", MapRunAccount.Execution) is ["ok", string running, string succeeded])
        {
            account.Watch(running, succeeded);
            if (account.Succeeded >= until)
            {
                break;
            }

            double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            if (seconds - printed >= 10)
            {
                printed = seconds;
                Print($"  {seconds:0} s: {running} running, {account.Succeeded:N0} succeeded, {worker.PeakBytes / (1024 * 1024)} MiB at most");
            }

            await Task.WhenAny(end, Task.Delay(pause, time));
        }

        long peak = worker.PeakBytes;
        double lasted = Stopwatch.GetElapsedTime(began).TotalSeconds;
        if (until is null)
        {
            account.Ended(await end);
            await worker.QuitAsync();
            Print($"  ended after {lasted:0.0} s");
        }
        else
        {
            worker.Kill();
            await worker.Exit;
            Print($"  killed after {lasted:0.0} s, {account.Succeeded:N0} were seen to have succeeded; {account.Succeeded / lasted:0} a second");
        }

        return peak;
    }

    private static void Print(FormattableString text) => Console.WriteLine(FormattableString.Invariant(text));
}
