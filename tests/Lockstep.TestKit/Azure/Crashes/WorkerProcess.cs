namespace Lockstep.TestKit.Azure.Crashes;

/// <summary>
/// The life of one worker process. Everything that leaves the process or comes into it passes here; once it is dead, nothing of it has an effect any
/// more, and nothing that waits in it ever goes on, as its memory is gone.
/// </summary>
internal sealed class WorkerProcess
{
    private readonly TaskCompletionSource _died = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _moved = NewSignal();
    private int _underWay;

    /// <summary>Where it dies; null while nobody has planned it.</summary>
    public CrashPlan? Plan { get; set; }

    /// <summary>Whether it is dead.</summary>
    public bool IsDead => _died.Task.IsCompleted;

    /// <summary>Completes when it dies.</summary>
    public Task Died => _died.Task;

    /// <summary>Pieces of work that have begun and not ended.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>Ends it without notice.</summary>
    public void Die()
    {
        _died.TrySetResult();
        Move();
    }

    /// <summary>Something has begun to wait, or has ended.</summary>
    public void Move() => Interlocked.Exchange(ref _moved, NewSignal()).SetResult();

    /// <summary>Waits until it is dead, or nothing is under way but what somebody holds.</summary>
    public async Task AllHeldAsync(Func<int> held, CancellationToken patience)
    {
        while (true)
        {
            Task moved = Volatile.Read(ref _moved).Task;
            if (IsDead || UnderWay <= held())
            {
                return;
            }

            await moved.WaitAsync(patience);
        }
    }

    /// <summary>Passes a point at which it may die.</summary>
    public async ValueTask PassAsync(string point)
    {
        if (!IsDead && Plan?.Dies(point) == true)
        {
            Die();
        }

        if (IsDead)
        {
            await new TaskCompletionSource().Task;
        }
    }

    /// <summary>Makes a call to the outside: it may die before, and after it has had its effect.</summary>
    public async ValueTask<T> CallAsync<T>(string what, Func<ValueTask<T>> call)
    {
        await PassAsync("before " + what);
        T answer;
        try
        {
            answer = await call();
        }
        catch (Exception) when (IsDead)
        {
            await new TaskCompletionSource().Task;
            throw;
        }

        await PassAsync("after " + what);
        return answer;
    }

    /// <summary>Makes a call that has no answer.</summary>
    public async ValueTask DoAsync(string what, Func<ValueTask> call) => await CallAsync(what, async () =>
    {
        await call();
        return true;
    });

    /// <summary>Counts work from its begin until whoever waits for it has been told.</summary>
    public Task<T> CountAsync<T>(Func<Task<T>> work, Action<Exception> failed)
    {
        var told = new TaskCompletionSource<T>();
        Interlocked.Increment(ref _underWay);
        _ = RunAsync();
        return told.Task;

        async Task RunAsync()
        {
            try
            {
                told.SetResult(await work());
            }
            catch (Exception failure)
            {
                failed(failure);
                told.SetException(failure);
            }
            finally
            {
                Interlocked.Decrement(ref _underWay);
                Move();
            }
        }
    }

    /// <summary>Waits for work of this process, and no longer than it lives.</summary>
    /// <exception cref="ProcessDiedException">It has died meanwhile; what the work has done by then is unknown.</exception>
    public async Task<T> WaitForAsync<T>(Task<T> work)
    {
        await Task.WhenAny(work, Died);
        return work.IsCompleted ? await work : throw new ProcessDiedException();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>The process that somebody waited for has died.</summary>
public sealed class ProcessDiedException : Exception
{
    /// <summary>Without more.</summary>
    public ProcessDiedException()
        : base("The process has died.")
    {
    }

    /// <summary>With words.</summary>
    public ProcessDiedException(string message)
        : base(message)
    {
    }

    /// <summary>With words and a cause.</summary>
    public ProcessDiedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
