using Lockstep.Embedded.Hosting;

namespace Lockstep.Embedded.Tests.Support;

internal sealed class RecordingFatal : IFatal
{
    private readonly TaskCompletionSource<(StorageFailure Failure, string Message)> _ended =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<(StorageFailure Failure, string Message)> Ended => _ended.Task;

    public void End(StorageFailure failure, string message) => _ended.TrySetResult((failure, message));
}
