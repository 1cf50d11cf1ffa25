using System.Collections.Immutable;
using System.Text.Json;
using Lockstep.Api.Routing;
using Lockstep.Json;
using Lockstep.Service.Connections;
using Lockstep.Service.Errors;
using Microsoft.AspNetCore.Http;

namespace Lockstep.Api.Operations;

/// <summary>Connections: what <c>http:invoke</c> adds to a call so that the endpoint knows who makes it.</summary>
public static class ConnectionOperations
{
    private const string Tag = "Connections";
    private const string AuthorizationType = "authorizationType";

    /// <summary>The routes.</summary>
    public static ImmutableArray<ApiRoute> Routes { get; } =
    [
        new("GET", "/v1/connections", "ListConnections", "Lists the connections by name, without their settings.", ListAsync)
        {
            Tag = Tag,
            Parameters = ListQuery.Parameters,
            Answers = [new(200, "A page.", "ConnectionList")],
            Errors = [ErrorCodes.InvalidToken],
        },
        new("GET", "/v1/connections/{name}", "DescribeConnection", "Shows a connection without its secrets.", DescribeAsync)
        {
            Tag = Tag,
            Answers = [new(200, "The connection.", "Connection")],
            Errors = [ErrorCodes.InvalidName, ErrorCodes.ConnectionDoesNotExist],
        },
        new("PUT", "/v1/connections/{name}", "PutConnection", "Makes a connection, or replaces all of it; one that is replaced keeps its ARN.", PutAsync)
        {
            Tag = Tag,
            RequestSchema = "PutConnectionRequest",
            Answers = [new(200, "Replaced.", "Connection"), new(201, "Made.", "Connection")],
            Errors = [ErrorCodes.InvalidName, ErrorCodes.ConnectionLimitExceeded],
        },
        new("DELETE", "/v1/connections/{name}", "DeleteConnection", "Removes a connection with its secrets. One of the same name made later has another ARN.", DeleteAsync)
        {
            Tag = Tag,
            Answers = [new(204, "It is not there any more, or never was.")],
            Errors = [ErrorCodes.InvalidName],
        },
    ];

    private static ValueTask ListAsync(ApiCall call) => ListQuery.AnswerAsync(
        call,
        asked => call.Service.Connections.ListAsync(call.Tenant, asked, call.Cancellation),
        (writer, connection) =>
        {
            writer.WriteStartObject();
            WriteSummary(writer, connection, call.Service.Connections.ArnOf(connection));
            writer.WriteString(AuthorizationType, connection.AuthorizationType);
            writer.WriteEndObject();
        });

    private static async ValueTask DescribeAsync(ApiCall call) =>
        await call.AnswerAsync(await call.Service.Connections.DescribeAsync(call.Tenant, call.PathValue(0), call.Cancellation), Write);

    private static async ValueTask PutAsync(ApiCall call)
    {
        Result<JsonObject> body = await call.ReadBodyAsync();
        Result<PutConnectionOutcome> outcome = body.Succeeded
            ? await call.Service.Connections.PutAsync(call.Tenant, call.PathValue(0), body.Value, call.Cancellation)
            : body.Error;
        await (outcome.Succeeded
            ? call.AnswerAsync(outcome.Value.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK, Write, outcome.Value.Connection)
            : call.RefuseAsync(outcome.Error));
    }

    private static async ValueTask DeleteAsync(ApiCall call) =>
        await call.AnswerEmptyAsync(await call.Service.Connections.DeleteAsync(call.Tenant, call.PathValue(0), call.Cancellation));

    private static void Write(Utf8JsonWriter writer, ConnectionDescription connection)
    {
        writer.WriteStartObject();
        WriteSummary(writer, connection.Summary, connection.Arn);
        foreach (Lockstep.Json.JsonProperty member in connection.Shown)
        {
            writer.WritePropertyName(member.Name);
            writer.WriteRawValue(member.Value.ToString(), skipInputValidation: true);
        }

        writer.WriteEndObject();
    }

    private static void WriteSummary(Utf8JsonWriter writer, ConnectionSummary connection, string arn)
    {
        writer.WriteString("name", connection.Name);
        writer.WriteString("connectionArn", arn);
        writer.WriteTime("createdAt"u8, connection.CreatedAt);
        writer.WriteTime("updatedAt"u8, connection.UpdatedAt);
    }
}
