using System.Collections.Immutable;

namespace Lockstep.Asl.Resources;

/// <summary>Says which resources a Task state may name, so that others are refused when a definition is created.</summary>
public interface IResourceCatalog
{
    /// <summary>What is known of a resource, or null when no target carries it out.</summary>
    ResourceDescription? Find(TaskResource resource);

    /// <summary>Whether Map states in DISTRIBUTED mode can run, which takes targets of their own.</summary>
    bool RunsDistributedMaps { get; }
}

/// <summary>What a target allows and needs.</summary>
/// <param name="Patterns">The integration patterns it supports.</param>
/// <param name="RequiredParameters">Names that <c>Parameters</c> must have, each as itself or with <c>.$</c>.</param>
public sealed record ResourceDescription(ImmutableArray<IntegrationPattern> Patterns, ImmutableArray<string> RequiredParameters);
