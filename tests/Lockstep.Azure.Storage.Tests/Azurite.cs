using System.Diagnostics;
using System.Text.RegularExpressions;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Lockstep.TestKit;
using Lockstep.TestKit.Azure;
using Lockstep.TestKit.Drivers;

[assembly: AssemblyFixture(typeof(Lockstep.Azure.Storage.Tests.Azurite))]

namespace Lockstep.Azure.Storage.Tests;

/// <summary>
/// The storage emulator: the one that <c>LOCKSTEP_EMULATOR_STORAGE</c> names by its connection string, or else one that is started once for the suite
/// on free ports of 127.0.0.1 and kept in memory. Where it is not installed every test that needs it is skipped by name; <c>.ci/run</c> installs it.
/// </summary>
public sealed partial class Azurite : IAsyncLifetime
{
    private const string Account = "devstoreaccount1";

    // The account key that every installation of the emulator has; it is published, and opens nothing else.
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    // An emulator that was there before keeps what earlier runs have left.
    private readonly string _run = Guid.NewGuid().ToString("n")[..8];

    private Process? _process;
    private string? _connection;
    private int _accounts;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("LOCKSTEP_EMULATOR_STORAGE") is { Length: > 0 } running)
        {
            _connection = running;
            return;
        }

        if (Command() is not { } command)
        {
            return;
        }

        var start = new ProcessStartInfo(command) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])["--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry",
            "--blobHost", "127.0.0.1", "--blobPort", "0", "--queueHost", "127.0.0.1", "--queuePort", "0", "--tableHost", "127.0.0.1", "--tablePort", "0"])
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException("The emulator did not start.");
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginErrorReadLine();
        using var patience = new CancellationTokenSource(_patience);
        string blobs = await ListeningAsync("Blob", patience.Token);
        string tables = await ListeningAsync("Table", patience.Token);
        _ = DrainAsync(_process.StandardOutput);
        _connection = $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint={blobs}/{Account};TableEndpoint={tables}/{Account};";
    }

    /// <summary>Tables that no other test has. Skips the test where there is no emulator.</summary>
    public async Task<AzureTables> NewTablesAsync(CancellationToken cancellation)
    {
        var tables = new AzureTables(new TableServiceClient(Connection()), $"t{_run}x{Interlocked.Increment(ref _accounts)}");
        await tables.CreateMissingAsync(cancellation);
        return tables;
    }

    /// <summary>A container that no other test has. Skips the test where there is no emulator.</summary>
    public async Task<AzureBlobs> NewBlobsAsync(CancellationToken cancellation)
    {
        var blobs = new AzureBlobs(new BlobContainerClient(Connection(), $"container-{_run}-{Interlocked.Increment(ref _accounts)}"));
        await blobs.CreateMissingAsync(cancellation);
        return blobs;
    }

    /// <summary>A platform over tables and a container that no other test has. Skips the test where there is no emulator.</summary>
    public async Task<IDriverHarness> NewPlatformAsync()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        return await AzureDriverHarness.OpenAsync(tables: await NewTablesAsync(cancellation), blobs: await NewBlobsAsync(cancellation));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }
    }

    private string Connection()
    {
        Assert.SkipWhen(
            _connection is null,
            "Azurite is not installed: npm install --prefix artifacts/tools azurite, or LOCKSTEP_AZURITE=<its path>, or LOCKSTEP_EMULATOR_STORAGE=<connection string>.");
        return _connection ?? throw new InvalidOperationException("SkipWhen returned.");
    }

    private static string? Command()
    {
        string named = Environment.GetEnvironmentVariable("LOCKSTEP_AZURITE") is { Length: > 0 } path
            ? path
            : Repository.PathOf("artifacts/tools/node_modules/.bin/azurite");
        return File.Exists(named) ? named : null;
    }

    private async Task<string> ListeningAsync(string service, CancellationToken patience)
    {
        while (_process is not null && await _process.StandardOutput.ReadLineAsync(patience) is { } line)
        {
            if (Listening().Match(line) is { Success: true } match && match.Groups["service"].Value == service)
            {
                return match.Groups["url"].Value;
            }
        }

        throw new InvalidOperationException($"The emulator ended before its {service} service was listening.");
    }

    /// <summary>Reads what it prints, so that it never waits for a reader.</summary>
    private static async Task DrainAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is not null)
        {
        }
    }

    [GeneratedRegex(@"Azurite (?<service>\w+) service is successfully listening at (?<url>http://\S+)")]
    private static partial Regex Listening();
}
