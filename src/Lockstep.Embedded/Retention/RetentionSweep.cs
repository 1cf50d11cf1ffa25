using Lockstep.Embedded.Committing;
using Lockstep.Embedded.Hosting;
using Lockstep.Embedded.Storage;

namespace Lockstep.Embedded.Retention;

/// <summary>
/// Removes what is older than it has to be, in the background: execution events and log events, then executions that ended long ago, then revisions that no execution can need any
/// more. A round is made of writes of a bounded size, between which others have their turn. It may be cut off after any of them, and what an execution has
/// left is cleared away by the next round.
/// </summary>
internal sealed class RetentionSweep(Store store, Committer committer, TimeProvider time, RetentionOptions options, IEmbeddedLog log) : IAsyncDisposable
{
    /// <summary>A process that lives for less than an interval makes a round too.</summary>
    private static readonly TimeSpan _firstRound = TimeSpan.FromMinutes(1);

    private readonly ExecutionRemoval _executions = new(store, options.MaxRows);
    private readonly RevisionRemoval _revisions = new(store, options.MaxRows);
    private readonly EventRemoval _events = new(store, options.MaxRows);
    private readonly LogRemoval _logs = new(store, options.MaxRows);
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private ITimer? _timer;

    /// <summary>The round that is under way, or the last one.</summary>
    public Task Round { get; private set; } = Task.CompletedTask;

    /// <summary>Begins to make rounds.</summary>
    public void Start() => _timer = time.CreateTimer(
        static sweep => ((RetentionSweep)sweep!).Begin(), this, options.Interval < _firstRound ? options.Interval : _firstRound, options.Interval);

    /// <summary>One round, a write at a time; answers after each of them. It ends early when the sweep is disposed.</summary>
    public async IAsyncEnumerable<RetentionStep> StepsAsync()
    {
        DateTimeOffset cutoff = time.GetUtcNow() - options.MaxAge;
        while (Goes && await _executions.ClearAsync())
        {
            yield return default;
        }

        // Before the executions that they tell of, so that hardly any event tells of an execution that is not there.
        for (long? tenant = 0; Goes && (tenant = _events.NextTenant(tenant.Value)) is long number;)
        {
            while (Goes && await _events.RemoveAsync(number, cutoff))
            {
                yield return default;
            }
        }

        for (long? group = 0; Goes && (group = _logs.NextGroup(group.Value)) is long number;)
        {
            while (Goes && await _logs.RemoveAsync(number, cutoff))
            {
                yield return default;
            }
        }

        for (long? after = 0; Goes && after is long number;)
        {
            (int removed, after) = await _executions.RemoveAsync(number, cutoff);
            yield return new RetentionStep(removed, 0);
            while (Goes && await _executions.ClearAsync())
            {
                yield return default;
            }
        }

        for (long? after = 0; Goes && after is long number;)
        {
            (int removed, after) = await _revisions.RemoveAsync(number, cutoff);
            yield return new RetentionStep(0, removed);
        }
    }

    /// <summary>Lets no further step begin. A write under way is not waited for, as it may never end where the store has failed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        if (_timer is not null)
        {
            await _timer.DisposeAsync();
        }

        await Round;
    }

    private bool Goes => !_stopping.IsCancellationRequested;

    private void Begin()
    {
        lock (_gate)
        {
            if (Round.IsCompleted && Goes)
            {
                Round = Task.Run(RunAsync);
            }
        }
    }

    private async Task RunAsync()
    {
        try
        {
            IAsyncEnumerator<RetentionStep> steps = StepsAsync().GetAsyncEnumerator();
            while (await steps.MoveNextAsync().AsTask().WaitAsync(_stopping.Token))
            {
                // What has been removed is counted by nobody.
            }
        }
        catch (OperationCanceledException) when (!Goes)
        {
            // The next process goes on.
        }
        catch (StorageException failure)
        {
            committer.Fail(failure);
        }
        catch (Exception defect)
        {
            log.Warn("Retention met a defect; the next round begins anew", defect);
        }
    }
}

/// <summary>What a step has removed.</summary>
/// <param name="Executions">Executions.</param>
/// <param name="Revisions">Revisions.</param>
internal readonly record struct RetentionStep(int Executions, int Revisions);
