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
    public TaskTargetRegistry(ITaskTarget functions, IReadOnlyCollection<TargetRegistration> services)
    {
        ArgumentNullException.ThrowIfNull(services);
        _functions = functions;
        ResourceCatalog catalog = ResourceCatalog.Empty;
        var byAction = new Dictionary<(string Service, string Action), ITaskTarget>();
        foreach (TargetRegistration service in services)
        {
            catalog = catalog.With(service.Service, service.Action, service.Patterns, service.RequiredParameters);
            foreach (IntegrationPattern pattern in service.Patterns)
            {
                byAction.Add((service.Service, service.Action + TaskResourceParser.SuffixOf(pattern)), service.Target);
            }
        }

        _services = byAction.ToFrozenDictionary();
        Catalog = catalog;
    }

    /// <summary>What definitions may name; the validator refuses everything else.</summary>
    public IResourceCatalog Catalog { get; }

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
