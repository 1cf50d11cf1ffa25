using System.Collections.Concurrent;
using Lockstep.Embedded.Hosting;
using Lockstep.Service.Executions;

namespace Lockstep.Embedded.Tests.Support;

internal sealed class RecordingLog : IEmbeddedLog
{
    public ConcurrentQueue<(string Message, Exception? Cause, ExecutionKey? Execution)> Warnings { get; } = new();

    public void Warn(string message, Exception? cause = null, ExecutionKey? execution = null) => Warnings.Enqueue((message, cause, execution));
}
