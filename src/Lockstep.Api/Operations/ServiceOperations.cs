using System.Collections.Immutable;
using Lockstep.Api.Documents;
using Lockstep.Api.Problems;
using Lockstep.Api.Routing;
using Lockstep.Asl;
using Lockstep.Asl.Diagnostics;
using Lockstep.Service.Errors;
using Microsoft.AspNetCore.Http;

namespace Lockstep.Api.Operations;

/// <summary>What is about the service itself: health, the description of the API, and checking definitions.</summary>
public static class ServiceOperations
{
    /// <summary>The routes.</summary>
    public static ImmutableArray<ApiRoute> Routes { get; } =
    [
        new("POST", "/v1/validate", "ValidateDefinition", "Says everything that is wrong with a definition, and stores nothing.", ValidateAsync)
        {
            Tag = "State machines",
            RequestSchema = "ValidateRequest",
            Answers = [new(200, "The diagnostics; result is OK when none forbids the definition.", "Validation")],
            Errors = [ErrorCodes.PayloadTooLarge],
        },
        new("GET", "/healthz", "Live", "Says that the process answers.", LiveAsync)
        {
            Access = RouteAccess.Open,
            Answers = [new(200, "It does.", "Health")],
        },
        new("GET", "/readyz", "Ready", "Says whether requests are welcome: the storage can be read and the service is not stopping.", ReadyAsync)
        {
            Access = RouteAccess.Open,
            Answers = [new(200, "They are.", "Health")],
            Errors = [ErrorCodes.ServiceStopping, ErrorCodes.StorageUnavailable],
        },
        new("GET", "/openapi/v1.json", "OpenApi", "This description.", DescribeAsync)
        {
            Access = RouteAccess.Open,
            Answers = [new(200, "An OpenAPI 3.1 document.", "OpenApiDocument")],
        },
    ];

    private static async ValueTask ValidateAsync(ApiCall call)
    {
        Result<DefinitionBody> body = await DefinitionBody.ReadAsync(call, "definition", "type", "severity", "maxResults");
        if (!body.Succeeded)
        {
            await call.RefuseAsync(body.Error);
            return;
        }

        string? definition = body.Value.Definition;
        if (definition is null)
        {
            body.Value.Members.Refuse("definition", "\"definition\" is missing; it has to be a string or an object.");
        }

        ShownDiagnostics shown = ShownDiagnostics.Read(body.Value.Members);
        Result<AslLoadResult> compiled = body.Value.Members.Error is { } wrong
            ? wrong
            : call.Service.Definitions.Validate(definition ?? "", body.Value.Type);
        if (!compiled.Succeeded)
        {
            await call.RefuseAsync(compiled.Error);
            return;
        }

        await call.AnswerAsync(
            StatusCodes.Status200OK,
            static (writer, outcome) =>
            {
                (ImmutableArray<Diagnostic> diagnostics, bool truncated) = outcome.Shown.Of(outcome.Result.Diagnostics);
                writer.WriteStartObject();
                writer.WriteString("result", outcome.Result.Machine is null ? "FAIL" : "OK");
                writer.WriteStartArray("diagnostics");
                foreach (Diagnostic diagnostic in diagnostics)
                {
                    ProblemWriter.WriteDiagnostic(writer, diagnostic);
                }

                writer.WriteEndArray();
                writer.WriteBoolean("truncated", truncated);
                writer.WriteEndObject();
            },
            (Result: compiled.Value, Shown: shown));
    }

    private static ValueTask LiveAsync(ApiCall call) => AnswerHealthyAsync(call);

    private static async ValueTask ReadyAsync(ApiCall call)
    {
        if (call.Surroundings.Draining.HasBegun)
        {
            await call.RefuseAsync(new ServiceError(ErrorCodes.ServiceStopping, "The service is stopping and takes no new work."));
            return;
        }

        await call.Service.ProbeAsync(call.Cancellation);
        await AnswerHealthyAsync(call);
    }

    private static ValueTask AnswerHealthyAsync(ApiCall call) => call.AnswerAsync(
        StatusCodes.Status200OK,
        static (writer, _) =>
        {
            writer.WriteStartObject();
            writer.WriteString("status", "ok");
            writer.WriteEndObject();
        },
        0);

    private static ValueTask DescribeAsync(ApiCall call) =>
        call.AnswerAsync(StatusCodes.Status200OK, static (writer, table) => OpenApiDocument.Of(table).WriteTo(writer), call.Surroundings.Table);
}
