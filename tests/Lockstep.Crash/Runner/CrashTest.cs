using System.Diagnostics;
using Lockstep.Embedded.Committing;
using Lockstep.Embedded.Hosting;
using Lockstep.Service.StateMachines;

namespace Lockstep.Crash.Runner;

/// <summary>How a round ends.</summary>
public enum KillAt
{
    /// <summary>At a random moment, from outside.</summary>
    RandomMoment,

    /// <summary>With a batch applied and not committed.</summary>
    BeforeCommit,

    /// <summary>With a batch on disk that nobody knows of yet.</summary>
    AfterCommit,

    /// <summary>With an effect carried out and its outcome not recorded.</summary>
    AfterEffect,
}

/// <summary>What a run of the crash test found.</summary>
/// <param name="Kills">How often the worker died in each window.</param>
/// <param name="Executions">Executions whose start was acknowledged.</param>
/// <param name="Calls">Calls that the targets saw.</param>
/// <param name="RepeatedKeys">Idempotency keys that they saw more than once.</param>
/// <param name="TracedAcknowledgements">Acknowledgements whose flush the trace shows before them.</param>
/// <param name="Problems">Everything that should not be; empty when the test passed.</param>
public sealed record CrashReport(
    IReadOnlyDictionary<KillAt, int> Kills, int Executions, int Calls, int RepeatedKeys, int TracedAcknowledgements, IReadOnlyList<string> Problems);

/// <summary>
/// Rounds of load, SIGKILL, restart. After each kill a copy of the data folder is compared with everything that was acknowledged or seen
/// outside; after the last round all executions are let run to their end and compared again.
/// </summary>
public sealed class CrashTest : IDisposable
{
    private const int StartsPerRound = 14;
    private static readonly KillAt[] _windows = Enum.GetValues<KillAt>();

    private readonly string _dataFolder = Directory.CreateTempSubdirectory("lockstep-crash-").FullName;
    private readonly TargetServer _target = TargetServer.Start();
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly Random _random;
    private readonly Book _book = new();
    private readonly Dictionary<KillAt, int> _kills = [];
    private readonly List<string> _problems = [];
    private readonly TextWriter _output;
    private readonly bool _printTrace;
    private int _traced;
    private int _names;
    private int _lives;

    private CrashTest(int seed, TextWriter output, bool printTrace)
    {
        // Which moments are hit differs from run to run all the same; the seed only repeats the choices.
        _random = new Random(seed);
        _output = output;
        _printTrace = printTrace;
        _target.Seen = call =>
        {
            if (call.Token is not null)
            {
                _book.Tokens.TryAdd(call.Token, call.Execution);
            }
        };
    }

    /// <summary>Runs so many rounds, the windows in turn, and reports.</summary>
    public static async Task<CrashReport> RunAsync(int rounds, int seed, TextWriter output, bool printTrace)
    {
        using var test = new CrashTest(seed, output, printTrace);
        await test.PrepareAsync();
        for (int round = 0; round < rounds && test._problems.Count == 0; round++)
        {
            await test.RoundAsync(round, _windows[round % _windows.Length]);
        }

        await test.SettleAsync();
        return new CrashReport(
            test._kills,
            test._book.Acknowledged.Count,
            test._target.Count,
            test._target.Calls.GroupBy(call => call.Key).Count(key => key.Count() > 1),
            test._traced,
            test._problems);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _target.Dispose();
        Directory.Delete(_dataFolder, recursive: true);
    }

    private async Task PrepareAsync()
    {
        var setup = new EmbeddedSetup(new EmbeddedOptions(), TimeProvider.System, Composition.Compile);
        await using Composition composition = await Composition.OpenAsync(_dataFolder, setup, start: false);
        foreach ((string name, string definition) in Workload.Machines)
        {
            var created = await composition.Service.StateMachines.CreateAsync(
                Composition.Tenant, new CreateStateMachineRequest(name, definition), CancellationToken.None);
            if (!created.Succeeded)
            {
                throw new InvalidOperationException($"{name}: {created.Error.Message}");
            }
        }

        var put = await composition.Service.Functions.PutAsync(Composition.Tenant, "add", _target.Url, CancellationToken.None);
        var activity = await composition.Service.Activities.CreateAsync(Composition.Tenant, Workload.ActivityName, CancellationToken.None);
        if (!put.Succeeded || !activity.Succeeded)
        {
            throw new InvalidOperationException(put.Error?.Message ?? activity.Error?.Message);
        }
    }

