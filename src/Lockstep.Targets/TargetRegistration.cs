using System.Collections.Immutable;
using Lockstep.Asl.Resources;
using Lockstep.Service.Targets;

namespace Lockstep.Targets;

/// <summary>One service integration: what definitions call it, what it needs, and who carries it out.</summary>
/// <param name="Service">As in the ARN, such as <c>lambda</c>.</param>
/// <param name="Action">As in the ARN without a pattern, such as <c>invoke</c>.</param>
/// <param name="Patterns">The patterns it supports.</param>
/// <param name="RequiredParameters">Members that <c>Parameters</c> must have.</param>
/// <param name="Target">Who carries it out.</param>
public sealed record TargetRegistration(
    string Service, string Action, ImmutableArray<IntegrationPattern> Patterns, ImmutableArray<string> RequiredParameters, ITaskTarget Target);
