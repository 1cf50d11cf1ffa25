namespace Lockstep.TestKit.Azure;

/// <summary>The line between the code under test and the services in memory: counts calls, and makes them fail.</summary>
internal sealed class FaultyLine
{
    private readonly AsyncLocal<bool> _inside = new();

    public StorageCounts Counts { get; } = new();

    public Faults Faults { get; set; } = Faults.None;

    public Func<StorageOperation, Task>? Before { get; set; }

    /// <summary>Whose calls go wrong; null for everybody's.</summary>
    public Func<bool>? Strikes { get; set; }

    /// <summary>Told of every fault.</summary>
    public Action<StorageOperation, Fault>? Struck { get; set; }

    public async ValueTask<T> CallAsync<T>(StorageOperation operation, Func<T> effect, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (Before is { } before && !_inside.Value)
        {
            _inside.Value = true;
            await before(operation);
            _inside.Value = false;
        }

        Counts.Add(operation);
        Faults faults = Faults;
        Fault fault = Strikes?.Invoke() == false ? Fault.None : faults.Next();
        if (fault != Fault.None)
        {
            Struck?.Invoke(operation, fault);
        }

        if (fault == Fault.BeforeEffect)
        {
            throw faults.Failure(operation, fault);
        }

        T answer = effect();
        if (fault == Fault.SentTwice && operation.Kind == StorageOperationKind.TableWrite)
        {
            answer = effect();
        }

        return fault == Fault.AnswerLost ? throw faults.Failure(operation, fault) : answer;
    }
}
