using Lockstep.Embedded.Hosting;
using Lockstep.Engine;
using Lockstep.Engine.History;
using Lockstep.Service.Executions;
using Lockstep.Service.Paging;

namespace Lockstep.Crash.Runner;

/// <summary>Compares a data folder with what the outside world knows. Runs no execution; finds every difference, not only the first.</summary>
internal sealed class Inspection(Composition composition, Book book, IReadOnlyCollection<SeenCall> calls)
{
    private readonly List<string> _problems = [];
    private readonly Dictionary<string, int> _settled = [];

    /// <summary>Inspects a copy of the folder, so that the next worker finds exactly what the last one left.</summary>
    public static async Task<IReadOnlyList<string>> OfCopyAsync(string dataFolder, Book book, IReadOnlyCollection<SeenCall> calls)
    {
        string copy = Directory.CreateTempSubdirectory("lockstep-crash-copy-").FullName;
        try
        {
            foreach (string file in Directory.EnumerateFiles(dataFolder).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal) && !file.EndsWith("-shm", StringComparison.Ordinal)))
            {
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            }

            var setup = new EmbeddedSetup(new EmbeddedOptions(), TimeProvider.System, Composition.Compile);
            await using Composition composition = await Composition.OpenAsync(copy, setup, start: false);
            return await new Inspection(composition, book, calls).RunAsync(final: false);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    /// <summary>Compares; at the end, every acknowledged execution must have come to its right end as well.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(bool final)
    {
        ILookup<string, SeenCall> byExecution = calls.ToLookup(call => call.Execution);
        foreach (Wanted wanted in book.Acknowledged.Values)
        {
            int seen = byExecution[wanted.Name].Count();
            bool known = book.Settled.TryGetValue(wanted.Name, out int before) && before == seen;
            if ((final || !known) && await CheckExecutionAsync(wanted, final))
            {
                _settled[wanted.Name] = seen;
            }
        }

        Dictionary<string, string> machines = book.Acknowledged.Values.ToDictionary(wanted => wanted.Name, wanted => wanted.Machine);
        foreach (IGrouping<string, SeenCall> seen in byExecution)
        {
            // Names are unique over all machines of the test; a nested child's name is its own.
            if (final || !book.Settled.TryGetValue(seen.Key, out int before) || before != seen.Count())
            {
                string machine = machines.TryGetValue(seen.Key, out string? named) ? named : await MachineOfAsync(seen.Key);
                await CheckCallsAsync($"{machine}:{seen.Key}", [.. seen], final);
            }
        }

        // Only now: the round that sees an execution's end looks at its calls once more.
        foreach ((string name, int seen) in _settled)
        {
            book.Settled[name] = seen;
        }

        foreach (IGrouping<string, SeenCall> repeated in calls.GroupBy(call => call.Key))
        {
            if (repeated.GroupBy(call => call.Life).Any(life => life.Count() > 1))
            {
                _problems.Add($"{repeated.First().Execution}: key {repeated.Key} was called twice within one life of the process.");
            }
        }

        return _problems;
    }

    /// <summary>Whether it has come to its right end.</summary>
    private async Task<bool> CheckExecutionAsync(Wanted wanted, bool final)
    {
        ExecutionRecord? record = await composition.Host.Executions.FindAsync(new ExecutionKey(Composition.Tenant, wanted.Id), CancellationToken.None);
        if (record is null)
        {
            _problems.Add($"{wanted.Id}: its start was acknowledged, and it is gone.");
            return false;
        }

        // An outcome that came before its own submission is held, and shows in history only after that.
        IReadOnlyList<HistoryEvent> history = book.Reported.ContainsKey(wanted.Name) ? await HistoryAsync(wanted.Id) : [];
        if (history.Any(item => item.Type is HistoryEventType.TaskSubmitted) && !history.Any(item => item.Type is HistoryEventType.TaskSucceeded))
        {
            _problems.Add($"{wanted.Id}: the outcome of its task was acknowledged, and it is gone.");
        }

        bool ended = record.Status != ExecutionStatus.Running;
        bool right = record.Status == ExecutionStatus.Succeeded && record.Output == Workload.OutputOf(wanted.Machine, wanted.Seed);
        if (!right && (final || ended))
        {
            _problems.Add(
                $"{wanted.Id}: ended as {record.Status} with {record.Output ?? record.Error}, expected {Workload.OutputOf(wanted.Machine, wanted.Seed)}.");
        }

        return right;
    }

