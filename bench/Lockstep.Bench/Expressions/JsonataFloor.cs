using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Lockstep.TestKit;

namespace Lockstep.Bench.Expressions;

/// <summary>The JSONata package of Node, measured in a process of its own in the same run.</summary>
internal sealed class JsonataFloor : IDisposable
{
    private readonly Process _node;

    private JsonataFloor(Process node) => _node = node;

    /// <summary>Starts it; null where Node or the package under artifacts/tools is not installed.</summary>
    public static JsonataFloor? TryStart()
    {
        string package = Repository.PathOf("artifacts/tools/node_modules/jsonata");
        bool hasNode = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, "node")) || File.Exists(Path.Combine(folder, "node.exe")));
        if (!hasNode || !Directory.Exists(package))
        {
            return null;
        }

        string script = Repository.PathOf("bench/Lockstep.Bench/Expressions/jsonata.js");
        var start = new ProcessStartInfo("node", [script, package]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        return Process.Start(start) is { } node ? new JsonataFloor(node) : null;
    }

    /// <summary>Evaluations a second of a case.</summary>
    public async Task<double> MeasureAsync(JsonataCase each, int milliseconds, CancellationToken cancelled)
    {
        string line = JsonSerializer.Serialize(new
        {
            expression = each.Expression,
            document = each.Document,
            expected = each.Expected,
            milliseconds,
        });
        await _node.StandardInput.WriteLineAsync(line.AsMemory(), cancelled);
        await _node.StandardInput.FlushAsync(cancelled);
        string answer = await _node.StandardOutput.ReadLineAsync(cancelled)
            ?? throw new InvalidOperationException($"Node ended at {each.Name}; what it printed says why.");
        return double.Parse(answer, CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        _node.Kill();
        _node.Dispose();
    }
}
