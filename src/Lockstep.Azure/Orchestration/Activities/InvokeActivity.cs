using Lockstep.Asl.Resources;
using Lockstep.Azure.Ledger;
using Lockstep.Azure.Orchestration.Contracts;
using Lockstep.Engine.Codec;
using Lockstep.Engine.Commands;
using Lockstep.Service.Effects;
using Lockstep.Service.Executions;
using Lockstep.Service.Targets;
using Lockstep.Service.Telemetry;

namespace Lockstep.Azure.Orchestration.Activities;

/// <summary>Makes the turns durable that schedule a call, then calls: so no effect is ever without its history.</summary>
internal sealed class InvokeActivity(AppendActivity append, ActivityPorts ports, BodyParts parts)
{
    public async ValueTask<InvokeAnswer> RunAsync(ExecutionKey key, InvokeRequest request, CancellationToken cancellation)
    {
        AppendAnswer? appended = request.Batch is null ? null : await append.RunAsync(key, request.Instance, request.Batch, request.Traced, request.Logging, cancellation);
        if (appended is not null && appended.Result != AppendResult.Appended)
        {
            return new InvokeAnswer(appended, null);
        }

        InvokeTask command = InvocationCodec.Read((await parts.ReadAsync(key, request.Invocation, cancellation)).Span);
        using CancellationTokenSource? bound = BoundOf(command);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, bound?.Token ?? CancellationToken.None);
        try
        {
            ExecutionTrace? trace = request.Traced is { } traced ? ExecutionTrace.Of(traced.Of(key)) : null;
            DateTimeOffset start = ports.Time.GetUtcNow();
            TaskOutcome outcome = await TaskCalls.InvokeAsync(
                ports.Targets, command, key, EffectKeys.Of(key, request.Run), ports.Warn, either.Token, trace, isRepeated: true);
            DateTimeOffset end = ports.Time.GetUtcNow();
            ports.Telemetry?.Executions.Called(key, trace, command, outcome, start, end);
            ReadOnlyMemory<byte> stimulus = StimulusBytes.Of(TaskCalls.ToStimulus(command, outcome, end));
            return new InvokeAnswer(appended, await parts.PutAsync(key, stimulus, request.MaxInlineBytes, cancellation));
        }
        catch (OperationCanceledException) when (bound is { IsCancellationRequested: true } && !cancellation.IsCancellationRequested)
        {
            // The timer of the task has fired by now, and nobody wants the outcome any more.
            return new InvokeAnswer(appended, null);
        }
    }

    /// <summary>Ends a call when the task has timed out anyway; the timeout of a task that waits for more than its call is not the call's.</summary>
    private CancellationTokenSource? BoundOf(InvokeTask command) =>
        command is { TimeoutSeconds: long seconds, Resource.Pattern: IntegrationPattern.RequestResponse } && seconds <= int.MaxValue / 1000
            ? new CancellationTokenSource(TimeSpan.FromSeconds(Math.Max(seconds, 1)), ports.Time)
            : null;
}
