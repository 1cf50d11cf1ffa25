using System.Collections.Immutable;
using System.Text.Json;
using Lockstep.Api.Wire.Shapes;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Naming;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;

namespace Lockstep.Api.Wire.Operations;

/// <summary>Aliases of state machines: create, describe, update, delete and list.</summary>
internal static class AliasWire
{
    private const string InvalidRouting = "INVALID_ROUTING_CONFIGURATION";

    private static readonly ThrottleRate Rate = new(100, 1);

    private static readonly ShapeMember AliasArn = new("stateMachineAliasArn", RequestShapes.Arn, true);

    /// <summary>The operations.</summary>
    public static ImmutableArray<WireOperation> Operations { get; } =
    [
        new("CreateStateMachineAlias", CreateShape(), CreateAsync, Rate)
        {
            Errors = ["ConflictException", "InvalidArn", "InvalidName", "ResourceNotFound", "ServiceQuotaExceededException"],
        },
        new("DescribeStateMachineAlias", new StructureShape(AliasArn), DescribeAsync, new ThrottleRate(200, 1)) { Errors = ["InvalidArn", "ResourceNotFound"] },
        new("UpdateStateMachineAlias", UpdateShape(), UpdateAsync, Rate) { Errors = ["ConflictException", "InvalidArn", "ResourceNotFound"] },
        new("DeleteStateMachineAlias", new StructureShape(AliasArn), DeleteAsync, Rate) { Errors = ["ConflictException", "InvalidArn", "ResourceNotFound"] },
        new("ListStateMachineAliases", StateMachineWire.ListShape(new ShapeMember("stateMachineArn", RequestShapes.Arn, true)), ListAsync, Rate)
        {
            Errors = ["InvalidArn", "InvalidToken", "StateMachineDoesNotExist"],
        },
    ];

    private static StructureShape CreateShape() => new(
        new("name", RequestShapes.AliasName, true),
        new("description", RequestShapes.Description),
        new("routingConfiguration", RequestShapes.Routing, true));

    private static StructureShape UpdateShape() => new(
        AliasArn, new("description", RequestShapes.Description), new("routingConfiguration", RequestShapes.Routing));

    private static async ValueTask<WireAnswer> CreateAsync(WireCall call)
    {
        if (ReadRoutes(call, machine: null, out string name, out ImmutableArray<AliasRoute> routes) is { } wrong)
        {
            return wrong;
        }

        var request = new CreateAliasRequest(call.Text("name"), call.OptionalText("description"), routes);
        Result<CreateAliasOutcome> outcome = await call.Service.Aliases.CreateAsync(call.Tenant, name, request, call.Cancellation);
        return outcome.Succeeded
            ? WireAnswer.Of(writer =>
            {
                writer.WriteOptional("stateMachineAliasArn", ArnOf(call, outcome.Value.Alias));
                writer.WriteEpoch("creationDate", outcome.Value.Alias.CreatedAt);
            })
            : Refuse(outcome.Error, call.Service.Arns.StateMachine(call.Tenant, name));
    }

    private static async ValueTask<WireAnswer> DescribeAsync(WireCall call)
    {
        string arn = call.Text("stateMachineAliasArn");
        if (WireArns.ReadAlias(call, arn, out string name, out string alias) is { } badArn)
        {
            return badArn;
        }

        Result<StateMachineAlias> found = await call.Service.Aliases.DescribeAsync(call.Tenant, name, alias, call.Cancellation);
        return found.Succeeded
            ? WireAnswer.Of(writer =>
            {
                writer.WriteOptional("stateMachineAliasArn", ArnOf(call, found.Value));
                writer.WriteString("name", found.Value.Name);
                writer.WriteOptional("description", found.Value.Description);
                writer.WriteList("routingConfiguration", found.Value.Routes, (writer, route) => Write(writer, call, name, route));
                writer.WriteEpoch("creationDate", found.Value.CreatedAt);
                writer.WriteEpoch("updateDate", found.Value.UpdatedAt);
            })
            : Refuse(found.Error, arn);
    }

