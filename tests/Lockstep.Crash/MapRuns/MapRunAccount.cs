using System.Globalization;
using System.Text;
using Lockstep.Engine;
using Lockstep.Json;
using Lockstep.Service.Executions;
using Lockstep.Service.MapRuns;
using Lockstep.Service.Objects;
using Lockstep.Service.Paging;

namespace Lockstep.Crash.MapRuns;

/// <summary>
/// What the outside world has seen of a map run, and what the disk said when it was killed. Item n is the number n, and child n has it.
/// </summary>
internal sealed class MapRunAccount(int items, List<string> problems)
{
    /// <summary>The execution of the Map state.</summary>
    public const string Execution = "each:e";

    private readonly int[] _calls = new int[items];
    private readonly bool[] _calledAgain = new bool[items];
    private readonly long[] _stoppedAt = new long[items];
    private string? _output;

    public int Items => items;

    /// <summary>Items that were last seen to have succeeded.</summary>
    public long Succeeded { get; private set; }

    /// <summary>The most items that were seen to run at a time.</summary>
    public long MostRunning { get; private set; }

    /// <summary>Calls beyond one for each item: those whose outcome the kill took.</summary>
    public long Repeated { get; private set; }

    public void Called(long item) => _calls[item]++;

    public void CalledAgain(long item)
    {
        _calls[item]++;
        _calledAgain[item] = true;
    }

    /// <summary>Takes in what the map run shows of itself. What had succeeded stays so, also over a kill.</summary>
    public void Watch(string running, string succeeded)
    {
        long now = long.Parse(succeeded, CultureInfo.InvariantCulture);
        MostRunning = Math.Max(MostRunning, long.Parse(running, CultureInfo.InvariantCulture));
        if (now < Succeeded)
        {
            problems.Add($"{Succeeded} items were seen to have succeeded, and later {now}.");
        }

        Succeeded = now;
    }

    public void Ended(string[]? answer)
    {
        _output = answer is ["ok", "Succeeded", string output] ? output : null;
        if (_output is null)
        {
            problems.Add($"The execution ended as {string.Join(' ', answer ?? [])}.");
        }
    }

    /// <summary>After the kill: which children have ended on disk, and when.</summary>
    public async Task RememberFinishedAsync(Composition composition)
    {
        long finished = 0;
        ExecutionKey run = await RunAsync(composition);
        for (int item = 0; item < items; item++)
        {
            if (await composition.Host.MapRuns.FindChildAsync(run, item, CancellationToken.None) is { Status: ExecutionStatus.Succeeded, StoppedAt: { } stopped })
            {
                _stoppedAt[item] = stopped.UtcTicks;
                finished++;
            }
        }

        if (finished < Succeeded)
        {
            problems.Add($"{Succeeded} items were seen to have succeeded, and the disk has {finished}.");
        }
    }

    /// <summary>After the end: every item has been worked on and has its result, and what had finished was left alone.</summary>
    public async Task CheckAsync(Composition composition)
    {
        ExecutionKey run = await RunAsync(composition);
        for (int item = 0; item < items; item++)
        {
            ExecutionRecord? child = await composition.Host.MapRuns.FindChildAsync(run, item, CancellationToken.None);
            if (child is not { Status: ExecutionStatus.Succeeded, StoppedAt: { } stopped })
            {
                problems.Add($"Item {item} has {child?.Status.ToString() ?? "no execution"}.");
            }
            else if (_calls[item] == 0)
            {
                problems.Add($"Item {item} was never called for.");
            }
            else if (_stoppedAt[item] != 0 && (_calledAgain[item] || stopped.UtcTicks != _stoppedAt[item]))
            {
                problems.Add($"Item {item} had finished before the kill, and was repeated.");
            }

            Repeated += Math.Max(0, _calls[item] - 1);
        }

        if (await composition.Host.MapRuns.FindChildAsync(run, items, CancellationToken.None) is not null)
        {
            problems.Add("There are more children than items.");
        }

        await CheckResultsAsync(composition);
    }

    private async Task CheckResultsAsync(Composition composition)
    {
        if (_output is null)
        {
            return;
        }

        var details = (JsonObject?)((JsonObject)JsonValue.Parse(_output))["ResultWriterDetails"];
        var manifest = (JsonObject)await ReadAsync(composition, Text(details, "Key"));
        int next = 0;
        foreach (JsonValue file in (JsonArray?)((JsonObject?)manifest["ResultFiles"])?["SUCCEEDED"] ?? JsonArray.Empty)
        {
            foreach (JsonValue result in (JsonArray)await ReadAsync(composition, Text((JsonObject)file, "Key")))
            {
                if (result.ToString() != next.ToString(CultureInfo.InvariantCulture))
                {
                    problems.Add($"Result {next} is {result}.");
                }

                next++;
            }
        }

        if (next != items)
        {
            problems.Add($"There are {next} results for {items} items.");
        }
    }

    private static async Task<JsonValue> ReadAsync(Composition composition, string key)
    {
        await using OpenObject opened = await composition.Host.Objects.OpenAsync(new ObjectPlace(Composition.Tenant, "data", key), 0, CancellationToken.None)
            ?? throw new InvalidDataException($"There is no object {key}.");
        using var reader = new StreamReader(opened.Content, Encoding.UTF8);
        return JsonValue.Parse(await reader.ReadToEndAsync());
    }

    private static async ValueTask<ExecutionKey> RunAsync(Composition composition) =>
        await composition.Host.MapRuns.ListAsync(new ExecutionKey(Composition.Tenant, Execution), new PageRequest(1, null), CancellationToken.None)
            is { Items: [MapRunRecord run] }
            ? run.Key
            : throw new InvalidDataException("The execution has no map run.");

    private static string Text(JsonObject? json, string name) =>
        json?[name] is JsonString text ? text.Value : throw new InvalidDataException($"There is no {name}.");
}
