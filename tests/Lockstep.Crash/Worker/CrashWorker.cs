using System.Globalization;
using Lockstep.Embedded.Hosting;
using Lockstep.Engine;
using Lockstep.Engine.MapRuns;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.MapRuns;
using Lockstep.Service.Paging;
using Lockstep.Service.Targets;

namespace Lockstep.Crash.Worker;

/// <summary>
/// The process that is killed: a composed service that takes commands on standard input, one a line, and answers each on standard output
/// with the number that it came with. An answer <c>ok</c> is an acknowledgement: what it is about must survive.
/// </summary>
internal sealed class CrashWorker
{
    private readonly Composition _composition;
    private readonly LineOutput _output;

    private CrashWorker(Composition composition, LineOutput output)
    {
        _composition = composition;
        _output = output;
    }

    public static async Task<int> RunAsync(string dataFolder, EmbeddedOptions options, bool trace, int life, Func<LineOutput, ITaskTargets, ITaskTargets>? targets = null)
    {
        var output = new LineOutput();
        var setup = new EmbeddedSetup(options, TimeProvider.System, Composition.Compile)
        {
            Failpoints = new EnvironmentFailpoints(),
            Trace = trace ? new LineTrace(output) : null,
        };
        await using Composition composition = await Composition.OpenAsync(dataFolder, setup, start: true, targets is null ? null : standard => targets(output, standard), life);
        var worker = new CrashWorker(composition, output);
        output.Write("ready");
        List<Task> commands = [];
        while (await Console.In.ReadLineAsync() is { } line && line != "quit")
        {
            commands.Add(Task.Run(() => worker.AnswerAsync(line.Split('\t'))));
        }

        await Task.WhenAll(commands);
        await composition.Host.DrainAsync(CancellationToken.None);
        return 0;
    }

    /// <summary>Small limits, so that parking, snapshots and checkpoints happen within seconds.</summary>
    public static EmbeddedOptions SmallLimits { get; } = new()
    {
        Storage = new StorageOptions { CheckpointBytes = 256 * 1024 },
        Driver = new DriverOptions
        {
            ParkAfter = TimeSpan.FromMilliseconds(30),
            ParkInterval = TimeSpan.FromMilliseconds(20),
            MinSnapshotBytes = 2 * 1024,
        },
    };

    private async Task AnswerAsync(string[] command)
    {
        try
        {
            _output.Write($"ok\t{command[1]}\t{await CarryOutAsync(command)}");
        }
        catch (RefusedException refusal)
        {
            _output.Write($"refused\t{command[1]}\t{refusal.Message}");
        }
        catch (ObjectDisposedException)
        {
            _output.Write($"refused\t{command[1]}\tclosing");
        }
    }

    private async Task<string> CarryOutAsync(string[] command)
    {
        switch (command[0])
        {
            case "start":
                StartOutcome started = Value(await _composition.Service.Executions.StartAsync(
                    Composition.Tenant, command[2], command[3], JsonValue.Parse(command[4]), parent: null, CancellationToken.None));
                return started.Created ? "created" : "existed";
            case "succeed":
                Value(await _composition.Service.Callbacks.SucceedAsync(command[2], JsonValue.Parse(command[3]), CancellationToken.None));
                return "accepted";
            case "poll":
                var polled = Value(await _composition.Service.Activities.PollAsync(
                    Composition.Tenant, command[2], "worker", waitSeconds: 1, CancellationToken.None));
                return polled.Task is null ? "none" : $"{polled.Task.TaskToken}\t{polled.Task.Input}";
            case "resident":
                return _composition.Host.ExecutionsInMemory.ToString(CultureInfo.InvariantCulture);
            case "progress":
                Page<MapRunRecord> runs = Value(await _composition.Service.MapRuns.ListAsync(
                    new ExecutionKey(Composition.Tenant, command[2]), new ListRequest(1, null), CancellationToken.None));
                return runs.Items is [MapRunRecord { Progress.Items: MapRunCounts items }]
                    ? string.Create(CultureInfo.InvariantCulture, $"{items.Running}\t{items.Succeeded}")
                    : "0\t0";
            case "await":
                return await EndOfAsync(command[2]);
            default:
                throw new RefusedException($"unknown command {command[0]}");
        }
    }

    private async Task<string> EndOfAsync(string id)
    {
        var key = new ExecutionKey(Composition.Tenant, id);
        using IExecutionFollower follower = _composition.Service.Changes.Follow(key);
        while (true)
        {
            ExecutionRecord record = await _composition.Host.Executions.FindAsync(key, CancellationToken.None)
                ?? throw new RefusedException(ErrorCodes.ExecutionDoesNotExist);
            if (record.Status != ExecutionStatus.Running)
            {
                return $"{record.Status}\t{record.Output ?? record.Error}";
            }

            var last = await _composition.Host.Executions.ReadHistoryAsync(key, reverse: true, new PageRequest(1, null), CancellationToken.None);
            await follower.WaitAsync(last?.Items[0].Id ?? 0, TimeSpan.FromSeconds(1), CancellationToken.None);
        }
    }

    private static T Value<T>(Result<T> result)
        where T : notnull => result.Succeeded ? result.Value : throw new RefusedException(result.Error.Code);

    private sealed class RefusedException(string code) : Exception(code);
}
