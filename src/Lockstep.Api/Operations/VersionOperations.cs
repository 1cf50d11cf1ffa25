using System.Collections.Immutable;
using System.Text.Json;
using Lockstep.Api.Bodies;
using Lockstep.Api.Routing;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Naming;
using Lockstep.Service.StateMachines;
using Microsoft.AspNetCore.Http;

namespace Lockstep.Api.Operations;

/// <summary>Versions of state machines: publish, list, describe, delete.</summary>
public static class VersionOperations
{
    private const string Tag = "Versions and aliases";

    /// <summary>The routes.</summary>
    public static ImmutableArray<ApiRoute> Routes { get; } =
    [
        new("POST", "/v1/state-machines/{name}/versions", "PublishStateMachineVersion",
            "Publishes the revision in force as a version; the same revision again gives the same version.", PublishAsync)
        {
            Tag = Tag,
            RequestSchema = "PublishStateMachineVersionRequest",
            RequestOptional = true,
            Answers =
            [
                new(201, "Published.", "StateMachineVersion"),
                new(200, "The revision had a version already.", "StateMachineVersion"),
            ],
            Errors = [ErrorCodes.InvalidName, ErrorCodes.StateMachineDoesNotExist, ErrorCodes.Conflict, ErrorCodes.ServiceQuotaExceeded],
        },
        new("GET", "/v1/state-machines/{name}/versions", "ListStateMachineVersions", "Lists the versions of a state machine, newest first.", ListAsync)
        {
            Tag = Tag,
            Parameters = ListQuery.Parameters,
            Answers = [new(200, "A page.", "StateMachineVersionList")],
            Errors = [ErrorCodes.InvalidName, ErrorCodes.InvalidToken, ErrorCodes.StateMachineDoesNotExist],
        },
        new("GET", "/v1/state-machines/{name}/versions/{version}", "DescribeStateMachineVersion", "Shows a version with its definition.", DescribeAsync)
        {
            Tag = Tag,
            Parameters = [DefinitionView.Parameter],
            Answers = [new(200, "The version.", "StateMachineVersion")],
            Errors = [ErrorCodes.InvalidName, ErrorCodes.ResourceNotFound],
        },
        new("DELETE", "/v1/state-machines/{name}/versions/{version}", "DeleteStateMachineVersion",
            "Deletes a version that no alias routes to; running executions go on.", DeleteAsync)
        {
            Tag = Tag,
            Answers = [new(204, "It is not there any more, or never was.")],
            Errors = [ErrorCodes.InvalidName, ErrorCodes.Conflict],
        },
    ];

    private static async ValueTask PublishAsync(ApiCall call)
    {
        Result<JsonObject> body = await call.ReadBodyAsync();
        if (!body.Succeeded)
        {
            await call.RefuseAsync(body.Error);
            return;
        }

        var members = new Members(body.Value, "revisionId", "description");
        var request = new PublishVersionRequest(members.OptionalText("revisionId"), members.OptionalText("description"));
        Result<PublishOutcome> outcome = members.Error is { } wrong
            ? wrong
            : await call.Service.Versions.PublishAsync(call.Tenant, call.PathValue(0), request, call.Cancellation);
        if (!outcome.Succeeded)
        {
            await call.RefuseAsync(outcome.Error);
            return;
        }

        StateMachineVersion version = outcome.Value.Version;
        call.Response.Headers.Location = $"/v1/state-machines/{Uri.EscapeDataString(version.StateMachineName)}/versions/{version.Number}";
        await call.AnswerAsync(
            outcome.Value.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK,
            static (writer, state) => Write(writer, state.call, state.version, null),
            (call, version));
    }

    private static ValueTask ListAsync(ApiCall call) => ListQuery.AnswerAsync(
        call,
        asked => call.Service.Versions.ListAsync(call.Tenant, call.PathValue(0), asked, call.Cancellation),
        (writer, version) => Write(writer, call, version, null));

    private static async ValueTask DescribeAsync(ApiCall call)
    {
        Result<VersionNumber> number = ReadNumber(call.PathValue(1));
        Result<DefinitionView.IncludedData> included = DefinitionView.Read(call);
        if (!included.Succeeded)
        {
            await call.RefuseAsync(included.Error);
            return;
        }

        Result<DescribedVersion> described = number.Succeeded
            ? await call.Service.Versions.DescribeAsync(call.Tenant, call.PathValue(0), number.Value.Number, call.Cancellation)
            : number.Error;
        await (described.Succeeded
            ? call.AnswerAsync(
                StatusCodes.Status200OK,
                static (writer, state) => Write(writer, state.call, state.Value.Version, state.Value.Machine, state.WithDefinition),
                (call, described.Value, included.Value.WithDefinition))
            : call.RefuseAsync(described.Error));
    }

    private static async ValueTask DeleteAsync(ApiCall call)
    {
        Result<VersionNumber> number = ReadNumber(call.PathValue(1));
        Result<Accepted> deleted = number.Succeeded
            ? await call.Service.Versions.DeleteAsync(call.Tenant, call.PathValue(0), number.Value.Number, call.Cancellation)
            : number.Error;
        await call.AnswerEmptyAsync(deleted);
    }

    private static Result<VersionNumber> ReadNumber(string text) => StateMachineVersion.TryParseNumber(text, out long number)
        ? new VersionNumber(number)
        : new ServiceError(ErrorCodes.Validation, "A version is a whole number from 1.") { Target = "version" };

    private static void Write(Utf8JsonWriter writer, ApiCall call, StateMachineVersion version, StateMachineRecord? machine, bool withDefinition = false)
    {
        writer.WriteStartObject();
        writer.WriteNumber("version", version.Number);
        writer.WriteText(
            "stateMachineVersionArn", ArnFormat.Qualified(call.Service.Arns.StateMachine(version.Tenant, version.StateMachineName), version.Number));
        writer.WriteString("stateMachine", version.StateMachineName);
        writer.WriteString("revisionId", version.RevisionId);
        writer.WriteText("description", version.Description);
        writer.WriteTime("createdAt"u8, version.CreatedAt);
        if (machine is not null)
        {
            writer.WriteString("type", WireText.Of(machine.Type));
            writer.WriteString("roleArn", machine.RoleArn);
            if (withDefinition)
            {
                DefinitionView.Write(writer, machine);
            }
        }

        writer.WriteEndObject();
    }

    private sealed record VersionNumber(long Number);
}
