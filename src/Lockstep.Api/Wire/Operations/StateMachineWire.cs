using System.Collections.Immutable;
using System.Text.Json;
using Lockstep.Api.Operations;
using Lockstep.Api.Wire.Shapes;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Naming;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;

namespace Lockstep.Api.Wire.Operations;

/// <summary>State machines: create, update, describe, delete and list.</summary>
internal static class StateMachineWire
{
    /// <summary>The operations.</summary>
    public static ImmutableArray<WireOperation> Operations { get; } =
    [
        new("CreateStateMachine", CreateShape(), CreateAsync, new ThrottleRate(100, 1))
        {
            Errors =
            [
                "InvalidArn", "InvalidDefinition", "InvalidName", "InvalidEncryptionConfiguration", "InvalidLoggingConfiguration", "InvalidTracingConfiguration", "StateMachineAlreadyExists",
                "StateMachineLimitExceeded", "TooManyTags", "ConflictException",
            ],
        },
        new("DescribeStateMachine", DescribeShape("stateMachineArn"), DescribeAsync, new ThrottleRate(200, 20))
        {
            Errors = ["InvalidArn", "StateMachineDoesNotExist"],
            Differences =
            [
                "The first revision has a revisionId, too.", "The ARN of an alias is answered with StateMachineDoesNotExist; DescribeStateMachineAlias shows where it leads.",
            ],
        },
        new("DescribeStateMachineForExecution", DescribeShape("executionArn"), DescribeForExecutionAsync, new ThrottleRate(200, 1))
        {
            Errors = ["InvalidArn", "ExecutionDoesNotExist"],
        },
        new("UpdateStateMachine", UpdateShape(), UpdateAsync, new ThrottleRate(100, 1))
        {
            Errors =
            [
                "InvalidArn", "InvalidDefinition", "InvalidEncryptionConfiguration", "InvalidLoggingConfiguration", "InvalidTracingConfiguration", "MissingRequiredParameter",
                "StateMachineDoesNotExist", "ConflictException", "ServiceQuotaExceededException",
            ],
        },
        new("DeleteStateMachine", new StructureShape(new ShapeMember("stateMachineArn", RequestShapes.Arn, true)), DeleteAsync, new ThrottleRate(100, 1))
        {
            Errors = ["InvalidArn"],
            Differences = ["The state machine is gone at once, without a status DELETING, and its running executions go on to their end."],
        },
        new("ListStateMachines", ListShape(), ListAsync, new ThrottleRate(100, 5)) { Errors = ["InvalidToken"] },
    ];

    /// <summary>The shape of a list without a filter.</summary>
    internal static StructureShape ListShape(params ImmutableArray<ShapeMember> more) => new(
        [.. more, new("maxResults", RequestShapes.PageSize), new("nextToken", RequestShapes.PageToken)]);

    private static StructureShape CreateShape() => new(
        new("name", RequestShapes.Name, true),
        new("definition", RequestShapes.Definition, true),
        new("roleArn", RequestShapes.Arn, true),
        new("type", RequestShapes.StateMachineType),
        new("loggingConfiguration", RequestShapes.Logging),
        new("tags", RequestShapes.Tags),
        new("tracingConfiguration", RequestShapes.Tracing),
        new("publish", RequestShapes.Flag),
        new("versionDescription", RequestShapes.Description),
        new("encryptionConfiguration", RequestShapes.Encryption));

    private static StructureShape UpdateShape() => new(
        new("stateMachineArn", RequestShapes.Arn, true),
        new("definition", RequestShapes.Definition),
        new("roleArn", RequestShapes.Arn),
        new("loggingConfiguration", RequestShapes.Logging),
        new("tracingConfiguration", RequestShapes.Tracing),
        new("publish", RequestShapes.Flag),
        new("versionDescription", RequestShapes.Description),
        new("encryptionConfiguration", RequestShapes.Encryption));

    private static StructureShape DescribeShape(string arn) => new(
        new ShapeMember(arn, RequestShapes.Arn, true), new ShapeMember("includedData", RequestShapes.IncludedData));

    private static async ValueTask<WireAnswer> CreateAsync(WireCall call)
    {
        if ((WireTags.Read(call, out Dictionary<string, string> tags) ?? WireSettings.Check(call)) is { } wrong)
        {
            return wrong;
        }

        var request = new CreateStateMachineRequest(call.Text("name"), call.Text("definition"))
        {
            Type = WireText.TypeOf(call.OptionalText("type") ?? "STANDARD") ?? WorkflowType.Standard,
            RoleArn = call.Text("roleArn"),
            Logging = WireSettings.Logging(call),
            Tags = tags,
            Publish = call.Flag("publish") ?? false,
            VersionDescription = call.OptionalText("versionDescription"),
        };
        Result<CreateStateMachineOutcome> outcome = await call.Service.StateMachines.CreateAsync(call.Tenant, request, call.Cancellation);
        if (!outcome.Succeeded)
        {
            return WireCall.Refuse(
                outcome.Error, outcome.Error.Code == ErrorCodes.InvalidName ? request.Name : call.Service.Arns.StateMachine(call.Tenant, request.Name));
        }

        return WireAnswer.Of(writer =>
        {
            writer.WriteString("stateMachineArn", ArnOf(call, outcome.Value.Machine));
            writer.WriteEpoch("creationDate", outcome.Value.Machine.CreatedAt);
            writer.WriteOptional("stateMachineVersionArn", VersionArn(call, outcome.Value.Machine.Name, outcome.Value.Version));
        });
    }

