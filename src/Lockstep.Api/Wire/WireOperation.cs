using System.Collections.Immutable;
using Lockstep.Api.Routing;
using Lockstep.Api.Wire.Shapes;

namespace Lockstep.Api.Wire;

/// <summary>Carries out an operation whose request has been checked against its shape.</summary>
public delegate ValueTask<WireAnswer> WireHandler(WireCall call);

/// <summary>
/// One operation of the Step Functions API: its name, what its request has to be, the code that carries it out, and what is told of it. Dispatch, throttling and
/// docs/aws-compatibility.md are made from it.
/// </summary>
/// <param name="Name">The name, as it stands in X-Amz-Target after the dot.</param>
/// <param name="Request">The shape of the request.</param>
/// <param name="Handler">Carries it out.</param>
/// <param name="Throttle">How often a tenant may call it unless the operator says otherwise.</param>
public sealed record WireOperation(string Name, StructureShape Request, WireHandler Handler, ThrottleRate Throttle)
{
    /// <summary>How long it may take.</summary>
    public RoutePace Pace { get; init; } = RoutePace.Prompt;

    /// <summary>Which rate a request counts against, where that follows from the request; null where every one counts against the operation's own.</summary>
    public Func<WireCall, ValueTask<KeyValuePair<string, ThrottleRate>>>? Bucket { get; init; }

    /// <summary>The exceptions of its own that it can answer, beside those that any operation can (<see cref="WireErrors.Common"/>).</summary>
    public ImmutableArray<string> Errors { get; init; } = [];

    /// <summary>What differs from Step Functions, one sentence each; empty when nothing is known to.</summary>
    public ImmutableArray<string> Differences { get; init; } = [];
}

/// <summary>A token bucket: so many calls at once, and so many more each second.</summary>
/// <param name="BucketSize">Calls at once after a pause.</param>
/// <param name="RefillPerSecond">Calls a second on average.</param>
public sealed record ThrottleRate(int BucketSize, int RefillPerSecond);
