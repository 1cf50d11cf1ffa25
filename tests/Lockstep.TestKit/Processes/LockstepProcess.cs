using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading.Channels;

namespace Lockstep.TestKit.Processes;

/// <summary>
/// A real <c>lockstep</c> process. Waiting is for what the process prints or for its end, never for time. Disposing kills what still runs.
/// </summary>
public sealed class LockstepProcess : IAsyncDisposable
{
    private const int SignalKill = 9;
    private const int SignalTerminate = 15;
    private const string Ready = "listening on ";

    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly Task _reading;

    private LockstepProcess(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(ReadOutputAsync(), ReadErrorAsync());
    }

    /// <summary>The number that the operating system gave it.</summary>
    public int Id => _process.Id;

    /// <summary>What it has printed on standard output so far.</summary>
    public string Output => Locked(_output);

    /// <summary>What it has printed on standard error so far.</summary>
    public string Error => Locked(_error);

    /// <summary>
    /// Starts the command that was built beside the running test or benchmark.
    /// </summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables to set, or with null to remove, beside those of this process.</param>
    /// <param name="workingDirectory">Where it runs; here when null.</param>
    /// <param name="launcher">A command that starts it, such as <c>strace</c> with its arguments; it runs by itself when empty.</param>
    public static LockstepProcess Start(
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? workingDirectory = null,
        params IReadOnlyList<string> launcher)
    {
        string[] command = [.. launcher, "dotnet", "exec", Path.Combine(AppContext.BaseDirectory, "lockstep.dll"), .. arguments];
        var start = new ProcessStartInfo(command[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = workingDirectory ?? "",
        };
        foreach (string argument in command.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["NO_COLOR"] = "1";
        foreach ((string name, string? value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        return new LockstepProcess(Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} did not start."));
    }

    /// <summary>Waits until a server says where it listens, and answers with that.</summary>
    public async Task<Uri> WaitUntilListeningAsync(CancellationToken cancellation) =>
        new(((await WaitForLineAsync(line => line.StartsWith(Ready, StringComparison.Ordinal), cancellation))[Ready.Length..]).TrimEnd('/') + "/");

    /// <summary>Waits for a line of standard output that matches, passing over others; throws with all that was printed when the process ends first.</summary>
    public async Task<string> WaitForLineAsync(Func<string, bool> matches, CancellationToken cancellation)
    {
        await foreach (string line in _lines.Reader.ReadAllAsync(cancellation))
        {
            if (matches(line))
            {
                return line;
            }
        }

        await _process.WaitForExitAsync(cancellation);
        throw new InvalidOperationException(string.Create(
            CultureInfo.InvariantCulture, $"lockstep ended with exit code {_process.ExitCode} before it printed the line.\n{Output}\n{Error}"));
    }

    /// <summary>Waits for the end and for all that was printed; answers with the exit code.</summary>
    public async Task<int> WaitForExitAsync(CancellationToken cancellation)
    {
        await _process.WaitForExitAsync(cancellation);
        await _reading.WaitAsync(cancellation);
        return _process.ExitCode;
    }

    /// <summary>Sends SIGTERM and waits for the end; answers with the exit code.</summary>
    public Task<int> TerminateAsync(CancellationToken cancellation) => SignalAsync(SignalTerminate, cancellation);

    /// <summary>Sends SIGKILL and waits for the end.</summary>
    public Task<int> KillAsync(CancellationToken cancellation) => SignalAsync(SignalKill, cancellation);

    /// <summary>Sends SIGTERM without waiting.</summary>
    public void Terminate() => Send(SignalTerminate);

    /// <summary>Writes to its standard input.</summary>
    public async Task WriteLineAsync(string line, CancellationToken cancellation)
    {
        await _process.StandardInput.WriteLineAsync(line.AsMemory(), cancellation);
        await _process.StandardInput.FlushAsync(cancellation);
    }

    /// <summary>A number of <c>/proc/PID/status</c> in KiB, such as <c>VmHWM</c>; Linux only.</summary>
    public long StatusKiB(string name)
    {
        string line = File.ReadLines($"/proc/{Id}/status").First(candidate => candidate.StartsWith(name + ":", StringComparison.Ordinal));
        return long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync(CancellationToken.None);
        await _reading;
        _process.Dispose();
    }

    private async Task<int> SignalAsync(int signal, CancellationToken cancellation)
    {
        Send(signal);
        return await WaitForExitAsync(cancellation);
    }

    private void Send(int signal)
    {
        if (!_process.HasExited && SendSignal(_process.Id, signal) != 0 && !_process.HasExited)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture, $"Signal {signal} could not be sent, error {Marshal.GetLastPInvokeError()}."));
        }
    }

    private async Task ReadOutputAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
        {
            Append(_output, line);
            _lines.Writer.TryWrite(line);
        }

        _lines.Writer.Complete();
    }

    private async Task ReadErrorAsync()
    {
        while (await _process.StandardError.ReadLineAsync(CancellationToken.None) is { } line)
        {
            Append(_error, line);
        }
    }

    private static void Append(StringBuilder text, string line)
    {
        lock (text)
        {
            text.Append(line).Append('\n');
        }
    }

    private static string Locked(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}
