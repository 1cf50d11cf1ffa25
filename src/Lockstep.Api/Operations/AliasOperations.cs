using System.Collections.Immutable;
using System.Text.Json;
using Lockstep.Api.Bodies;
using Lockstep.Api.Routing;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Naming;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;
using Microsoft.AspNetCore.Http;

namespace Lockstep.Api.Operations;

/// <summary>Aliases of state machines: create, read, update, delete. The ETag is the alias's own revision.</summary>
public static class AliasOperations
{
    private const string Tag = "Versions and aliases";
    private const string Routing = "routingConfiguration";

    private static readonly RouteParameter IfMatch = new(
        "If-Match", "header", "string", "The ETag that the change is based on; without it the change is made whatever the revision.");

    /// <summary>The routes.</summary>
    public static ImmutableArray<ApiRoute> Routes { get; } =
    [
        new("POST", "/v1/state-machines/{name}/aliases", "CreateStateMachineAlias",
            "Creates an alias for one or two versions; the same again gives the same answer.", CreateAsync)
        {
            Tag = Tag,
            RequestSchema = "CreateStateMachineAliasRequest",
            Answers = [new(201, "Created.", "StateMachineAlias"), new(200, "It was there already, and the same.", "StateMachineAlias")],
            Errors =
            [
                ErrorCodes.InvalidName, ErrorCodes.StateMachineDoesNotExist, ErrorCodes.ResourceNotFound, ErrorCodes.Conflict,
                ErrorCodes.ServiceQuotaExceeded,
            ],
        },
        new("GET", "/v1/state-machines/{name}/aliases", "ListStateMachineAliases", "Lists the aliases of a state machine by name.", ListAsync)
        {
            Tag = Tag,
            Parameters = [new("version", "query", "integer", "Only aliases that route to this version."), .. ListQuery.Parameters],
            Answers = [new(200, "A page.", "StateMachineAliasList")],
            Errors = [ErrorCodes.InvalidName, ErrorCodes.InvalidToken, ErrorCodes.StateMachineDoesNotExist],
        },
        new("GET", "/v1/state-machines/{name}/aliases/{alias}", "DescribeStateMachineAlias", "Shows an alias.", DescribeAsync)
        {
            Tag = Tag,
            Answers = [new(200, "The alias; its revision is the ETag.", "StateMachineAlias")],
            Errors = [ErrorCodes.InvalidName, ErrorCodes.ResourceNotFound],
        },
        new("PUT", "/v1/state-machines/{name}/aliases/{alias}", "UpdateStateMachineAlias",
            "Changes the description or the routes of an alias; what is left out stays.", UpdateAsync)
        {
            Tag = Tag,
            Parameters = [IfMatch],
            RequestSchema = "UpdateStateMachineAliasRequest",
            Answers = [new(200, "The alias as it is now.", "StateMachineAlias")],
            Errors = [ErrorCodes.InvalidName, ErrorCodes.ResourceNotFound, ErrorCodes.PreconditionFailed],
        },
        new("DELETE", "/v1/state-machines/{name}/aliases/{alias}", "DeleteStateMachineAlias",
            "Deletes an alias; its versions stay, and running executions go on.", DeleteAsync)
        {
            Tag = Tag,
            Parameters = [IfMatch],
            Answers = [new(204, "It is not there any more, or never was.")],
            Errors = [ErrorCodes.InvalidName, ErrorCodes.PreconditionFailed],
        },
    ];

    private static async ValueTask CreateAsync(ApiCall call)
    {
        Result<JsonObject> body = await call.ReadBodyAsync();
        if (!body.Succeeded)
        {
            await call.RefuseAsync(body.Error);
            return;
        }

        var members = new Members(body.Value, "name", "description", Routing);
        string name = members.Text("name");
        string? description = members.OptionalText("description");
        ImmutableArray<AliasRoute>? routes = ReadRoutes(members);
        if (routes is null)
        {
            members.Refuse(Routing, $"\"{Routing}\" is missing; it has to be an array of one or two objects with version and weight.");
        }

        Result<CreateAliasOutcome> outcome = members.Error is { } wrong
            ? wrong
            : await call.Service.Aliases.CreateAsync(
                call.Tenant, call.PathValue(0), new CreateAliasRequest(name, description, routes ?? []), call.Cancellation);
        if (!outcome.Succeeded)
        {
            await call.RefuseAsync(outcome.Error);
            return;
        }

        StateMachineAlias alias = outcome.Value.Alias;
        call.Response.Headers.Location = $"/v1/state-machines/{Uri.EscapeDataString(alias.StateMachineName)}/aliases/{alias.Name}";
        await AnswerAsync(call, outcome.Value.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK, alias);
    }

