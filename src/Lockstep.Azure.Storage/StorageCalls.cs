using Azure;
using Azure.Identity;
using Lockstep.Service.Errors;

namespace Lockstep.Azure.Storage;

/// <summary>
/// Turns what the storage SDK throws into what the ports promise. The SDK has repeated what was worth repeating before it throws, so here
/// nothing is repeated; whether a call that threw took effect is unknown.
/// </summary>
internal static class StorageCalls
{
    /// <summary>Makes a call. Anything but an answer is a storage that cannot be reached.</summary>
    /// <param name="what">What is done to what, for the operator's log; no content.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellation">The caller's own; when it is cancelled, that is no outage.</param>
    public static async ValueTask<T> MakeAsync<T>(string what, Func<Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            return await call();
        }
        catch (Exception failure) when (IsOutage(failure, cancellation))
        {
            throw new StorageUnavailableException($"{what} failed: {Summary(failure)}", failure);
        }
    }

    /// <summary>
    /// Whether a failure is none of the answers that the ports foresee; those are caught where they are expected. A cancellation that the caller
    /// has not asked for is a timeout of the SDK.
    /// </summary>
    private static bool IsOutage(Exception failure, CancellationToken cancellation) => failure
        is RequestFailedException or AggregateException or HttpRequestException or IOException or AuthenticationFailedException
        || (failure is OperationCanceledException && !cancellation.IsCancellationRequested);

    private static string Summary(Exception failure) => failure is RequestFailedException { ErrorCode: { } code } request
        ? $"{request.Status} {code}"
        : failure.GetType().Name;
}
