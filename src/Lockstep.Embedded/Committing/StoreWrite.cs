namespace Lockstep.Embedded.Committing;

/// <summary>A write of one of the stores, with an answer that its caller gets once it is durable.</summary>
internal sealed class StoreWrite<T>(Func<WriteContext, T> write) : WriteOperation
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _answer;

    /// <summary>Completes when the write is durable; fails when it was rejected.</summary>
    public Task<T> Completion => _completion.Task;

    /// <inheritdoc/>
    public override void Apply(WriteContext context) => _answer = write(context);

    /// <inheritdoc/>
    public override void Durable()
    {
        // Apply ran before, so the answer is there; T itself may be nullable.
        _completion.SetResult(_answer!);
    }

    /// <inheritdoc/>
    public override void Rejected(Exception failure) => _completion.SetException(failure);
}