    private static async ValueTask ListAsync(ApiCall call)
    {
        Result<ListRequest> asked = ListQuery.Read(call);
        long version = 0;
        bool isFiltered = call.Query("version") is not null;
        if (isFiltered && !StateMachineVersion.TryParseNumber(call.Query("version"), out version))
        {
            asked = new ServiceError(ErrorCodes.Validation, "version has to be a whole number from 1.") { Target = "version" };
        }

        Result<Page<StateMachineAlias>> page = asked.Succeeded
            ? await call.Service.Aliases.ListAsync(call.Tenant, call.PathValue(0), isFiltered ? version : null, asked.Value, call.Cancellation)
            : asked.Error;
        await ListQuery.AnswerAsync(call, page, (writer, alias) => Write(writer, call, alias));
    }

    private static async ValueTask DescribeAsync(ApiCall call)
    {
        Result<StateMachineAlias> alias = await call.Service.Aliases.DescribeAsync(call.Tenant, call.PathValue(0), call.PathValue(1), call.Cancellation);
        await (alias.Succeeded ? AnswerAsync(call, StatusCodes.Status200OK, alias.Value) : call.RefuseAsync(alias.Error));
    }

    private static async ValueTask UpdateAsync(ApiCall call)
    {
        Result<JsonObject> body = await call.ReadBodyAsync();
        Result<ExpectedRevision> expected = EntityTags.ReadIfMatch(call.Request.Headers.IfMatch);
        if ((body.Error ?? expected.Error) is { } refused)
        {
            await call.RefuseAsync(refused);
            return;
        }

        var members = new Members(body.Value ?? JsonObject.Empty, "description", Routing);
        var request = new UpdateAliasRequest(members.OptionalText("description"), ReadRoutes(members))
        {
            ExpectedRevisionId = expected.Value?.RevisionId,
        };
        Result<StateMachineAlias> alias = members.Error is { } wrong
            ? wrong
            : await call.Service.Aliases.UpdateAsync(call.Tenant, call.PathValue(0), call.PathValue(1), request, call.Cancellation);
        await (alias.Succeeded ? AnswerAsync(call, StatusCodes.Status200OK, alias.Value) : call.RefuseAsync(alias.Error));
    }

    private static async ValueTask DeleteAsync(ApiCall call)
    {
        Result<ExpectedRevision> expected = EntityTags.ReadIfMatch(call.Request.Headers.IfMatch);
        Result<Accepted> deleted = expected.Succeeded
            ? await call.Service.Aliases.DeleteAsync(call.Tenant, call.PathValue(0), call.PathValue(1), expected.Value.RevisionId, call.Cancellation)
            : expected.Error;
        await call.AnswerEmptyAsync(deleted);
    }

    /// <summary>The routes; null when absent. How many, and whether their weights are right, is the service's to say.</summary>
    private static ImmutableArray<AliasRoute>? ReadRoutes(Members members)
    {
        switch (members.Any(Routing))
        {
            case null or JsonNull:
                return null;
            case JsonArray array:
                return [.. array.Select((route, index) => ReadRoute(members, route, index))];
            default:
                members.Refuse(Routing, $"\"{Routing}\" has to be an array.");
                return [];
        }
    }

    private static AliasRoute ReadRoute(Members members, JsonValue value, int index)
    {
        string place = $"{Routing}/{index}";
        if (value is not JsonObject given)
        {
            members.Refuse(place, "A route has to be an object with version and weight.");
            return default;
        }

        var route = new Members(given, "version", "weight");
        int? version = route.OptionalInteger("version");
        int? weight = route.OptionalInteger("weight");
        if (route.Error is not null || version is not >= 1 || weight is null)
        {
            members.Refuse(place, "A route has version, a whole number from 1, and weight, a percentage from 0 to 100, and nothing else.");
        }

        return new AliasRoute(version ?? 0, weight ?? 0);
    }

    private static ValueTask AnswerAsync(ApiCall call, int status, StateMachineAlias alias)
    {
        call.Response.Headers.ETag = EntityTags.Of(alias.RevisionId);
        return call.AnswerAsync(status, static (writer, state) => Write(writer, state.call, state.alias), (call, alias));
    }

    private static void Write(Utf8JsonWriter writer, ApiCall call, StateMachineAlias alias)
    {
        string machineArn = call.Service.Arns.StateMachine(alias.Tenant, alias.StateMachineName);
        writer.WriteStartObject();
        writer.WriteString("name", alias.Name);
        writer.WriteText("stateMachineAliasArn", ArnFormat.Qualified(machineArn, alias.Name));
        writer.WriteString("stateMachine", alias.StateMachineName);
        writer.WriteText("description", alias.Description);
        writer.WriteStartArray(Routing);
        foreach (AliasRoute route in alias.Routes)
        {
            writer.WriteStartObject();
            writer.WriteNumber("version", route.Version);
            writer.WriteText("stateMachineVersionArn", ArnFormat.Qualified(machineArn, route.Version));
            writer.WriteNumber("weight", route.Weight);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("revisionId", alias.RevisionId);
        writer.WriteTime("createdAt"u8, alias.CreatedAt);
        writer.WriteTime("updatedAt"u8, alias.UpdatedAt);
        writer.WriteEndObject();
    }
}
