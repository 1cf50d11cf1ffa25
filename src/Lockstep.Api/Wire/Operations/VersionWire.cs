using System.Collections.Immutable;
using Lockstep.Api.Wire.Shapes;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Naming;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;

namespace Lockstep.Api.Wire.Operations;

/// <summary>Versions of state machines: publish, list and delete.</summary>
internal static class VersionWire
{
    // What stands for the first revision, which has no id at Step Functions.
    private const string Initial = "INITIAL";

    /// <summary>The operations.</summary>
    public static ImmutableArray<WireOperation> Operations { get; } =
    [
        new("PublishStateMachineVersion", PublishShape(), PublishAsync, new ThrottleRate(100, 1))
        {
            Errors = ["ConflictException", "InvalidArn", "ServiceQuotaExceededException", "StateMachineDoesNotExist"],
        },
        new("ListStateMachineVersions", StateMachineWire.ListShape(new ShapeMember("stateMachineArn", RequestShapes.Arn, true)), ListAsync, new ThrottleRate(100, 1))
        {
            Errors = ["InvalidArn", "InvalidToken", "StateMachineDoesNotExist"],
        },
        new(
            "DeleteStateMachineVersion",
            new StructureShape(new ShapeMember("stateMachineVersionArn", RequestShapes.LongArn, true)),
            DeleteAsync,
            new ThrottleRate(100, 1))
        {
            Errors = ["ConflictException", "InvalidArn"],
        },
    ];

    private static StructureShape PublishShape() => new(
        new("stateMachineArn", RequestShapes.Arn, true), new("revisionId", RequestShapes.Text), new("description", RequestShapes.Description));

    private static async ValueTask<WireAnswer> PublishAsync(WireCall call)
    {
        string arn = call.Text("stateMachineArn");
        if (WireArns.ReadUnqualified(call, arn, out string name) is { } badArn)
        {
            return badArn;
        }

        string? revision = call.OptionalText("revisionId");
        if (revision == Initial
            && await call.Service.StateMachines.DescribeAsync(call.Tenant, name, call.Cancellation) is { Value: { } machine }
            && machine.UpdatedAt == machine.CreatedAt)
        {
            revision = machine.RevisionId;
        }

        Result<PublishOutcome> outcome = await call.Service.Versions.PublishAsync(
            call.Tenant, name, new PublishVersionRequest(revision, call.OptionalText("description")), call.Cancellation);
        return outcome.Succeeded
            ? WireAnswer.Of(writer =>
            {
                writer.WriteEpoch("creationDate", outcome.Value.Version.CreatedAt);
                writer.WriteOptional("stateMachineVersionArn", ArnOf(call, outcome.Value.Version));
            })
            : WireErrors.Of(outcome.Error, arn);
    }

    private static async ValueTask<WireAnswer> ListAsync(WireCall call)
    {
        string arn = call.Text("stateMachineArn");
        if (WireArns.ReadUnqualified(call, arn, out string name) is { } badArn)
        {
            return badArn;
        }

        Result<Page<StateMachineVersion>> page = await call.Service.Versions.ListAsync(call.Tenant, name, call.Page(), call.Cancellation);
        return page.Succeeded
            ? WireAnswer.Of(writer =>
            {
                writer.WriteList("stateMachineVersions", page.Value.Items, (writer, version) =>
                {
                    writer.WriteOptional("stateMachineVersionArn", ArnOf(call, version));
                    writer.WriteEpoch("creationDate", version.CreatedAt);
                });
                writer.WriteNextToken(page.Value.Next);
            })
            : WireErrors.Of(page.Error, arn);
    }

    private static async ValueTask<WireAnswer> DeleteAsync(WireCall call)
    {
        string arn = call.Text("stateMachineVersionArn");
        if (WireArns.ReadVersion(call, arn, out string name, out long number) is { } badArn)
        {
            return badArn;
        }

        Result<Accepted> deleted = await call.Service.Versions.DeleteAsync(call.Tenant, name, number, call.Cancellation);
        return deleted.Succeeded ? WireAnswer.Empty : WireErrors.Of(deleted.Error, arn);
    }

    private static string? ArnOf(WireCall call, StateMachineVersion version) =>
        ArnFormat.Qualified(call.Service.Arns.StateMachine(version.Tenant, version.StateMachineName), version.Number);
}