    private static async ValueTask<WireAnswer> UpdateAsync(WireCall call)
    {
        string arn = call.Text("stateMachineAliasArn");
        if (WireArns.ReadAlias(call, arn, out string name, out string alias) is { } badArn)
        {
            return badArn;
        }

        ImmutableArray<AliasRoute> routes = [];
        if (call.Any("routingConfiguration") is not null && ReadRoutes(call, name, out _, out routes) is { } wrong)
        {
            return wrong;
        }

        var request = new UpdateAliasRequest(call.OptionalText("description"), call.Any("routingConfiguration") is null ? null : routes);
        Result<StateMachineAlias> updated = await call.Service.Aliases.UpdateAsync(call.Tenant, name, alias, request, call.Cancellation);
        return updated.Succeeded ? WireAnswer.Of(writer => writer.WriteEpoch("updateDate", updated.Value.UpdatedAt)) : Refuse(updated.Error, arn);
    }

    private static async ValueTask<WireAnswer> DeleteAsync(WireCall call)
    {
        string arn = call.Text("stateMachineAliasArn");
        if (WireArns.ReadAlias(call, arn, out string name, out string alias) is { } badArn)
        {
            return badArn;
        }

        // Unlike state machines, an alias that is not there cannot be deleted.
        Result<StateMachineAlias> found = await call.Service.Aliases.DescribeAsync(call.Tenant, name, alias, call.Cancellation);
        Result<Accepted> deleted = found.Succeeded
            ? await call.Service.Aliases.DeleteAsync(call.Tenant, name, alias, expectedRevisionId: null, call.Cancellation)
            : found.Error;
        return deleted.Succeeded ? WireAnswer.Empty : Refuse(deleted.Error, arn);
    }

    private static async ValueTask<WireAnswer> ListAsync(WireCall call)
    {
        string arn = call.Text("stateMachineArn");
        if (WireArns.ReadStateMachine(call, arn, out StateMachineReference reference) is { } badArn)
        {
            return badArn;
        }

        if (reference.Alias is not null)
        {
            return WireErrors.InvalidArn($"The ARN is that of an alias: {arn}");
        }

        Result<Page<StateMachineAlias>> page = await call.Service.Aliases.ListAsync(
            call.Tenant, reference.Name, reference.Version, call.Page(), call.Cancellation);
        return page.Succeeded
            ? WireAnswer.Of(writer =>
            {
                writer.WriteList("stateMachineAliases", page.Value.Items, (writer, alias) =>
                {
                    writer.WriteOptional("stateMachineAliasArn", ArnOf(call, alias));
                    writer.WriteEpoch("creationDate", alias.CreatedAt);
                });
                writer.WriteNextToken(page.Value.Next);
            })
            : WireErrors.Of(page.Error, arn);
    }

    /// <summary>Reads the routes, whose versions have to belong to one state machine.</summary>
    private static WireError? ReadRoutes(WireCall call, string? machine, out string name, out ImmutableArray<AliasRoute> routes)
    {
        ImmutableArray<AliasRoute>.Builder read = ImmutableArray.CreateBuilder<AliasRoute>();
        name = machine ?? "";
        routes = [];
        foreach (JsonObject item in call.Items("routingConfiguration").OfType<JsonObject>())
        {
            string arn = (item["stateMachineVersionArn"] as JsonString)?.Value ?? "";
            if (WireArns.ReadVersion(call, arn, out string owner, out long number) is { } badArn)
            {
                return badArn;
            }

            name = name.Length == 0 ? owner : name;
            if (owner != name)
            {
                return WireErrors.Validation("All versions of an alias must belong to the same state machine.", InvalidRouting);
            }

            read.Add(new AliasRoute(number, item["weight"] is JsonNumber weight && weight.TryGetInt64(out long share) ? (int)share : 0));
        }

        routes = read.ToImmutable();
        return null;
    }

    private static void Write(Utf8JsonWriter writer, WireCall call, string name, AliasRoute route)
    {
        writer.WriteOptional("stateMachineVersionArn", ArnFormat.Qualified(call.Service.Arns.StateMachine(call.Tenant, name), route.Version));
        writer.WriteNumber("weight", route.Weight);
    }

    private static WireError Refuse(ServiceError error, string arn) => error switch
    {
        { Code: ErrorCodes.ResourceNotFound or ErrorCodes.StateMachineDoesNotExist } => WireErrors.ResourceNotFound(arn),
        { Code: ErrorCodes.Validation, Target: "/routingConfiguration" } => WireErrors.Validation(error.Message, InvalidRouting),
        _ => WireErrors.Of(error, arn),
    };

    private static string? ArnOf(WireCall call, StateMachineAlias alias) =>
        ArnFormat.Qualified(call.Service.Arns.StateMachine(alias.Tenant, alias.StateMachineName), alias.Name);
}
