using System.Diagnostics;
using System.Text.Json;
using Lockstep.TestKit;

namespace Lockstep.Jsonata.Tests.Oracle;

/// <summary>The JSONata package in one process of Node, asked in batches.</summary>
internal sealed class NodeOracle : IDisposable
{
    private static readonly TimeSpan LongestBatch = TimeSpan.FromMinutes(2);

    private readonly Process _node;

    private NodeOracle(Process node) => _node = node;

    private static string PackageFolder => Repository.PathOf("artifacts/tools/node_modules/jsonata");

    /// <summary>Starts it; null where Node or the package is not installed.</summary>
    public static NodeOracle? TryStart()
    {
        bool hasNode = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, "node")) || File.Exists(Path.Combine(folder, "node.exe")));
        if (!hasNode || !Directory.Exists(PackageFolder))
        {
            return null;
        }

        string script = Repository.PathOf("tests/Lockstep.Jsonata.Tests/Oracle/oracle.js");
        var start = new ProcessStartInfo("node", [script, PackageFolder]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        return Process.Start(start) is { } node ? new NodeOracle(node) : null;
    }

    /// <summary>The answers to a batch, in its order.</summary>
    public async Task<IReadOnlyList<OracleAnswer>> AskAsync(IReadOnlyList<DifferentialCase> cases)
    {
        using var timeout = new CancellationTokenSource(LongestBatch);
        Task write = WriteAsync(cases, timeout.Token);
        var answers = new List<OracleAnswer>(cases.Count);
        while (answers.Count < cases.Count)
        {
            string line = await _node.StandardOutput.ReadLineAsync(timeout.Token)
                ?? throw new InvalidOperationException($"The oracle ended at {cases[answers.Count]}.");
            answers.Add(OracleAnswer.Parse(line));
        }

        await write;
        return answers;
    }

    public void Dispose()
    {
        _node.Kill();
        _node.Dispose();
    }

    private async Task WriteAsync(IReadOnlyList<DifferentialCase> cases, CancellationToken cancellationToken)
    {
        foreach (DifferentialCase each in cases)
        {
            string line = JsonSerializer.Serialize(new { e = each.Expression, d = each.Document });
            await _node.StandardInput.WriteLineAsync(line.AsMemory(), cancellationToken);
        }

        await _node.StandardInput.FlushAsync(cancellationToken);
    }
}
