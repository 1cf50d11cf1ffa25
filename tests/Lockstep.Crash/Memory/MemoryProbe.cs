using System.Diagnostics;
using System.Globalization;
using Lockstep.Crash.Runner;
using Lockstep.Embedded.Hosting;
using Lockstep.Service.StateMachines;

namespace Lockstep.Crash.Memory;

/// <summary>
/// Measures a process in which many executions wait for a callback: how long a restart after SIGKILL takes until it listens, and how much memory it
/// holds while all of them are answered at 1,000 a second.
/// </summary>
public static class MemoryProbe
{
    private const int AnswersPerSecond = 1_000;
    private const int ConcurrentStarts = 256;
    private const string Machine = "callback";

    /// <summary>Runs the measurement and prints its figures.</summary>
    /// <param name="executions">How many wait.</param>
    /// <returns>0 when every one was answered, else 1.</returns>
    public static async Task<int> RunAsync(int executions)
    {
        string dataFolder = Directory.CreateTempSubdirectory("lockstep-memory-").FullName;
        try
        {
            await CreateMachineAsync(dataFolder);
            string[] tokens = await FillAsync(dataFolder, executions);
            return await AnswerAsync(dataFolder, tokens);
        }
        finally
        {
            Directory.Delete(dataFolder, recursive: true);
        }
    }

    private static async Task CreateMachineAsync(string dataFolder)
    {
        var setup = new EmbeddedSetup(new EmbeddedOptions(), TimeProvider.System, Composition.Compile);
        await using Composition composition = await Composition.OpenAsync(dataFolder, setup, start: false);
        string definition = Workload.Machines.First(machine => machine.Name == Machine).Definition;
        await composition.Service.StateMachines.CreateAsync(
            Composition.Tenant, new CreateStateMachineRequest(Machine, definition), CancellationToken.None);
    }

    /// <summary>Starts the executions, lets them leave memory, and kills the process.</summary>
    private static async Task<string[]> FillAsync(string dataFolder, int executions)
    {
        using WorkerProcess worker = await WorkerProcess.StartAsync(dataFolder, failpoint: null, trace: false, life: 0, "memory-worker");
        long began = Stopwatch.GetTimestamp();
        int next = 0;
        await Task.WhenAll(Enumerable.Range(0, ConcurrentStarts).Select(async _ =>
        {
            for (int number = Interlocked.Increment(ref next); number <= executions; number = Interlocked.Increment(ref next))
            {
                await worker.AskAsync("start", Machine, $"e{number}", Workload.InputOf(Machine, number));
            }
        }));
        Print($"started {executions} executions in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s; {Megabytes(worker.ResidentBytes)} MB");

        TimeProvider time = TimeProvider.System;
        string[]? resident;
        do
        {
            await Task.Delay(TimeSpan.FromSeconds(1), time);
            resident = await worker.AskAsync("resident");
        }
        while (resident is ["ok", not "0"]);
        Print($"all are out of memory after {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s; {Megabytes(worker.ResidentBytes)} MB");
        worker.Kill();
        await worker.Exit;
        return [.. worker.Tokens];
    }

    private static async Task<int> AnswerAsync(string dataFolder, string[] tokens)
    {
        long began = Stopwatch.GetTimestamp();
        using WorkerProcess worker = await WorkerProcess.StartAsync(dataFolder, failpoint: null, trace: false, life: 0, "memory-worker");
        double listening = Stopwatch.GetElapsedTime(began).TotalSeconds;
        Print($"listening {listening:0.00} s after the restart with {tokens.Length} executions waiting");

        TimeProvider time = TimeProvider.System;
        long highest = 0;
        int accepted = 0;
        List<Task> answers = [];
        began = Stopwatch.GetTimestamp();
        for (int sent = 0; sent < tokens.Length;)
        {
            int due = Math.Min(tokens.Length, (int)(Stopwatch.GetElapsedTime(began).TotalSeconds * AnswersPerSecond) + 1);
            for (; sent < due; sent++)
            {
                answers.Add(AnswerOneAsync(tokens[sent]));
            }

            highest = Math.Max(highest, worker.ResidentBytes);
            await Task.Delay(TimeSpan.FromMilliseconds(20), time);
        }

        await Task.WhenAll(answers);
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        Print($"answered {accepted} of {tokens.Length} in {seconds:0.0} s, {accepted / seconds:0} a second; at most {Megabytes(highest)} MB");
        await worker.QuitAsync();
        return accepted == tokens.Length ? 0 : 1;

        async Task AnswerOneAsync(string token)
        {
            if (await worker.AskAsync("succeed", token, "\"reported\"") is ["ok", ..])
            {
                Interlocked.Increment(ref accepted);
            }
        }
    }

    private static string Megabytes(long bytes) => (bytes / (1024 * 1024)).ToString(CultureInfo.InvariantCulture);

    private static void Print(FormattableString text) => Console.WriteLine(FormattableString.Invariant(text));
}
