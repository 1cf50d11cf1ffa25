using System.Collections.Immutable;

namespace Lockstep.Asl.Resources;

/// <summary>A fixed list of service integrations. Functions and activities are always allowed: they are registered while the machine exists.</summary>
public sealed class ResourceCatalog : IResourceCatalog
{
    private static readonly ResourceDescription Anything = new([.. Enum.GetValues<IntegrationPattern>()], []);

    private readonly ImmutableDictionary<string, ResourceDescription> _services;
    private readonly bool _permissive;

    private ResourceCatalog(ImmutableDictionary<string, ResourceDescription> services, bool permissive)
    {
        _services = services;
        _permissive = permissive;
    }

    /// <summary>Allows every well-formed resource with every pattern.</summary>
    public static ResourceCatalog Permissive { get; } = new(ImmutableDictionary<string, ResourceDescription>.Empty, permissive: true)
    {
        RunsDistributedMaps = true,
    };

    /// <summary>Allows functions and activities only; add service integrations with <see cref="With"/>.</summary>
    public static ResourceCatalog Empty { get; } =
        new(ImmutableDictionary.Create<string, ResourceDescription>(StringComparer.Ordinal), permissive: false);

    /// <inheritdoc/>
    public bool RunsDistributedMaps { get; private init; }

    /// <summary>A catalog that has one more integration.</summary>
    /// <param name="service">The service, such as <c>states</c> or <c>aws-sdk:dynamodb</c>.</param>
    /// <param name="action">The action without its pattern, such as <c>startExecution</c>.</param>
    /// <param name="patterns">The integration patterns it supports.</param>
    /// <param name="requiredParameters">Names that <c>Parameters</c> must have.</param>
    public ResourceCatalog With(
        string service, string action, ImmutableArray<IntegrationPattern> patterns, params ImmutableArray<string> requiredParameters) =>
        new(_services.SetItem($"{service}:{action}", new ResourceDescription(patterns, requiredParameters)), _permissive)
        {
            RunsDistributedMaps = RunsDistributedMaps,
        };

    /// <summary>The same catalog where Map states in DISTRIBUTED mode can run.</summary>
    public ResourceCatalog WithDistributedMaps() => new(_services, _permissive) { RunsDistributedMaps = true };

    /// <inheritdoc/>
    public ResourceDescription? Find(TaskResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        if (_permissive || resource.Kind != ResourceKind.Service)
        {
            return Anything;
        }

        return _services.GetValueOrDefault($"{resource.Service}:{resource.ActionName}");
    }
}
