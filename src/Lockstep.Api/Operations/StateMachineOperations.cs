using System.Collections.Immutable;
using System.Text.Json;
using Lockstep.Api.Bodies;
using Lockstep.Api.Routing;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Logging;
using Lockstep.Service.Naming;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;
using Microsoft.AspNetCore.Http;

namespace Lockstep.Api.Operations;

/// <summary>State machines: create, read, update, delete. The ETag is the revision.</summary>
public static class StateMachineOperations
{
    private const string Tag = "State machines";

    private static readonly RouteParameter IfMatch = new(
        "If-Match", "header", "string", "The ETag that the change is based on; without it the change is made whatever the revision.");

    /// <summary>The routes.</summary>
    public static ImmutableArray<ApiRoute> Routes { get; } =
    [
        new("POST", "/v1/state-machines", "CreateStateMachine", "Creates a state machine; the same again gives the same answer.", CreateAsync)
        {
            Tag = Tag,
            RequestSchema = "CreateStateMachineRequest",
            Answers =
            [
                new(201, "Created.", "StateMachine"),
                new(200, "It was there already with this definition, type and logging.", "StateMachine"),
            ],
            Errors =
            [
                ErrorCodes.InvalidName, ErrorCodes.InvalidDefinition, ErrorCodes.InvalidArn, ErrorCodes.InvalidLoggingConfiguration, ErrorCodes.TooManyTags,
                ErrorCodes.PayloadTooLarge, ErrorCodes.StateMachineAlreadyExists, ErrorCodes.StateMachineLimitExceeded,
                ErrorCodes.Conflict, ErrorCodes.ServiceQuotaExceeded,
            ],
        },
        new("GET", "/v1/state-machines", "ListStateMachines", "Lists the state machines by name.", ListAsync)
        {
            Tag = Tag,
            Parameters = ListQuery.Parameters,
            Answers = [new(200, "A page.", "StateMachineList")],
            Errors = [ErrorCodes.InvalidToken],
        },
        new("GET", "/v1/state-machines/{name}", "DescribeStateMachine", "Shows a state machine in its newest revision.", DescribeAsync)
        {
            Tag = Tag,
            Parameters = [DefinitionView.Parameter, new("If-None-Match", "header", "string", "An ETag; when it is still the newest, the answer is 304.")],
            Answers = [new(200, "The state machine; its revision is the ETag.", "StateMachine"), new(304, "Not changed since If-None-Match.")],
            Errors = [ErrorCodes.InvalidName, ErrorCodes.StateMachineDoesNotExist],
        },
        new("PUT", "/v1/state-machines/{name}", "UpdateStateMachine", "Puts a new definition, role or logging in force; running executions keep theirs.", UpdateAsync)
        {
            Tag = Tag,
            Parameters = [IfMatch],
            RequestSchema = "UpdateStateMachineRequest",
            Answers = [new(200, "The state machine as it is now.", "StateMachine")],
            Errors =
            [
                ErrorCodes.InvalidName, ErrorCodes.InvalidDefinition, ErrorCodes.InvalidArn, ErrorCodes.InvalidLoggingConfiguration, ErrorCodes.PayloadTooLarge,
                ErrorCodes.StateMachineDoesNotExist, ErrorCodes.PreconditionFailed, ErrorCodes.Conflict, ErrorCodes.ServiceQuotaExceeded,
            ],
        },
        new("DELETE", "/v1/state-machines/{name}", "DeleteStateMachine", "Deletes a state machine; running executions go on.", DeleteAsync)
        {
            Tag = Tag,
            Parameters = [IfMatch],
            Answers = [new(204, "It is not there any more, or never was.")],
            Errors = [ErrorCodes.InvalidName, ErrorCodes.PreconditionFailed],
        },
    ];

    private static async ValueTask CreateAsync(ApiCall call)
    {
        Result<DefinitionBody> body = await DefinitionBody.ReadAsync(call, "name", "definition", "type", "roleArn", "publish", "versionDescription", "tags", LoggingBody.Name);
        if (!body.Succeeded)
        {
            await call.RefuseAsync(body.Error);
            return;
        }

        Members members = body.Value.Members;
        var request = new CreateStateMachineRequest(members.Text("name"), body.Value.Definition ?? "")
        {
            Type = body.Value.Type,
            RoleArn = members.OptionalText("roleArn"),
            Publish = members.Flag("publish"),
            VersionDescription = members.OptionalText("versionDescription"),
            Tags = members.TextMap("tags"),
            Logging = LoggingBody.Read(members),
        };
        if (body.Value.Definition is null)
        {
            members.Refuse("definition", "\"definition\" is missing; it has to be a string or an object.");
        }

        if (members.Error is { } refused)
        {
            await call.RefuseAsync(refused);
            return;
        }

        Result<CreateStateMachineOutcome> outcome = await call.Service.StateMachines.CreateAsync(call.Tenant, request, call.Cancellation);
        if (!outcome.Succeeded)
        {
            await call.RefuseAsync(outcome.Error);
            return;
        }

        StateMachineRecord machine = outcome.Value.Machine;
        call.Response.Headers.Location = "/v1/state-machines/" + Uri.EscapeDataString(machine.Name);
        await AnswerAsync(call, outcome.Value.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK, machine, outcome.Value.Version);
    }

