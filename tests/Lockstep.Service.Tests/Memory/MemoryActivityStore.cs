using Lockstep.Service.Activities;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Tests.Memory;

/// <summary>Activities without a database; a poll that waits is woken by the next task or by the clock.</summary>
internal sealed class MemoryActivityStore(TimeProvider time) : IActivityStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(TenantId, string), ActivityRecord> _activities = [];
    private readonly Dictionary<(TenantId, string), Queue<ActivityTask>> _waiting = [];
    private TaskCompletionSource _added = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Called when a worker has taken a task.</summary>
    public Action<ActivityTask, string?>? Taken { get; set; }

    /// <summary>Completes when a poll begins to wait.</summary>
    public SemaphoreSlim Waits { get; } = new(0);

    public void Add(TenantId tenant, string name, ActivityTask task)
    {
        TaskCompletionSource added;
        lock (_gate)
        {
            if (!_waiting.TryGetValue((tenant, name), out Queue<ActivityTask>? queue))
            {
                _waiting.Add((tenant, name), queue = new Queue<ActivityTask>());
            }

            queue.Enqueue(task);
            added = _added;
            _added = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        added.TrySetResult();
    }

    public ValueTask<ActivityRecord> CreateAsync(ActivityRecord activity, CancellationToken cancellation)
    {
        lock (_gate)
        {
            _activities.TryAdd((activity.Tenant, activity.Name), activity);
            return new(_activities[(activity.Tenant, activity.Name)]);
        }
    }

    public ValueTask<ActivityRecord?> FindAsync(TenantId tenant, string name, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return new(_activities.GetValueOrDefault((tenant, name)));
        }
    }

    public ValueTask<bool> DeleteAsync(TenantId tenant, string name, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return new(_activities.Remove((tenant, name)));
        }
    }

    public ValueTask<Page<ActivityRecord>> ListAsync(TenantId tenant, PageRequest page, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return new(MemoryPages.ByName(_activities.Values.Where(activity => activity.Tenant == tenant), activity => activity.Name, page));
        }
    }

    public ValueTask<int> CountAsync(TenantId tenant, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return new(_activities.Values.Count(activity => activity.Tenant == tenant));
        }
    }

    public async ValueTask<ActivityTask?> PollAsync(
        TenantId tenant, string name, string? workerName, TimeSpan wait, CancellationToken cancellation)
    {
        DateTimeOffset until = time.GetUtcNow() + wait;
        while (true)
        {
            Task added;
            ActivityTask? task = null;
            lock (_gate)
            {
                added = _added.Task;
                if (_waiting.TryGetValue((tenant, name), out Queue<ActivityTask>? queue))
                {
                    queue.TryDequeue(out task);
                }
            }

            if (task is not null)
            {
                Taken?.Invoke(task, workerName);
                return task;
            }

            TimeSpan left = until - time.GetUtcNow();
            if (left <= TimeSpan.Zero)
            {
                return null;
            }

            try
            {
                Task waiting = added.WaitAsync(left, time, cancellation);
                Waits.Release();
                await waiting;
            }
            catch (TimeoutException)
            {
                return null;
            }
        }
    }
}
