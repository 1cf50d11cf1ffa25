using System.Collections.Concurrent;
using Lockstep.Embedded.Hosting;

namespace Lockstep.Embedded.Tests.Support;

internal sealed class RecordingLog : IEmbeddedLog
{
    public ConcurrentQueue<(string Message, Exception? Cause)> Warnings { get; } = new();

    public void Warn(string message, Exception? cause = null) => Warnings.Enqueue((message, cause));
}