    private static async ValueTask ListAsync(ApiCall call)
    {
        Result<ListRequest> asked = ListQuery.Read(call);
        Result<Page<StateMachineRecord>> page = asked.Succeeded
            ? await call.Service.StateMachines.ListAsync(call.Tenant, asked.Value, call.Cancellation)
            : asked.Error;
        if (!page.Succeeded)
        {
            await call.RefuseAsync(page.Error);
            return;
        }

        await ListQuery.AnswerAsync(call, page.Value, (writer, machine) => Write(writer, call, machine, whole: false));
    }

    private static async ValueTask DescribeAsync(ApiCall call)
    {
        Result<DefinitionView.IncludedData> included = DefinitionView.Read(call);
        if (!included.Succeeded)
        {
            await call.RefuseAsync(included.Error);
            return;
        }

        Result<StateMachineRecord> machine = await call.Service.StateMachines.DescribeAsync(call.Tenant, call.PathValue(0), call.Cancellation);
        if (!machine.Succeeded)
        {
            await call.RefuseAsync(machine.Error);
            return;
        }

        if (EntityTags.Matches(call.Request.Headers.IfNoneMatch, machine.Value.RevisionId, weakly: true))
        {
            call.Response.Headers.ETag = EntityTags.Of(machine.Value.RevisionId);
            call.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        StateMachineRecord tagged = machine.Value with { Tags = await call.Service.Tags.OfAsync(machine.Value, call.Cancellation) };
        call.Response.Headers.ETag = EntityTags.Of(tagged.RevisionId);
        await call.AnswerAsync(
            StatusCodes.Status200OK,
            static (writer, state) => Write(
                writer, state.call, state.tagged, whole: true, writeDefinition: state.WithDefinition ? DefinitionView.Write : null),
            (call, tagged, included.Value.WithDefinition));
    }

    private static async ValueTask UpdateAsync(ApiCall call)
    {
        Result<DefinitionBody> body = await DefinitionBody.ReadAsync(call, "definition", "roleArn", "publish", "versionDescription", LoggingBody.Name);
        if (!body.Succeeded)
        {
            await call.RefuseAsync(body.Error);
            return;
        }

        Members members = body.Value.Members;
        string? roleArn = members.OptionalText("roleArn");
        bool publish = members.Flag("publish");
        string? versionDescription = members.OptionalText("versionDescription");
        LoggingRequest? logging = LoggingBody.Read(members);
        Result<ExpectedRevision> expected = EntityTags.ReadIfMatch(call.Request.Headers.IfMatch);
        if ((members.Error ?? expected.Error) is { } refused)
        {
            await call.RefuseAsync(refused);
            return;
        }

        var request = new UpdateStateMachineRequest(body.Value.Definition, roleArn)
        {
            ExpectedRevisionId = expected.Value?.RevisionId,
            Publish = publish,
            VersionDescription = versionDescription,
            Logging = logging,
        };
        Result<UpdateStateMachineOutcome> updated = await call.Service.StateMachines.UpdateAsync(call.Tenant, call.PathValue(0), request, call.Cancellation);
        if (!updated.Succeeded)
        {
            await call.RefuseAsync(updated.Error);
            return;
        }

        StateMachineRecord machine = updated.Value.Machine;
        machine = machine with { Tags = await call.Service.Tags.OfAsync(machine, call.Cancellation) };
        await AnswerAsync(call, StatusCodes.Status200OK, machine, updated.Value.Version);
    }

    private static async ValueTask DeleteAsync(ApiCall call)
    {
        Result<ExpectedRevision> expected = EntityTags.ReadIfMatch(call.Request.Headers.IfMatch);
        Result<Accepted> deleted = expected.Succeeded
            ? await call.Service.StateMachines.DeleteAsync(call.Tenant, call.PathValue(0), expected.Value.RevisionId, call.Cancellation)
            : expected.Error;
        await call.AnswerEmptyAsync(deleted);
    }

    private static ValueTask AnswerAsync(ApiCall call, int status, StateMachineRecord machine, StateMachineVersion? version = null)
    {
        call.Response.Headers.ETag = EntityTags.Of(machine.RevisionId);
        return call.AnswerAsync(
            status,
            static (writer, state) => Write(
                writer, state.call, state.machine, whole: true, state.version,
                static (writer, machine) => writer.WriteJson("definition", machine.Definition)),
            (call, machine, version));
    }

    private static void Write(
        Utf8JsonWriter writer,
        ApiCall call,
        StateMachineRecord machine,
        bool whole,
        StateMachineVersion? version = null,
        Action<Utf8JsonWriter, StateMachineRecord>? writeDefinition = null)
    {
        writer.WriteStartObject();
        writer.WriteString("name", machine.Name);
        writer.WriteString("stateMachineArn", call.Service.Arns.StateMachine(machine.Tenant, machine.Name));
        writer.WriteString("type", WireText.Of(machine.Type));
        writer.WriteString("revisionId", machine.RevisionId);
        writer.WriteTime("createdAt"u8, machine.CreatedAt);
        writer.WriteTime("updatedAt"u8, machine.UpdatedAt);
        if (whole)
        {
            writer.WriteString("status", "ACTIVE");
            writer.WriteString("roleArn", machine.RoleArn);
            LoggingBody.Write(writer, machine.Logging);
            writeDefinition?.Invoke(writer, machine);
            writer.WriteStartObject("tags");
            foreach ((string key, string value) in machine.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal))
            {
                writer.WriteString(key, value);
            }

            writer.WriteEndObject();
            writer.WriteText("stateMachineVersionArn", ArnFormat.Qualified(call.Service.Arns.StateMachine(machine.Tenant, machine.Name), version?.Number));
        }

        writer.WriteEndObject();
    }
}
