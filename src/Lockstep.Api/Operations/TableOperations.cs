using System.Collections.Immutable;
using System.Text.Json;
using Lockstep.Api.Bodies;
using Lockstep.Api.Routing;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Tables;
using Microsoft.AspNetCore.Http;

namespace Lockstep.Api.Operations;

/// <summary>Tables: what <c>dynamodb:</c> tasks work on.</summary>
public static class TableOperations
{
    private const string Tag = "Tables";

    /// <summary>The routes.</summary>
    public static ImmutableArray<ApiRoute> Routes { get; } =
    [
        new("GET", "/v1/tables", "ListTables", "Lists the tables by name.", ListAsync)
        {
            Tag = Tag,
            Parameters = ListQuery.Parameters,
            Answers = [new(200, "A page.", "TableList")],
            Errors = [ErrorCodes.InvalidToken],
        },
        new("GET", "/v1/tables/{name}", "DescribeTable", "Shows a table.", DescribeAsync)
        {
            Tag = Tag,
            Answers = [new(200, "The table.", "Table")],
            Errors = [ErrorCodes.InvalidName, ErrorCodes.TableDoesNotExist],
        },
        new("PUT", "/v1/tables/{name}", "CreateTable", "Creates a table with its key; the same again changes nothing.", CreateAsync)
        {
            Tag = Tag,
            RequestSchema = "CreateTableRequest",
            Answers = [new(200, "It was there already.", "Table"), new(201, "Created.", "Table")],
            Errors = [ErrorCodes.InvalidName, ErrorCodes.TableLimitExceeded, ErrorCodes.Conflict],
        },
        new("DELETE", "/v1/tables/{name}", "DeleteTable", "Deletes a table with its items.", DeleteAsync)
        {
            Tag = Tag,
            Answers = [new(204, "It is not there any more, or never was.")],
            Errors = [ErrorCodes.InvalidName],
        },
        new("GET", "/v1/tables/{name}/items", "ListItems", "Lists the items of a table.", ListItemsAsync)
        {
            Tag = Tag,
            Parameters = ListQuery.Parameters,
            Answers = [new(200, "A page.", "ItemList")],
            Errors = [ErrorCodes.InvalidName, ErrorCodes.InvalidToken, ErrorCodes.TableDoesNotExist],
        },
    ];

    private static ValueTask ListAsync(ApiCall call) =>
        ListQuery.AnswerAsync(call, asked => call.Service.Tables.ListAsync(call.Tenant, asked, call.Cancellation), Write);

    private static async ValueTask DescribeAsync(ApiCall call) =>
        await call.AnswerAsync(await call.Service.Tables.DescribeAsync(PlaceOf(call), call.Cancellation), Write);

    private static async ValueTask CreateAsync(ApiCall call)
    {
        Result<JsonObject> body = await call.ReadBodyAsync();
        if (!body.Succeeded)
        {
            await call.RefuseAsync(body.Error);
            return;
        }

        var members = new Members(body.Value, "partitionKey", "sortKey");
        KeyAttribute partitionKey = ReadKey(members, "partitionKey") ?? new KeyAttribute("", "");
        KeyAttribute? sortKey = members.Any("sortKey") is null ? null : ReadKey(members, "sortKey");
        Result<CreateTableOutcome> outcome = members.Error is { } wrong
            ? wrong
            : await call.Service.Tables.CreateAsync(PlaceOf(call), partitionKey, sortKey, call.Cancellation);
        await (outcome.Succeeded
            ? call.AnswerAsync(outcome.Value.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK, Write, outcome.Value.Table)
            : call.RefuseAsync(outcome.Error));
    }

    private static async ValueTask DeleteAsync(ApiCall call) =>
        await call.AnswerEmptyAsync(await call.Service.Tables.DeleteAsync(PlaceOf(call), call.Cancellation));

    private static ValueTask ListItemsAsync(ApiCall call) => ListQuery.AnswerAsync(
        call,
        asked => call.Service.Tables.ListItemsAsync(PlaceOf(call), asked, call.Cancellation),
        static (writer, item) => writer.WriteRawValue(item.ToUtf8(), skipInputValidation: true));

    private static KeyAttribute? ReadKey(Members members, string name)
    {
        if (members.Any(name) is JsonObject key && key["name"] is JsonString attribute && key["type"] is JsonString type && key.Count == 2)
        {
            return new KeyAttribute(attribute.Value, type.Value);
        }

        members.Refuse(name, $"\"{name}\" has to be an object with the texts \"name\" and \"type\".");
        return null;
    }

    private static TablePlace PlaceOf(ApiCall call) => new(call.Tenant, call.PathValue(0));

    private static void Write(Utf8JsonWriter writer, TableRecord table)
    {
        writer.WriteStartObject();
        writer.WriteString("name", table.Place.Name);
        WriteKey(writer, "partitionKey", table.PartitionKey);
        if (table.SortKey is { } sortKey)
        {
            WriteKey(writer, "sortKey", sortKey);
        }

        writer.WriteTime("createdAt"u8, table.CreatedAt);
        writer.WriteEndObject();
    }

    private static void WriteKey(Utf8JsonWriter writer, string name, KeyAttribute key)
    {
        writer.WriteStartObject(name);
        writer.WriteString("name", key.Name);
        writer.WriteString("type", key.Type);
        writer.WriteEndObject();
    }
}
