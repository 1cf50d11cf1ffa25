using System.Text.Json;
using Lockstep.Api.Bodies;
using Lockstep.Asl.Diagnostics;
using Lockstep.Service.Errors;
using Microsoft.AspNetCore.Http;

namespace Lockstep.Api.Problems;

/// <summary>Failures as problem details (RFC 9457): a stable <c>code</c>, what was wrong, where, and how to mend it.</summary>
public static class ProblemWriter
{
    /// <summary>Media type of a diagnostic.</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>Answers with a failure.</summary>
    public static ValueTask WriteAsync(HttpContext context, ServiceError error, CancellationToken cancellation)
    {
        ErrorPage page = ErrorCatalog.Find(error.Code);
        HttpResponse response = context.Response;
        response.StatusCode = page.Status;
        if (page.Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        return JsonAnswer.WriteAsync(
            response, MediaType, static (writer, failure) => Write(writer, failure.Page, failure.Error, failure.RequestId), (Page: page, Error: error, RequestId: context.TraceIdentifier), cancellation);
    }

    private static void Write(Utf8JsonWriter writer, ErrorPage page, ServiceError error, string requestId)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "urn:lockstep:error:" + page.Code);
        writer.WriteString("title", page.Title);
        writer.WriteNumber("status", page.Status);
        writer.WriteString("code", page.Code);
        writer.WriteString("detail", error.Message);
        if (error.Target is not null)
        {
            writer.WriteString("pointer", error.Target);
        }

        writer.WriteString("remedy", page.Remedy);
        if (error.Diagnostics.Count > 0)
        {
            writer.WriteStartArray("diagnostics");
            foreach (Diagnostic diagnostic in error.Diagnostics)
            {
                WriteDiagnostic(writer, diagnostic);
            }

            writer.WriteEndArray();
        }

        if (page.Status >= StatusCodes.Status500InternalServerError)
        {
            writer.WriteString("requestId", requestId);
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes one diagnostic as an object.</summary>
    public static void WriteDiagnostic(Utf8JsonWriter writer, Diagnostic diagnostic)
    {
        writer.WriteStartObject();
        writer.WriteString("code", diagnostic.Code);
        writer.WriteString("severity", diagnostic.Severity == DiagnosticSeverity.Error ? "ERROR" : "WARNING");
        writer.WriteString("message", diagnostic.Message);
        if (diagnostic.ServiceLocation is not null)
        {
            writer.WriteString("location", diagnostic.ServiceLocation);
        }

        writer.WriteString("pointer", diagnostic.Pointer);
        writer.WriteNumber("line", diagnostic.Line);
        writer.WriteNumber("column", diagnostic.Column);
        writer.WriteEndObject();
    }
}
