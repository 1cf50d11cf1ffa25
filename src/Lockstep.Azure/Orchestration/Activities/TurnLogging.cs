using Lockstep.Azure.Executions;
using Lockstep.Azure.Orchestration.Contracts;
using Lockstep.Engine.Codec;
using Lockstep.Service.Executions;
using Lockstep.Service.Logging;

namespace Lockstep.Azure.Orchestration.Activities;

/// <summary>
/// Logs the events of turns that are durable. An append that is repeated, because it may not have come so far, logs them again; the store keeps each once.
/// </summary>
internal sealed class TurnLogging(ILogStore logs, BodyParts parts)
{
    /// <summary>Logs what a batch has made durable, by this append or an earlier one.</summary>
    /// <param name="key">The execution.</param>
    /// <param name="message">The batch.</param>
    /// <param name="turns">Its turns; one that was durable before may lack its bytes.</param>
    /// <param name="logging">What of it is logged.</param>
    /// <param name="arn">The execution's ARN.</param>
    /// <param name="cancellation">Gives up.</param>
    public async ValueTask LogAsync(
        ExecutionKey key, BatchMessage message, IReadOnlyList<TurnRecord> turns, LoggingConfiguration logging, string arn, CancellationToken cancellation)
    {
        if (logging.LogGroup is not { } group)
        {
            return;
        }

        List<LogEvent> events = [];
        for (int index = 0; index < turns.Count; index++)
        {
            TurnMessage sent = message.Turns[index];

            // Parts are removed after their turn has been logged, so where they are gone it has been.
            ReadOnlyMemory<byte>? bytes = turns[index].Bytes.IsEmpty ? await parts.TryReadAsync(key, sent.Bytes, cancellation) : turns[index].Bytes;
            if (bytes is { IsEmpty: false } stored)
            {
                events.AddRange(ExecutionLog.Of(logging, key, arn, sent.Redrives ?? 0, TurnCodec.ReadEvents(stored.Span, 0, sent.Events)));
            }
        }

        await logs.AppendAsync(new LogGroup(key.Tenant, group), events, cancellation);
    }
}
