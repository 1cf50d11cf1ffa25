using System.Collections.Concurrent;
using System.Diagnostics;

namespace Lockstep.Crash.Runner;

/// <summary>A worker as its parent sees it: commands in, answers out, and the moment of its death.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<string[]?>> _pending = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _lastCommand;

    private WorkerProcess(Process process) => _process = process;

    /// <summary>Lines of the trace, in order.</summary>
    public ConcurrentQueue<string[]> Trace { get; } = new();

    /// <summary>Task tokens that the worker printed.</summary>
    public ConcurrentQueue<string> Tokens { get; } = new();

    /// <summary>Told of every item that a map run's child has called for, on one thread.</summary>
    public Action<long> ItemCalled { get; set; } = static _ => { };

    /// <summary>The most memory that the process has held, in bytes; of a system that does not say, what it holds now.</summary>
    public long PeakBytes
    {
        get
        {
            string status = $"/proc/{_process.Id}/status";
            string? line = File.Exists(status) ? File.ReadLines(status).FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)) : null;
            return line is null
                ? ResidentBytes
                : long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) * 1024;
        }
    }

    /// <summary>Memory that the process holds now, in bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Completes when the process is gone.</summary>
    public Task Exit { get; private set; } = Task.CompletedTask;

    public int ExitCode => _process.ExitCode;

    /// <summary>Starts a worker on a data folder; completes when it takes commands, or is gone.</summary>
    public static async Task<WorkerProcess> StartAsync(string dataFolder, string? failpoint, bool trace, int life, string verb = "worker")
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add(typeof(WorkerProcess).Assembly.Location);
        start.ArgumentList.Add(verb);
        start.ArgumentList.Add(dataFolder);
        start.ArgumentList.Add("--life");
        start.ArgumentList.Add(life.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (trace)
        {
            start.ArgumentList.Add("--trace");
        }

        if (failpoint is not null)
        {
            start.Environment[Worker.EnvironmentFailpoints.Variable] = failpoint;
        }

        var worker = new WorkerProcess(Process.Start(start) ?? throw new InvalidOperationException("No process was started."));
        Task reading = Task.Run(worker.ReadAsync);
        worker.Exit = Task.WhenAll(reading, worker._process.WaitForExitAsync());
        await Task.WhenAny(worker._ready.Task, worker.Exit);
        return worker;
    }

    /// <summary>Sends a command; null when the worker died before it answered, else <c>ok</c> or <c>refused</c> and what follows.</summary>
    public async Task<string[]?> AskAsync(string verb, params string[] arguments)
    {
        int number = Interlocked.Increment(ref _lastCommand);
        var answer = new TaskCompletionSource<string[]?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _pending[number] = answer;
        try
        {
            string line = string.Join('\t', [verb, number.ToString(System.Globalization.CultureInfo.InvariantCulture), .. arguments]);
            lock (_process)
            {
                _process.StandardInput.WriteLine(line);
                _process.StandardInput.Flush();
            }
        }
        catch (IOException)
        {
            return null;
        }

        return await Task.WhenAny(answer.Task, Exit) == answer.Task || answer.Task.IsCompleted ? await answer.Task : null;
    }

    public void Kill()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }
    }

    /// <summary>Lets the worker drain and end.</summary>
    public async Task QuitAsync()
    {
        await _process.StandardInput.WriteLineAsync("quit");
        await Exit;
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            string[] parts = line.Split('\t');
            if (parts[0] == "ready")
            {
                _ready.TrySetResult();
            }
            else if (parts[0] == "token")
            {
                Tokens.Enqueue(parts[1]);
            }
            else if (parts[0] == "item")
            {
                ItemCalled(long.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture));
            }
            else if (parts[0] == "trace")
            {
                Trace.Enqueue(parts);
            }
            else if (_pending.TryRemove(int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture), out var answer))
            {
                answer.TrySetResult([parts[0], .. parts[2..]]);
            }
        }
    }
}
