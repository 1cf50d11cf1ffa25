using System.Collections.Immutable;
using System.Globalization;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.Naming;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.StateMachines;

/// <summary>Creating, changing, reading and deleting aliases of state machines.</summary>
public sealed class AliasUseCases(
    IStateMachineStore machines, IStateMachineVersionStore versions, ResourceNames names, PageTokens pages, ServiceLimits limits, TimeProvider time)
{
    private const int MaxRoutes = 2;
    private const string RoutesTarget = "/routingConfiguration";

    /// <summary>
    /// Creates an alias. As at Step Functions the answer is idempotent: the same name, description and routes give the alias that is there; else
    /// the name fails with ConflictException. The machine fails with StateMachineDoesNotExist, a version that is not there with ResourceNotFound.
    /// </summary>
    public async ValueTask<Result<CreateAliasOutcome>> CreateAsync(
        TenantId tenant, string stateMachineName, CreateAliasRequest request, CancellationToken cancellation)
    {
        ServiceError? refused = names.Check(stateMachineName, "name") ?? names.CheckAlias(request.Name, "/name")
            ?? VersionUseCases.CheckDescription(request.Description, "/description", limits) ?? CheckRoutes(request.Routes);
        if (refused is not null)
        {
            return refused;
        }

        DateTimeOffset now = time.GetUtcNow();
        var alias = new StateMachineAlias(
            tenant, stateMachineName, request.Name, NewRevisionId(), request.Description, request.Routes, now, now);
        Result<StateMachineAlias> created = await versions.CreateAliasAsync(alias, limits.MaxStateMachineAliases, cancellation);
        if (created.Succeeded)
        {
            return new CreateAliasOutcome(created.Value, Created: true);
        }

        return created.Error.Code == ErrorCodes.Conflict
            && await versions.FindAliasAsync(tenant, stateMachineName, request.Name, cancellation) is { } existing
            && existing.Description == request.Description
            && existing.Routes.SequenceEqual(request.Routes)
            ? new CreateAliasOutcome(existing, Created: false)
            : created.Error;
    }

    /// <summary>Finds an alias. Fails with ResourceNotFound.</summary>
    public async ValueTask<Result<StateMachineAlias>> DescribeAsync(
        TenantId tenant, string stateMachineName, string name, CancellationToken cancellation)
    {
        if ((names.Check(stateMachineName, "name") ?? names.CheckAlias(name, "alias")) is { } badName)
        {
            return badName;
        }

        return await versions.FindAliasAsync(tenant, stateMachineName, name, cancellation) is { } alias
            ? alias
            : VersionErrors.NoAlias(stateMachineName, name);
    }

    /// <summary>Lists the aliases of a machine, which has to exist, by name: all, or those that route to one version.</summary>
    public async ValueTask<Result<Page<StateMachineAlias>>> ListAsync(
        TenantId tenant, string stateMachineName, long? version, ListRequest asked, CancellationToken cancellation)
    {
        if (names.Check(stateMachineName, "name") is { } badName)
        {
            return badName;
        }

        string query = string.Create(CultureInfo.InvariantCulture, $"aliases\n{stateMachineName}\n{version}");
        Result<PageRequest> page = pages.Open(tenant, query, asked);
        if (!page.Succeeded)
        {
            return page.Error;
        }

        return await machines.FindAsync(tenant, stateMachineName, cancellation) is null
            ? StateMachineUseCases.DoesNotExist(stateMachineName)
            : pages.Seal(tenant, query, await versions.ListAliasesAsync(tenant, stateMachineName, version, page.Value, cancellation));
    }

    /// <summary>
    /// Changes description or routes. Whoever starts through the alias from now on is routed the new way. Without a difference the revision stays.
    /// </summary>
    public async ValueTask<Result<StateMachineAlias>> UpdateAsync(
        TenantId tenant, string stateMachineName, string name, UpdateAliasRequest request, CancellationToken cancellation)
    {
        if (request.Description is null && request.Routes is null)
        {
            return new ServiceError(ErrorCodes.Validation, "The update has neither description nor routingConfiguration. Send at least one of them.");
        }

        if ((VersionUseCases.CheckDescription(request.Description, "/description", limits)
            ?? (request.Routes is { } given ? CheckRoutes(given) : null)) is { } refused)
        {
            return refused;
        }

        Result<StateMachineAlias> found = await DescribeAsync(tenant, stateMachineName, name, cancellation);
        if (!found.Succeeded)
        {
            return found;
        }

        StateMachineAlias current = found.Value;
        if (request.ExpectedRevisionId is { } expected && expected != current.RevisionId)
        {
            return VersionErrors.AliasChanged(stateMachineName, name);
        }

        string? description = request.Description ?? current.Description;
        ImmutableArray<AliasRoute> routes = request.Routes ?? current.Routes;
        if (description == current.Description && routes.SequenceEqual(current.Routes))
        {
            return current;
        }

        // What the request leaves out is taken from what was read, so the change is based on it even when the caller does not say.
        return await versions.UpdateAliasAsync(
            current with { Description = description, Routes = routes, RevisionId = NewRevisionId(), UpdatedAt = time.GetUtcNow() },
            request.ExpectedRevisionId ?? (request.Description is null || request.Routes is null ? current.RevisionId : null),
            cancellation);
    }

    /// <summary>Deletes an alias; one that is not there counts as deleted, unless the caller has named a revision.</summary>
    public async ValueTask<Result<Accepted>> DeleteAsync(
        TenantId tenant, string stateMachineName, string name, string? expectedRevisionId, CancellationToken cancellation)
    {
        if ((names.Check(stateMachineName, "name") ?? names.CheckAlias(name, "alias")) is { } badName)
        {
            return badName;
        }

        bool deleted = await versions.DeleteAliasAsync(tenant, stateMachineName, name, expectedRevisionId, cancellation);
        return deleted || expectedRevisionId is null ? default(Accepted) : VersionErrors.AliasChanged(stateMachineName, name);
    }

    private static string NewRevisionId() => Guid.NewGuid().ToString();

    private static ServiceError? CheckRoutes(ImmutableArray<AliasRoute> routes)
    {
        if (routes.Length is 0 or > MaxRoutes)
        {
            return Refuse($"An alias routes to one or two versions; these are {routes.Length}.");
        }

        if (routes.Any(route => route.Weight is < 0 or > StateMachineAlias.TotalWeight))
        {
            return Refuse("A weight is a percentage from 0 to 100.");
        }

        if (routes.Sum(route => route.Weight) != StateMachineAlias.TotalWeight)
        {
            return Refuse(string.Create(
                CultureInfo.InvariantCulture, $"The weights add up to {routes.Sum(route => route.Weight)}, but have to add up to 100."));
        }

        return routes.Length == MaxRoutes && routes[0].Version == routes[1].Version
            ? Refuse("The two routes name the same version. Leave one out and give the other the weight 100.")
            : null;
    }

    private static ServiceError Refuse(string message) => new(ErrorCodes.Validation, message) { Target = RoutesTarget };
}
