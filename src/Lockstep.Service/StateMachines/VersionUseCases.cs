using System.Globalization;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.Naming;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.StateMachines;

/// <summary>Publishing, listing and deleting versions of state machines.</summary>
public sealed class VersionUseCases(
    IStateMachineStore machines, IStateMachineVersionStore versions, ResourceNames names, PageTokens pages, ServiceLimits limits, TimeProvider time)
{
    /// <summary>
    /// Publishes the revision in force. Published again, a revision keeps its version and its description (Step Functions,
    /// PublishStateMachineVersion). Fails with ConflictException when another revision is in force than the request names.
    /// </summary>
    public async ValueTask<Result<PublishOutcome>> PublishAsync(
        TenantId tenant, string stateMachineName, PublishVersionRequest request, CancellationToken cancellation)
    {
        if ((names.Check(stateMachineName, "name") ?? CheckDescription(request.Description, "/description", limits)) is { } refused)
        {
            return refused;
        }

        return await versions.PublishAsync(
            new NewStateMachineVersion(
                tenant, stateMachineName, request.RevisionId, request.Description, time.GetUtcNow(), limits.MaxStateMachineVersions),
            cancellation);
    }

    /// <summary>Finds a version with the revision that it names. Fails with ResourceNotFound.</summary>
    public async ValueTask<Result<DescribedVersion>> DescribeAsync(
        TenantId tenant, string stateMachineName, long number, CancellationToken cancellation)
    {
        if (names.Check(stateMachineName, "name") is { } badName)
        {
            return badName;
        }

        return await versions.FindVersionAsync(tenant, stateMachineName, number, cancellation) is { } version
            && await machines.FindRevisionAsync(tenant, stateMachineName, version.RevisionId, cancellation) is { } machine
            ? new DescribedVersion(version, machine)
            : VersionErrors.NoVersion(stateMachineName, number);
    }

    /// <summary>Lists the versions of a machine, which has to exist, newest first.</summary>
    public async ValueTask<Result<Page<StateMachineVersion>>> ListAsync(
        TenantId tenant, string stateMachineName, ListRequest asked, CancellationToken cancellation)
    {
        if (names.Check(stateMachineName, "name") is { } badName)
        {
            return badName;
        }

        string query = $"versions\n{stateMachineName}";
        Result<PageRequest> page = pages.Open(tenant, query, asked);
        if (!page.Succeeded)
        {
            return page.Error;
        }

        return await machines.FindAsync(tenant, stateMachineName, cancellation) is null
            ? StateMachineUseCases.DoesNotExist(stateMachineName)
            : pages.Seal(tenant, query, await versions.ListVersionsAsync(tenant, stateMachineName, page.Value, cancellation));
    }

    /// <summary>
    /// Deletes a version; one that is not there counts as deleted. Executions that run it go on, and its number is not given out again. Fails
    /// with ConflictException while an alias routes to it.
    /// </summary>
    public async ValueTask<Result<Accepted>> DeleteAsync(TenantId tenant, string stateMachineName, long number, CancellationToken cancellation) =>
        names.Check(stateMachineName, "name") is { } badName
            ? badName
            : await versions.DeleteVersionAsync(tenant, stateMachineName, number, time.GetUtcNow(), cancellation);

    /// <summary>Null when a version or alias can be described so.</summary>
    internal static ServiceError? CheckDescription(string? description, string target, ServiceLimits limits) =>
        description is null || description.Length <= limits.MaxVersionDescriptionLength ? null : new ServiceError(
            ErrorCodes.Validation,
            string.Create(
                CultureInfo.InvariantCulture, $"The description has {description.Length} characters; {limits.MaxVersionDescriptionLength} are allowed."))
        {
            Target = target,
        };
}
