using System.Diagnostics;

namespace Lockstep.EndToEnd.Tests.Clients;

/// <summary>Runs a client of somebody else's to its end.</summary>
internal static class ClientProcess
{
    /// <summary>The path of a command on PATH; null when there is none.</summary>
    public static string? Find(string command) => FindAll(command).FirstOrDefault();

    /// <summary>Every path of a command on PATH, in its order.</summary>
    public static IEnumerable<string> FindAll(string command) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, command)).Where(File.Exists).Distinct();

    /// <summary>Runs a command; answers with what it said.</summary>
    public static async Task<ClientResult> RunAsync(string command, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string? value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{command} did not start.");
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellation);
        Task<string> error = process.StandardError.ReadToEndAsync(cancellation);
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new ClientResult(process.ExitCode, await output, await error);
    }
}

/// <summary>What a client said.</summary>
internal sealed record ClientResult(int Code, string Output, string Error);
