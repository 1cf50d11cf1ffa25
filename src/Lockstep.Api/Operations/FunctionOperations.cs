using System.Collections.Immutable;
using System.Text.Json;
using Lockstep.Api.Bodies;
using Lockstep.Api.Routing;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Functions;
using Microsoft.AspNetCore.Http;

namespace Lockstep.Api.Operations;

/// <summary>Functions: which endpoint a name stands for.</summary>
public static class FunctionOperations
{
    private const string Tag = "Functions";

    /// <summary>The routes.</summary>
    public static ImmutableArray<ApiRoute> Routes { get; } =
    [
        new("GET", "/v1/functions", "ListFunctions", "Lists the functions by name.", ListAsync)
        {
            Tag = Tag,
            Parameters = ListQuery.Parameters,
            Answers = [new(200, "A page.", "FunctionList")],
            Errors = [ErrorCodes.InvalidToken],
        },
        new("GET", "/v1/functions/{name}", "DescribeFunction", "Shows a function.", DescribeAsync)
        {
            Tag = Tag,
            Answers = [new(200, "The function.", "Function")],
            Errors = [ErrorCodes.InvalidName, ErrorCodes.FunctionDoesNotExist],
        },
        new("PUT", "/v1/functions/{name}", "PutFunction", "Registers a function, or replaces its endpoint.", PutAsync)
        {
            Tag = Tag,
            RequestSchema = "PutFunctionRequest",
            Answers = [new(200, "Replaced.", "Function"), new(201, "Registered.", "Function")],
            Errors = [ErrorCodes.InvalidName, ErrorCodes.FunctionLimitExceeded],
        },
        new("DELETE", "/v1/functions/{name}", "DeleteFunction", "Removes a function.", DeleteAsync)
        {
            Tag = Tag,
            Answers = [new(204, "It is not there any more, or never was.")],
            Errors = [ErrorCodes.InvalidName],
        },
    ];

    private static ValueTask ListAsync(ApiCall call) =>
        ListQuery.AnswerAsync(call, asked => call.Service.Functions.ListAsync(call.Tenant, asked, call.Cancellation), Write);

    private static async ValueTask DescribeAsync(ApiCall call) =>
        await call.AnswerAsync(await call.Service.Functions.DescribeAsync(call.Tenant, call.PathValue(0), call.Cancellation), Write);

    private static async ValueTask PutAsync(ApiCall call)
    {
        Result<JsonObject> body = await call.ReadBodyAsync();
        if (!body.Succeeded)
        {
            await call.RefuseAsync(body.Error);
            return;
        }

        var members = new Members(body.Value, "url");
        string url = members.Text("url");
        Result<PutFunctionOutcome> outcome = members.Error is { } wrong
            ? wrong
            : await call.Service.Functions.PutAsync(call.Tenant, call.PathValue(0), url, call.Cancellation);
        await (outcome.Succeeded
            ? call.AnswerAsync(outcome.Value.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK, Write, outcome.Value.Function)
            : call.RefuseAsync(outcome.Error));
    }

    private static async ValueTask DeleteAsync(ApiCall call) =>
        await call.AnswerEmptyAsync(await call.Service.Functions.DeleteAsync(call.Tenant, call.PathValue(0), call.Cancellation));

    private static void Write(Utf8JsonWriter writer, FunctionRecord function)
    {
        writer.WriteStartObject();
        writer.WriteString("name", function.Name);
        writer.WriteString("url", function.Url.AbsoluteUri);
        writer.WriteTime("createdAt"u8, function.CreatedAt);
        writer.WriteEndObject();
    }
}
