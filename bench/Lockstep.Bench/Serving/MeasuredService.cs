using System.Globalization;
using System.Text;
using System.Text.Json;
using Lockstep.TestKit.Processes;

namespace Lockstep.Bench.Serving;

/// <summary>The real <c>lockstep serve</c> in a process and on a data folder of its own, with the machines and functions of a benchmark.</summary>
internal sealed class MeasuredService : IAsyncDisposable
{
    private const string ApiKey = "lk_bench.0000000000000000000000000000000000000000";

    private readonly TemporaryFolder _folder;
    private readonly LockstepProcess _process;
    private readonly HttpConnection _control;

    private MeasuredService(TemporaryFolder folder, LockstepProcess process, Uri url, HttpConnection control)
    {
        _folder = folder;
        _process = process;
        Url = url;
        _control = control;
    }

    /// <summary>Where it listens.</summary>
    public Uri Url { get; }

    /// <summary>Its database.</summary>
    public string DatabasePath => _folder.PathOf("lockstep.db");

    /// <summary>Starts it and waits until it listens.</summary>
    /// <param name="flushDelayMilliseconds">Added to every flush.</param>
    /// <param name="cancelled">Gives up.</param>
    public static async Task<MeasuredService> StartAsync(int flushDelayMilliseconds, CancellationToken cancelled)
    {
        var folder = new TemporaryFolder();
        LockstepProcess? process = null;
        try
        {
            process = LockstepProcess.Start(
                [
                    "serve", "--data", folder.Path, "--urls", "http://127.0.0.1:0", "--development",
                    "--set", string.Create(CultureInfo.InvariantCulture, $"Lockstep:Storage:FlushDelayMicroseconds={flushDelayMilliseconds * 1000}"),
                    "--set", "Lockstep:LogLevel=Warning",
                ],
                new Dictionary<string, string?>
                {
                    ["LOCKSTEP_DEV_API_KEY"] = ApiKey,
                    ["DOTNET_STARTUP_HOOKS"] = typeof(MeasuredService).Assembly.Location,
                });
            Uri url = await process.WaitUntilListeningAsync(cancelled);
            return new MeasuredService(folder, process, url, await HttpConnection.OpenAsync(url, cancelled));
        }
        catch
        {
            await (process?.DisposeAsync() ?? ValueTask.CompletedTask);
            folder.Dispose();
            throw;
        }
    }

    /// <summary>A request as bytes, to be sent any number of times.</summary>
    public static byte[] Request(string method, string path, string body = "") => Encoding.UTF8.GetBytes(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {ApiKey}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"));

    /// <summary>The request that starts an execution.</summary>
    public static byte[] StartRequest(string machine, string input) =>
        Request("POST", $"/v1/state-machines/{machine}/executions", $$"""{"input":{{input}}}""");

    /// <summary>A connection of its own to the service.</summary>
    public Task<HttpConnection> ConnectAsync(CancellationToken cancelled) => HttpConnection.OpenAsync(Url, cancelled);

    /// <summary>Registers a function.</summary>
    public Task RegisterAsync(string function, Uri url, CancellationToken cancelled) =>
        ExpectAsync(Request("PUT", $"/v1/functions/{function}", $$"""{"url":"{{url}}"}"""), cancelled);

    /// <summary>Creates a state machine.</summary>
    public Task CreateAsync(string machine, string definition, CancellationToken cancelled) =>
        ExpectAsync(Request("POST", "/v1/state-machines", $$"""{"name":"{{machine}}","definition":{{definition}}}"""), cancelled);

    /// <summary>Starts an execution and gives its id.</summary>
    public async Task<string> StartExecutionAsync(byte[] startRequest, CancellationToken cancelled)
    {
        await ExpectAsync(startRequest, cancelled);
        using var answer = JsonDocument.Parse(_control.Body);
        return answer.RootElement.GetProperty("id").GetString() ?? "";
    }

    /// <summary>Asks, again and again, until an execution has ended; it has to have succeeded.</summary>
    public async Task WaitForSuccessAsync(string execution, CancellationToken cancelled)
    {
        byte[] request = Request("GET", "/v1/executions/" + Uri.EscapeDataString(execution));
        string status;
        do
        {
            await ExpectAsync(request, cancelled);
            using var answer = JsonDocument.Parse(_control.Body);
            status = answer.RootElement.GetProperty("status").GetString() ?? "";
        }
        while (status == "RUNNING");

        if (status != "SUCCEEDED")
        {
            throw new InvalidOperationException($"Execution {execution} has {status}.");
        }
    }

    /// <summary>What the process has used so far.</summary>
    public async Task<ServiceCounters> CountersAsync(CancellationToken cancelled)
    {
        await _process.WriteLineAsync("", cancelled);
        return ServiceCounters.Parse(await _process.WaitForLineAsync(line => line.StartsWith(StartupHook.Prefix, StringComparison.Ordinal), cancelled));
    }

    /// <summary>Stops it in an orderly way; the data folder stays until disposal.</summary>
    public Task<int> StopAsync(CancellationToken cancelled) => _process.TerminateAsync(cancelled);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private async Task ExpectAsync(byte[] request, CancellationToken cancelled)
    {
        int status = await _control.SendAsync(request, cancelled);
        if (status is < 200 or > 299)
        {
            throw new InvalidOperationException($"The service answered {status}: {Encoding.UTF8.GetString(_control.Body.Span)}");
        }
    }
}
