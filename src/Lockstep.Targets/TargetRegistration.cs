using System.Collections.Immutable;
using Lockstep.Asl.Resources;
using Lockstep.Service.Targets;

namespace Lockstep.Targets;

/// <summary>What definitions see of one service integration.</summary>
/// <param name="Service">As in the ARN, such as <c>lambda</c>.</param>
/// <param name="Action">As in the ARN without a pattern, such as <c>invoke</c>.</param>
/// <param name="Patterns">The patterns it supports.</param>
/// <param name="RequiredParameters">Members that <c>Parameters</c> must have.</param>
public sealed record IntegrationShape(
    string Service, string Action, ImmutableArray<IntegrationPattern> Patterns, ImmutableArray<string> RequiredParameters)
{
    /// <summary>The integration with who carries it out.</summary>
    public TargetRegistration ServedBy(ITaskTarget target) => new(this, target);
}

/// <summary>One service integration: what definitions see of it, and who carries it out.</summary>
/// <param name="Shape">What definitions see.</param>
/// <param name="Target">Who carries it out.</param>
public sealed record TargetRegistration(IntegrationShape Shape, ITaskTarget Target);
