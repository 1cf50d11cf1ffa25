using System.Collections.Frozen;
using System.Collections.Immutable;
using Lockstep.Api.Wire.Operations;

namespace Lockstep.Api.Wire;

/// <summary>Every operation of the Step Functions API that is served. What is not here does not exist for clients.</summary>
public static class WireRegistry
{
    /// <summary>What stands before the name of an operation in X-Amz-Target.</summary>
    public const string TargetPrefix = "AWSStepFunctions.";

    /// <summary>The operations, in the order of the documentation.</summary>
    public static ImmutableArray<WireOperation> Operations { get; } =
    [
        .. StateMachineWire.Operations,
        .. VersionWire.Operations,
        .. AliasWire.Operations,
        .. ValidationWire.Operations,
        .. StateTestWire.Operations,
        .. ExecutionWire.Operations,
        .. HistoryWire.Operations,
        .. MapRunWire.Operations,
        .. ActivityWire.Operations,
        .. TaskWire.Operations,
        .. TagWire.Operations,
    ];

    /// <summary>The rates that can be configured: one for each operation, and one more for starts of Express executions.</summary>
    public static ImmutableArray<KeyValuePair<string, ThrottleRate>> Rates { get; } =
    [
        .. Operations.Select(operation => KeyValuePair.Create(operation.Name, operation.Throttle)),
        KeyValuePair.Create(ExecutionWire.ExpressStart, ExecutionWire.ExpressStartRate),
    ];

    /// <summary>The operations whose rate AWS does not publish; the others have the one that it does.</summary>
    public static ImmutableArray<string> UnpublishedRates { get; } = ["StartSyncExecution"];

    private static FrozenDictionary<string, WireOperation> ByTarget { get; } =
        Operations.ToFrozenDictionary(operation => TargetPrefix + operation.Name, StringComparer.Ordinal);

    /// <summary>The operation that a target names; null when there is none.</summary>
    public static WireOperation? Find(string? target) => target is null ? null : ByTarget.GetValueOrDefault(target);
}