    private async Task RoundAsync(int round, KillAt window)
    {
        string? failpoint = window == KillAt.RandomMoment ? null : $"{Enum.Parse<Failpoint>(window.ToString())}:{_random.Next(1, 20)}";
        using WorkerProcess worker = await WorkerProcess.StartAsync(_dataFolder, failpoint, trace: true, ++_lives);
        Task load = LoadAsync(worker);
        if (window == KillAt.RandomMoment)
        {
            await Task.WhenAny(worker.Exit, Task.Delay(TimeSpan.FromMilliseconds(_random.Next(1, 1_000)), _time));
        }
        else
        {
            // A failpoint that is never reached is no reason to wait for ever; the round then counts as one at a random moment.
            await Task.WhenAny(worker.Exit, Task.Delay(TimeSpan.FromSeconds(10), _time));
        }

        bool hit = window == KillAt.RandomMoment || worker.Exit.IsCompleted;
        worker.Kill();
        await worker.Exit;
        await load;
        _kills[hit ? window : KillAt.RandomMoment] = _kills.GetValueOrDefault(hit ? window : KillAt.RandomMoment) + 1;
        CheckTrace(worker);
        _problems.AddRange(await Inspection.OfCopyAsync(_dataFolder, _book, [.. _target.Calls]));
        await _output.WriteLineAsync(
            $"round {round + 1}: killed {(hit ? window : KillAt.RandomMoment)}{(failpoint is null ? "" : $" ({failpoint})")}, "
            + $"{_book.Acknowledged.Count} executions acknowledged, {_target.Count} calls seen, {_problems.Count} problems");
    }

    private async Task LoadAsync(WorkerProcess worker)
    {
        List<Task> tasks = [Task.Run(() => ReportAsync(worker)), Task.Run(() => WorkAsync(worker))];
        for (int index = 0; index < StartsPerRound; index++)
        {
            string machine = Workload.Machines[_random.Next(Workload.Machines.Count)].Name;
            var wanted = new Wanted(machine, $"e{++_names}", _random.Next(1_000));
            tasks.Add(StartAsync(worker, wanted));
        }

        await Task.WhenAll(tasks);
    }

    private async Task StartAsync(WorkerProcess worker, Wanted wanted)
    {
        string[]? answer = await worker.AskAsync("start", wanted.Machine, wanted.Name, Workload.InputOf(wanted.Machine, wanted.Seed));
        if (answer is ["ok", ..])
        {
            _book.Acknowledged[wanted.Id] = wanted;
        }
        else if (answer is not null)
        {
            throw new InvalidOperationException($"The start of {wanted.Id} was refused: {string.Join(' ', answer)}");
        }
    }

    /// <summary>Reports the outcomes of callbacks until the worker is gone.</summary>
    private async Task ReportAsync(WorkerProcess worker)
    {
        while (!worker.Exit.IsCompleted)
        {
            foreach ((string token, string execution) in _book.Tokens)
            {
                await ReportAsync(worker, token, execution);
            }

            await Task.WhenAny(worker.Exit, Task.Delay(TimeSpan.FromMilliseconds(20), _time));
        }
    }

    private async Task ReportAsync(WorkerProcess worker, string token, string execution)
    {
        string[]? answer = await worker.AskAsync("succeed", token, "\"reported\"");
        if (answer is ["ok", ..])
        {
            _book.Reported[execution] = true;
            _book.Tokens.TryRemove(token, out _);
        }
        else if (answer is ["refused", "TaskTimedOut"])
        {
            // An answer of ours was durable, and got lost with the worker.
            _book.Tokens.TryRemove(token, out _);
        }
    }

    /// <summary>A worker of the activity: polls and reports until the process is gone.</summary>
    private static async Task WorkAsync(WorkerProcess worker)
    {
        while (!worker.Exit.IsCompleted)
        {
            string[]? answer = await worker.AskAsync("poll", Workload.ActivityName);
            if (answer is ["ok", not "none", _])
            {
                await worker.AskAsync("succeed", answer[1], "\"reported\"");
            }
        }
    }

    /// <summary>Each acknowledgement names the batch that it waited for, and that batch was flushed before.</summary>
    private void CheckTrace(WorkerProcess worker)
    {
        long flushed = 0;
        foreach (string[] line in worker.Trace)
        {
            if (_printTrace)
            {
                _output.WriteLine(string.Join(' ', line));
            }

            long batch = long.Parse(line[2], System.Globalization.CultureInfo.InvariantCulture);
            if (line[1] == "flushed")
            {
                flushed = batch;
            }
            else if (batch > flushed || batch == 0)
            {
                _problems.Add($"{line[3]}: acknowledged with batch {batch}, when only batch {flushed} was flushed.");
            }
            else
            {
                _traced++;
            }
        }
    }

    private async Task SettleAsync()
    {
        long began = Stopwatch.GetTimestamp();
        using (WorkerProcess worker = await WorkerProcess.StartAsync(_dataFolder, failpoint: null, trace: false, ++_lives))
        {
            Task load = Task.WhenAll(Task.Run(() => ReportAsync(worker)), Task.Run(() => WorkAsync(worker)));
            await Task.WhenAny(
                Task.WhenAll(_book.Acknowledged.Values.Select(wanted => worker.AskAsync("await", wanted.Id))),
                worker.Exit,
                Task.Delay(TimeSpan.FromSeconds(60), _time));
            await worker.QuitAsync();
            await load;
        }

        var setup = new EmbeddedSetup(new EmbeddedOptions(), TimeProvider.System, Composition.Compile);
        await using Composition composition = await Composition.OpenAsync(_dataFolder, setup, start: false);
        _problems.AddRange(await new Inspection(composition, _book, [.. _target.Calls]).RunAsync(final: true));
        await _output.WriteLineAsync($"settled after {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
    }
}