    private async Task CheckCallsAsync(string id, SeenCall[] seen, bool final)
    {
        IReadOnlyList<HistoryEvent> history = await HistoryAsync(id);
        CheckOrder(id, history);
        foreach (IGrouping<string, SeenCall> state in seen.GroupBy(call => call.State))
        {
            int scheduled = ScheduledIn(history, state.Key);
            int keys = state.Select(call => call.Key).Distinct().Count();
            if (keys > scheduled)
            {
                _problems.Add($"{id}: state {state.Key} was called with {keys} keys, and only {scheduled} calls are scheduled on disk.");
            }
            else if (final && keys < scheduled)
            {
                _problems.Add($"{id}: state {state.Key} has {scheduled} calls scheduled, and only {keys} of them arrived.");
            }
        }
    }

    private async Task<string> MachineOfAsync(string name)
    {
        foreach ((string machine, string _) in Workload.Machines)
        {
            if (await composition.Host.Executions.FindAsync(new ExecutionKey(Composition.Tenant, $"{machine}:{name}"), CancellationToken.None) is not null)
            {
                return machine;
            }
        }

        return "(none)";
    }

    /// <summary>Ids grow by one from 1, times never go back, and what was on disk before is still there, unchanged and in its place.</summary>
    private void CheckOrder(string id, IReadOnlyList<HistoryEvent> history)
    {
        for (int index = 0; index < history.Count; index++)
        {
            if (history[index].Id != index + 1)
            {
                _problems.Add($"{id}: event {index + 1} of its history has id {history[index].Id}.");
                return;
            }

            if (index > 0 && history[index].Timestamp < history[index - 1].Timestamp)
            {
                _problems.Add($"{id}: time goes back at event {history[index].Id}.");
            }
        }

        if (book.Histories.TryGetValue(id, out IReadOnlyList<HistoryEvent>? before)
            && !before.Select(Describe).SequenceEqual(history.Take(before.Count).Select(Describe)))
        {
            _problems.Add($"{id}: its history is not a continuation of what was on disk before.");
        }

        book.Histories[id] = history;
    }

    private static string Describe(HistoryEvent item) => item.ToString();

    /// <summary>Calls scheduled by the visits of a state. A scheduling event follows the entering of its state, within its branch.</summary>
    private static int ScheduledIn(IReadOnlyList<HistoryEvent> history, string state)
    {
        Dictionary<long, HistoryEvent> byId = history.ToDictionary(item => item.Id);
        return history
            .Where(item => item.Type is HistoryEventType.LambdaFunctionScheduled or HistoryEventType.TaskScheduled)
            .Count(item =>
            {
                HistoryEvent at = item;
                while (at.Details is not StateEnteredDetails)
                {
                    at = byId[at.PreviousEventId];
                }

                return at.Details is StateEnteredDetails entered && entered.Name == state;
            });
    }

    private async Task<IReadOnlyList<HistoryEvent>> HistoryAsync(string id)
    {
        List<HistoryEvent> events = [];
        string? cursor = null;
        do
        {
            Page<HistoryEvent>? page = await composition.Host.Executions.ReadHistoryAsync(
                new ExecutionKey(Composition.Tenant, id), reverse: false, new PageRequest(500, cursor), CancellationToken.None);
            events.AddRange(page?.Items ?? []);
            cursor = page?.Next;
        }
        while (cursor is not null);
        return events;
    }
}