    private static async ValueTask<WireAnswer> UpdateAsync(WireCall call)
    {
        string arn = call.Text("stateMachineArn");
        if ((WireArns.ReadStateMachine(call, arn, out StateMachineReference reference) ?? WireSettings.Check(call)) is { } wrong)
        {
            return wrong;
        }

        var request = new UpdateStateMachineRequest(call.OptionalText("definition"), call.OptionalText("roleArn"))
        {
            Logging = WireSettings.Logging(call),
            Publish = call.Flag("publish") ?? false,
            VersionDescription = call.OptionalText("versionDescription"),
        };
        if (request.Definition is null && request.RoleArn is null && request.Logging is null)
        {
            return new WireError("MissingRequiredParameter", "Either the definition, the role ARN or the LoggingConfiguration must be specified");
        }

        Result<UpdateStateMachineOutcome> updated = await call.Service.StateMachines.UpdateAsync(
            call.Tenant, reference.ToString(), request, call.Cancellation);
        return updated.Succeeded
            ? WireAnswer.Of(writer =>
            {
                writer.WriteEpoch("updateDate", updated.Value.Machine.UpdatedAt);
                writer.WriteString("revisionId", updated.Value.Machine.RevisionId);
                writer.WriteOptional("stateMachineVersionArn", VersionArn(call, updated.Value.Machine.Name, updated.Value.Version));
            })
            : WireErrors.Of(updated.Error, arn);
    }

    private static async ValueTask<WireAnswer> DescribeAsync(WireCall call)
    {
        string arn = call.Text("stateMachineArn");
        if (WireArns.ReadStateMachine(call, arn, out StateMachineReference reference) is { } badArn)
        {
            return badArn;
        }

        if (reference.Version is { } number)
        {
            Result<DescribedVersion> version = await call.Service.Versions.DescribeAsync(call.Tenant, reference.Name, number, call.Cancellation);
            return version.Succeeded ? Answer(call, version.Value.Machine, version.Value.Version) : DoesNotExist(arn);
        }

        if (reference.Alias is not null)
        {
            return DoesNotExist(arn);
        }

        Result<StateMachineRecord> machine = await call.Service.StateMachines.DescribeAsync(call.Tenant, reference.Name, call.Cancellation);
        return machine.Succeeded ? Answer(call, machine.Value, version: null) : WireErrors.Of(machine.Error, arn);
    }

    private static WireAnswer Answer(WireCall call, StateMachineRecord machine, StateMachineVersion? version) => WireAnswer.Of(writer =>
    {
        writer.WriteString("stateMachineArn", VersionArn(call, machine.Name, version) ?? ArnOf(call, machine));
        writer.WriteString("status", "ACTIVE");
        writer.WriteString("type", WireText.Of(machine.Type));
        writer.WriteEpoch("creationDate", version?.CreatedAt ?? machine.CreatedAt);
        writer.WriteOptional("description", version?.Description);
        WriteRevision(writer, call, machine);
    });

    private static WireError DoesNotExist(string arn) => WireErrors.Of(new ServiceError(ErrorCodes.StateMachineDoesNotExist, ""), arn);

    private static async ValueTask<WireAnswer> DescribeForExecutionAsync(WireCall call)
    {
        string arn = call.Text("executionArn");
        if (WireArns.ReadExecution(call, arn, out ExecutionKey key) is { } badArn)
        {
            return badArn;
        }

        Result<StateMachineRecord> machine = await call.Service.Executions.DescribeStateMachineAsync(key, call.Cancellation);
        return machine.Succeeded
            ? WireAnswer.Of(writer =>
            {
                writer.WriteString("stateMachineArn", ArnOf(call, machine.Value));
                writer.WriteEpoch("updateDate", machine.Value.UpdatedAt);
                WriteRevision(writer, call, machine.Value);
            })
            : WireCall.Refuse(machine.Error, arn);
    }

    private static async ValueTask<WireAnswer> DeleteAsync(WireCall call)
    {
        string arn = call.Text("stateMachineArn");
        if (WireArns.ReadUnqualified(call, arn, out string name) is { } badArn)
        {
            return badArn;
        }

        Result<Accepted> deleted = await call.Service.StateMachines.DeleteAsync(call.Tenant, name, expectedRevisionId: null, call.Cancellation);
        return deleted.Succeeded ? WireAnswer.Empty : WireErrors.Of(deleted.Error, arn);
    }

    private static async ValueTask<WireAnswer> ListAsync(WireCall call)
    {
        Result<Page<StateMachineRecord>> page = await call.Service.StateMachines.ListAsync(call.Tenant, call.Page(), call.Cancellation);
        return page.Succeeded
            ? WireAnswer.Of(writer =>
            {
                writer.WriteList("stateMachines", page.Value.Items, (writer, machine) =>
                {
                    writer.WriteString("stateMachineArn", ArnOf(call, machine));
                    writer.WriteString("name", machine.Name);
                    writer.WriteString("type", WireText.Of(machine.Type));
                    writer.WriteEpoch("creationDate", machine.CreatedAt);
                });
                writer.WriteNextToken(page.Value.Next);
            })
            : WireCall.Refuse(page.Error, "");
    }

    private static void WriteRevision(Utf8JsonWriter writer, WireCall call, StateMachineRecord machine)
    {
        writer.WriteString("name", machine.Name);
        writer.WriteString("definition", call.IncludesData ? machine.Definition : "{}");
        writer.WriteString("roleArn", machine.RoleArn);
        writer.WriteString("revisionId", machine.RevisionId);
        writer.WriteSettings(machine);
        if (call.IncludesData)
        {
            writer.WriteVariableReferences(machine);
        }
    }

    private static string ArnOf(WireCall call, StateMachineRecord machine) => call.Service.Arns.StateMachine(machine.Tenant, machine.Name);

    private static string? VersionArn(WireCall call, string name, StateMachineVersion? version) =>
        ArnFormat.Qualified(call.Service.Arns.StateMachine(call.Tenant, name), version?.Number);
}
