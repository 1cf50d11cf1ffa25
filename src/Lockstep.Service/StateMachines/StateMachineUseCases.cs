using System.Globalization;
using Lockstep.Service.Definitions;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.Logging;
using Lockstep.Service.Naming;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.StateMachines;

/// <summary>
/// Creating, changing, reading and deleting state machines. Nothing is stored that does not compile, so every stored revision runs.
/// </summary>
public sealed class StateMachineUseCases(
    IStateMachineStore store, VersionUseCases versions, DefinitionCompiler compiler, ResourceNames names, PageTokens pages, ServiceLimits limits, TimeProvider time)
{
    private const string ListQuery = "state-machines";

    /// <summary>
    /// Creates a machine. As at Step Functions the answer is idempotent: the same name, definition, type and logging give the machine that is
    /// there, whatever role and tags the repetition has; another of those fails with StateMachineAlreadyExists. When a version is to be
    /// published, that is a second step; a creation that was cut off between them is completed by the same request again.
    /// </summary>
    public async ValueTask<Result<CreateStateMachineOutcome>> CreateAsync(
        TenantId tenant, CreateStateMachineRequest request, CancellationToken cancellation)
    {
        if (CheckPublish(request.Publish, request.VersionDescription) is { } badPublish)
        {
            return badPublish;
        }

        Result<CreateStateMachineOutcome> created = await CreateMachineAsync(tenant, request, cancellation);
        if (!created.Succeeded || !request.Publish)
        {
            return created;
        }

        Result<PublishOutcome> published = await PublishAsync(created.Value.Machine, request.VersionDescription, cancellation);
        return published.Succeeded ? created.Value with { Version = published.Value.Version } : published.Error;
    }

    private async ValueTask<Result<CreateStateMachineOutcome>> CreateMachineAsync(
        TenantId tenant, CreateStateMachineRequest request, CancellationToken cancellation)
    {
        if (names.Check(request.Name, "/name") is { } badName)
        {
            return badName;
        }

        if ((compiler.CheckSize(request.Definition) ?? CheckRole(request.RoleArn, limits) ?? CheckTags(request.Tags)) is { } refused)
        {
            return refused;
        }

        Result<LoggingConfiguration> logging = request.Logging?.Check(tenant) ?? LoggingConfiguration.Off;
        if (!logging.Succeeded)
        {
            return logging.Error;
        }

        if (await store.FindAsync(tenant, request.Name, cancellation) is { } existing)
        {
            return Repeated(existing, request, logging.Value);
        }

        if (compiler.Check(request.Definition, request.Type) is { } invalid)
        {
            return invalid;
        }

        if (await store.CountAsync(tenant, cancellation) >= limits.MaxStateMachines)
        {
            return new ServiceError(
                ErrorCodes.StateMachineLimitExceeded,
                string.Create(CultureInfo.InvariantCulture, $"The tenant has {limits.MaxStateMachines} state machines, which is its limit. Delete one first."));
        }

        DateTimeOffset now = time.GetUtcNow();
        var machine = new StateMachineRecord(
            tenant, request.Name, NewRevisionId(), request.Definition, request.RoleArn ?? ArnFormat.DefaultRole(tenant), request.Type, now, now)
        {
            Tags = request.Tags,
            Logging = logging.Value,
        };
        Result<StateMachineRecord> created = await store.CreateAsync(machine, cancellation);
        if (created.Succeeded)
        {
            return new CreateStateMachineOutcome(created.Value, Created: true);
        }

        // Somebody else created the name between the look and the write: then theirs is what a repetition meets.
        return created.Error.Code == ErrorCodes.StateMachineAlreadyExists
            && await store.FindAsync(tenant, request.Name, cancellation) is { } other
            ? Repeated(other, request, logging.Value)
            : created.Error;
    }

    /// <summary>
    /// Puts a new definition, role or logging in force. Executions that run keep the revision they have. Without a difference the revision stays. When a version
    /// is to be published, that is a second step, which fails with ConflictException when somebody else has updated the machine between them.
    /// A version or alias cannot be updated: naming one fails with StateMachineDoesNotExist.
    /// </summary>
    public async ValueTask<Result<UpdateStateMachineOutcome>> UpdateAsync(
        TenantId tenant, string name, UpdateStateMachineRequest request, CancellationToken cancellation)
    {
        if (CheckPublish(request.Publish, request.VersionDescription) is { } badPublish)
        {
            return badPublish;
        }

        Result<StateMachineRecord> updated = await UpdateMachineAsync(tenant, name, request, cancellation);
        if (!updated.Succeeded || !request.Publish)
        {
            return updated.Succeeded ? new UpdateStateMachineOutcome(updated.Value, null) : updated.Error;
        }

        Result<PublishOutcome> published = await PublishAsync(updated.Value, request.VersionDescription, cancellation);
        return published.Succeeded ? new UpdateStateMachineOutcome(updated.Value, published.Value.Version) : published.Error;
    }

    private async ValueTask<Result<StateMachineRecord>> UpdateMachineAsync(
        TenantId tenant, string name, UpdateStateMachineRequest request, CancellationToken cancellation)
    {
        if (StateMachineReference.Read(names, name, "name") is { Succeeded: true, Value.IsQualified: true })
        {
            return DoesNotExist(name);
        }

        if (request.Definition is null && request.RoleArn is null && request.Logging is null)
        {
            return new ServiceError(ErrorCodes.Validation, "The update has neither definition nor roleArn nor loggingConfiguration. Send at least one of them.");
        }

        if ((request.Definition is null ? null : compiler.CheckSize(request.Definition)) is { } tooLarge)
        {
            return tooLarge;
        }

        if (CheckRole(request.RoleArn, limits) is { } badRole)
        {
            return badRole;
        }

        if (request.Logging?.Check(tenant) is { Succeeded: false } badLogging)
        {
            return badLogging.Error;
        }

        Result<StateMachineRecord> found = await DescribeAsync(tenant, name, cancellation);
        if (!found.Succeeded)
        {
            return found;
        }

        StateMachineRecord current = found.Value;
        if (request.ExpectedRevisionId is { } expected && expected != current.RevisionId)
        {
            return Changed(name);
        }

        StateMachineRecord next = current with
        {
            Definition = request.Definition ?? current.Definition,
            RoleArn = request.RoleArn ?? current.RoleArn,
            Logging = request.Logging?.Check(tenant).Value ?? current.Logging,
        };
        if (next == current)
        {
            return current;
        }

        if (compiler.Check(next.Definition, next.Type) is { } invalid)
        {
            return invalid;
        }

        return await store.UpdateAsync(
            next with { RevisionId = NewRevisionId(), UpdatedAt = time.GetUtcNow() }, request.ExpectedRevisionId, cancellation);
    }

    /// <summary>Finds a machine in its newest revision.</summary>
    public async ValueTask<Result<StateMachineRecord>> DescribeAsync(TenantId tenant, string name, CancellationToken cancellation)
    {
        if (names.Check(name, "name") is { } badName)
        {
            return badName;
        }

        return await store.FindAsync(tenant, name, cancellation) is { } machine ? machine : DoesNotExist(name);
    }

    /// <summary>Lists a tenant's machines by name.</summary>
    public ValueTask<Result<Page<StateMachineRecord>>> ListAsync(TenantId tenant, ListRequest asked, CancellationToken cancellation) =>
        pages.ListAsync(tenant, ListQuery, asked, page => store.ListAsync(tenant, page, cancellation));

    /// <summary>
    /// Deletes a machine with its versions and aliases; one that is not there counts as deleted, unless the caller has named a revision. A version or
    /// alias is not deleted this way: naming one fails with ValidationException.
    /// </summary>
    public async ValueTask<Result<Accepted>> DeleteAsync(
        TenantId tenant, string name, string? expectedRevisionId, CancellationToken cancellation)
    {
        if (StateMachineReference.Read(names, name, "name") is { Succeeded: true, Value.IsQualified: true })
        {
            return new ServiceError(
                ErrorCodes.Validation, $"\"{name}\" names a version or an alias. Name the state machine alone, or delete the version or the alias.")
            {
                Target = "name",
            };
        }

        if (names.Check(name, "name") is { } badName)
        {
            return badName;
        }

        bool deleted = await store.DeleteAsync(tenant, name, expectedRevisionId, cancellation);
        return deleted || expectedRevisionId is null ? default(Accepted) : Changed(name);
    }

    /// <summary>The failure of asking for a machine that is not there, or not the tenant's.</summary>
    public static ServiceError DoesNotExist(string name) =>
        new(ErrorCodes.StateMachineDoesNotExist, $"There is no state machine named \"{name}\".") { Target = "name" };

    private static Result<CreateStateMachineOutcome> Repeated(StateMachineRecord existing, CreateStateMachineRequest request, LoggingConfiguration logging)
    {
        if (existing.Definition == request.Definition && existing.Type == request.Type && existing.Logging == logging)
        {
            return new CreateStateMachineOutcome(existing, Created: false);
        }

        return new ServiceError(
            ErrorCodes.StateMachineAlreadyExists,
            $"A state machine named \"{request.Name}\" exists with another definition, type or logging configuration. Update it, or choose another name.")
        {
            Target = "/name",
        };
    }

    private static ServiceError Changed(string name) => new(
        ErrorCodes.PreconditionFailed, $"The state machine \"{name}\" is not in the revision that If-Match names. Read it again and repeat the change.")
    {
        Target = "If-Match",
    };

    private ValueTask<Result<PublishOutcome>> PublishAsync(StateMachineRecord machine, string? description, CancellationToken cancellation) =>
        versions.PublishAsync(machine.Tenant, machine.Name, new PublishVersionRequest(machine.RevisionId, description), cancellation);

    private ServiceError? CheckPublish(bool publish, string? description) => publish || description is null
        ? VersionUseCases.CheckDescription(description, "/versionDescription", limits)
        : new ServiceError(ErrorCodes.Validation, "versionDescription describes the version to publish, so it goes with \"publish\": true only.")
        {
            Target = "/versionDescription",
        };

    private static string NewRevisionId() => Guid.NewGuid().ToString();

    /// <summary>Null when the role can be shown.</summary>
    internal static ServiceError? CheckRole(string? roleArn, ServiceLimits limits)
    {
        bool wellFormed = roleArn is null
            || (roleArn.Length <= limits.MaxRoleArnLength && roleArn.StartsWith("arn:", StringComparison.Ordinal) && !roleArn.Any(char.IsControl));
        return wellFormed ? null : new ServiceError(
            ErrorCodes.InvalidArn,
            string.Create(CultureInfo.InvariantCulture, $"A role ARN begins with \"arn:\" and has at most {limits.MaxRoleArnLength} characters. Leave it out for the default role."))
        {
            Target = "/roleArn",
        };
    }

    private ServiceError? CheckTags(IReadOnlyDictionary<string, string> tags)
    {
        if (tags.Count > limits.MaxTags)
        {
            return new ServiceError(
                ErrorCodes.TooManyTags, string.Create(CultureInfo.InvariantCulture, $"There are {tags.Count} tags; {limits.MaxTags} are allowed."))
            {
                Target = "/tags",
            };
        }

        foreach ((string key, string value) in tags)
        {
            if (key.Length == 0 || key.Length > limits.MaxTagKeyLength || value.Length > limits.MaxTagValueLength)
            {
                return new ServiceError(
                    ErrorCodes.Validation,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"A tag has a key of 1 to {limits.MaxTagKeyLength} characters and a value of up to {limits.MaxTagValueLength}."))
                {
                    Target = "/tags",
                };
            }
        }

        return null;
    }
}
