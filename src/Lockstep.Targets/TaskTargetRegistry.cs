using System.Collections.Frozen;
using Lockstep.Asl.Resources;
using Lockstep.Service.Targets;

namespace Lockstep.Targets;

/// <summary>
/// Everything that a Task state can call, in one place. Invariant: what it finds is exactly what its catalog of resources allows, so that
/// a definition that was accepted meets a target when it runs. Activities are no targets: workers come for them.
/// </summary>
public sealed class TaskTargetRegistry : ITaskTargets
{
    private readonly ITaskTarget _functions;
    private readonly FrozenDictionary<(string Service, string Action), ITaskTarget> _services;

    /// <summary>A registry of these integrations. Two for the same service and action are a mistake of the caller.</summary>
    /// <param name="functions">Who carries out function ARNs.</param>
    /// <param name="services">The service integrations.</param>
    /// <param name="mapRuns">Who carries out what map runs call, which no definition can name; null where Map states in DISTRIBUTED mode do not run.</param>
    public TaskTargetRegistry(ITaskTarget functions, IReadOnlyCollection<TargetRegistration> services, MapRunTargets? mapRuns = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        _functions = functions;
        var byAction = new Dictionary<(string Service, string Action), ITaskTarget>();
        foreach ((IntegrationShape shape, ITaskTarget target) in services)
        {
            foreach (IntegrationPattern pattern in shape.Patterns)
            {
                byAction.Add((shape.Service, shape.Action + TaskResourceParser.SuffixOf(pattern)), target);
            }
        }

        foreach ((TaskResource resource, ITaskTarget target) in mapRuns?.All ?? [])
        {
            byAction.Add((resource.Service, resource.Action), target);
        }

        _services = byAction.ToFrozenDictionary();
        ResourceCatalog catalog = CatalogOf(services.Select(service => service.Shape));
        Catalog = mapRuns is null ? catalog : catalog.WithDistributedMaps();
    }

    /// <summary>What definitions may name; the validator refuses everything else.</summary>
    public IResourceCatalog Catalog { get; }

    /// <summary>The catalog of some integrations, with functions and activities.</summary>
    public static ResourceCatalog CatalogOf(IEnumerable<IntegrationShape> shapes)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        ResourceCatalog catalog = ResourceCatalog.Empty;
        foreach (IntegrationShape shape in shapes)
        {
            catalog = catalog.With(shape.Service, shape.Action, shape.Patterns, shape.RequiredParameters);
        }

        return catalog;
    }

    /// <inheritdoc/>
    public ITaskTarget? Find(TaskResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return resource.Kind switch
        {
            ResourceKind.Function => _functions,
            ResourceKind.Service => _services.GetValueOrDefault((resource.Service, resource.Action)),
            ResourceKind.Activity => null,
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }
}
