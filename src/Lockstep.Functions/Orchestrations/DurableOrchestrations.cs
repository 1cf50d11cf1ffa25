using System.Globalization;
using DurableTask.Core.Exceptions;
using Grpc.Core;
using Lockstep.Azure.Orchestration;
using Lockstep.Azure.Ports;
using Lockstep.Engine;
using Lockstep.Service.Errors;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Lockstep.Functions.Orchestrations;

/// <summary>
/// <see cref="IOrchestrations"/> over the client of Durable Task. The platform hands such a client to functions only, so each function that may
/// need it gives it to <see cref="Use"/> first; they are all of the same task hub, so it does not matter whose is used.
/// </summary>
public sealed class DurableOrchestrations : IOrchestrations
{
    /// <summary>The one event that orchestrations wait for.</summary>
    public const string WakeEvent = "Wake";

    /// <summary>The version of orchestrations that this build starts; host.json repeats it. Two parts, because so the platform compares by number.</summary>
    public static readonly string CurrentVersion = Interpreter.CurrentRevision.ToString(CultureInfo.InvariantCulture) + ".0";

    private static readonly TimeSpan _terminationPatience = TimeSpan.FromSeconds(10);

    private static readonly OrchestrationRuntimeStatus[] _everyStatus = [.. StartOrchestrationOptionsExtensions.ValidDedupeStatuses];

    private volatile DurableTaskClient? _client;

    /// <summary>Takes over the client of a call.</summary>
    public void Use(DurableTaskClient client) => _client = client;

    /// <inheritdoc/>
    public async ValueTask ScheduleAsync(OrchestrationStart start, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(start);
        StartOrchestrationOptions options = new StartOrchestrationOptions(start.InstanceId)
        {
            Tags = start.Tags,
            Version = new TaskVersion(CurrentVersion),
        }.WithDedupeStatuses(_everyStatus);
        await CallAsync(
            "Scheduling",
            async client =>
            {
                try
                {
                    await client.ScheduleNewOrchestrationInstanceAsync(OrchestrationNames.Execution, start.Input, options, cancellation);
                }
                catch (OrchestrationAlreadyExistsException)
                {
                    // It stays as it is, which is what was asked for.
                }

                return true;
            },
            cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask WakeAsync(string instanceId, CancellationToken cancellation) => await CallAsync(
        "Waking",
        async client =>
        {
            try
            {
                await client.RaiseEventAsync(instanceId, WakeEvent, eventPayload: null, cancellation);
            }
            catch (RpcException none) when (none.StatusCode is StatusCode.NotFound or StatusCode.FailedPrecondition)
            {
                // Not there, or ended: nobody to wake.
            }

            return true;
        },
        cancellation);

    /// <inheritdoc/>
    public ValueTask<bool> IsRunningAsync(string instanceId, CancellationToken cancellation) =>
        CallAsync("Looking up", client => IsOpenAsync(client, instanceId, cancellation), cancellation);

    /// <inheritdoc/>
    public async ValueTask TerminateAsync(string instanceId, CancellationToken cancellation) => await CallAsync(
        "Terminating",
        async client =>
        {
            if (!await IsOpenAsync(client, instanceId, cancellation))
            {
                return true;
            }

            await client.TerminateInstanceAsync(instanceId, new TerminateInstanceOptions { Recursive = true }, cancellation);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(_terminationPatience);
            try
            {
                await client.WaitForInstanceCompletionAsync(instanceId, getInputsAndOutputs: false, patience.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // It ends when the scheduler gets to it.
            }

            return true;
        },
        cancellation);

    /// <inheritdoc/>
    public async ValueTask PurgeAsync(string instanceId, CancellationToken cancellation) => await CallAsync(
        "Purging",
        async client =>
        {
            if (!await IsOpenAsync(client, instanceId, cancellation))
            {
                await client.PurgeInstanceAsync(instanceId, cancellation);
            }

            return true;
        },
        cancellation);

    private static async Task<bool> IsOpenAsync(DurableTaskClient client, string instanceId, CancellationToken cancellation) =>
        await client.GetInstanceAsync(instanceId, getInputsAndOutputs: false, cancellation) is { IsCompleted: false };

    private async ValueTask<T> CallAsync<T>(string what, Func<DurableTaskClient, Task<T>> call, CancellationToken cancellation)
    {
        DurableTaskClient client = _client ?? throw new InvalidOperationException("No function has handed over its client of Durable Task yet.");
        try
        {
            return await call(client);
        }
        catch (Exception failure) when (failure is RpcException or HttpRequestException or IOException
            || (failure is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new StorageUnavailableException(
                $"{what} an orchestration failed: {(failure as RpcException)?.StatusCode.ToString() ?? failure.GetType().Name}", failure);
        }
    }
}
