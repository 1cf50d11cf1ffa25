using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Lockstep.Api.Problems;
using Lockstep.Api.Routing;
using Lockstep.Service.Errors;

namespace Lockstep.Api.Documents;

/// <summary>The OpenAPI 3.1 document, written from the route table and nothing else.</summary>
public static class OpenApiDocument
{
    private static readonly ConditionalWeakTable<RouteTable, JsonObject> Documents = [];

    /// <summary>The document of a table; built once.</summary>
    public static JsonObject Of(RouteTable table) => Documents.GetValue(table, Build);

    private static JsonObject Build(RouteTable table)
    {
        var paths = new JsonObject();
        foreach (ApiRoute route in table.Routes)
        {
            if (paths[route.Pattern] is not JsonObject path)
            {
                path = [];
                paths.Add(route.Pattern, path);
            }

            path.Add(route.Method.ToLowerInvariant(), Operation(route));
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "Lockstep",
                ["version"] = "v1",
                ["description"] = "Runs Amazon States Language state machines. Failures are problem details with a stable code; see docs/error-codes.md.",
            },
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject
                {
                    ["apiKey"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" },
                    ["operatorKey"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" },
                    ["signature"] = new JsonObject
                    {
                        ["type"] = "apiKey",
                        ["in"] = "header",
                        ["name"] = "Authorization",
                        ["description"] = "Signature Version 4, with an access key, for the service states and any region.",
                    },
                },
                ["schemas"] = ApiSchemas.All(),
            },
        };
    }

    private static JsonObject Operation(ApiRoute route)
    {
        var operation = new JsonObject
        {
            ["operationId"] = route.OperationId,
            ["tags"] = new JsonArray(route.Tag),
            ["summary"] = route.Summary,
            ["security"] = route.Access switch
            {
                RouteAccess.ApiKey => new JsonArray(new JsonObject { ["apiKey"] = new JsonArray() }),
                RouteAccess.Operator => new JsonArray(new JsonObject { ["operatorKey"] = new JsonArray() }),
                RouteAccess.Signature => new JsonArray(new JsonObject { ["signature"] = new JsonArray() }),
                RouteAccess.Open or RouteAccess.TaskToken => [],
                _ => throw new System.Diagnostics.UnreachableException($"There is no access {route.Access}."),
            },
        };
        JsonArray parameters = Parameters(route);
        if (parameters.Count > 0)
        {
            operation.Add("parameters", parameters);
        }

        if (route.RequestSchema is { } request)
        {
            operation.Add("requestBody", new JsonObject
            {
                ["required"] = !route.RequestOptional,
                ["content"] = Content(route.RequestMediaType, request),
            });
        }

        operation.Add("responses", Responses(route));
        return operation;
    }

    private static JsonArray Parameters(ApiRoute route)
    {
        var parameters = new JsonArray();
        foreach (string segment in route.Pattern.Split('/').Where(segment => segment.StartsWith('{')))
        {
            parameters.Add((JsonNode)new JsonObject
            {
                ["name"] = segment.Trim('{', '*', '}'),
                ["in"] = "path",
                ["required"] = true,
                ["schema"] = new JsonObject { ["type"] = "string" },
            });
        }

        foreach (RouteParameter parameter in route.Parameters)
        {
            var schema = new JsonObject { ["type"] = parameter.Type };
            if (!parameter.Values.IsEmpty)
            {
                schema.Add("enum", new JsonArray([.. parameter.Values.Select(value => JsonValue.Create(value))]));
            }

            parameters.Add((JsonNode)new JsonObject
            {
                ["name"] = parameter.Name,
                ["in"] = parameter.In,
                ["required"] = parameter.Required,
                ["description"] = parameter.Description,
                ["schema"] = schema,
            });
        }

        return parameters;
    }

    private static JsonObject Responses(ApiRoute route)
    {
        var responses = new JsonObject();
        foreach (RouteAnswer answer in route.Answers)
        {
            var response = new JsonObject { ["description"] = answer.Description };
            if (answer.Schema is { } schema)
            {
                response.Add("content", Content(answer.MediaType, schema));
            }

            responses.Add(Text(answer.Status), response);
        }

        if (route.Access == RouteAccess.Signature)
        {
            responses.Add("4XX", new JsonObject
            {
                ["description"] = "An exception of the protocol, with its type in __type and x-amzn-ErrorType.",
                ["content"] = Content(Wire.AwsJson.MediaType, "StepFunctionsError"),
            });
            return responses;
        }

        foreach (IGrouping<int, ErrorPage> status in ErrorsOf(route).Select(ErrorCatalog.Find).GroupBy(page => page.Status).OrderBy(group => group.Key))
        {
            responses.Add(Text(status.Key), new JsonObject
            {
                ["description"] = string.Join("; ", status.Select(page => $"{page.Code}: {page.Title}").Order(StringComparer.Ordinal)),
                ["content"] = Content(ProblemWriter.MediaType, "Problem"),
            });
        }

        return responses;
    }

    private static IEnumerable<string> ErrorsOf(ApiRoute route)
    {
        IEnumerable<string> any = [.. route.Errors, ErrorCodes.Validation, ErrorCodes.RequestTimeout, ErrorCodes.StorageUnavailable, ErrorCodes.InternalError];
        IEnumerable<string> access = route.Access switch
        {
            RouteAccess.Open => [],
            RouteAccess.ApiKey => [ErrorCodes.Unauthenticated, ErrorCodes.Throttling],
            RouteAccess.TaskToken => [ErrorCodes.Throttling],
            RouteAccess.Operator => [ErrorCodes.Unauthenticated, ErrorCodes.Throttling, ErrorCodes.NotFound],
            _ => throw new System.Diagnostics.UnreachableException($"There is no access {route.Access}."),
        };
        IEnumerable<string> body = route.RequestSchema is null ? [] : [ErrorCodes.PayloadTooLarge, ErrorCodes.UnsupportedMediaType];
        return any.Concat(access).Concat(body).Distinct(StringComparer.Ordinal);
    }

    private static JsonObject Content(string mediaType, string schema) => new()
    {
        [mediaType] = new JsonObject { ["schema"] = new JsonObject { ["$ref"] = "#/components/schemas/" + schema } },
    };

    private static string Text(int status) => status.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
