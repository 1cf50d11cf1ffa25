using System.Collections.Immutable;
using System.Text.Json;
using Lockstep.Api.Routing;
using Lockstep.Service.Errors;
using Lockstep.Service.Objects;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Lockstep.Api.Operations;

/// <summary>
/// Objects: what <c>s3:</c> tasks work on. A bucket comes with its first object. A slash in a key
/// may be sent as it is or as <c>%2F</c>; a key with these three characters themselves can only be reached by tasks.
/// </summary>
public static class ObjectOperations
{
    private const string Tag = "Objects";
    private const string ObjectPath = "/v1/objects/{bucket}/{key*}";

    /// <summary>The routes.</summary>
    public static ImmutableArray<ApiRoute> Routes { get; } =
    [
        new("GET", "/v1/objects/{bucket}", "ListObjects", "Lists the objects of a bucket by key; a bucket without any has an empty list.", ListAsync)
        {
            Tag = Tag,
            Parameters = [.. ListQuery.Parameters, new("prefix", "query", "string", "What keys begin with.")],
            Answers = [new(200, "A page.", "ObjectList")],
            Errors = [ErrorCodes.InvalidName, ErrorCodes.InvalidToken],
        },
        new("GET", ObjectPath, "GetObject", "Reads an object.", ReadAsync)
        {
            Tag = Tag,
            Pace = RoutePace.Transfer,
            Answers = [new(200, "The content, with the type that it was put with.", "ObjectContent", ObjectUseCases.DefaultContentType)],
            Errors = [ErrorCodes.InvalidName, ErrorCodes.BucketDoesNotExist, ErrorCodes.ObjectDoesNotExist],
        },
        new("PUT", ObjectPath, "PutObject", "Puts an object, in place of the one that may be there. It is durable when this is answered.", PutAsync)
        {
            Tag = Tag,
            Pace = RoutePace.Transfer,
            RequestSchema = "ObjectContent",
            RequestMediaType = ObjectUseCases.DefaultContentType,
            RequestOptional = true,
            Answers = [new(200, "The object, without its content.", "Object")],
            Errors = [ErrorCodes.InvalidName, ErrorCodes.PayloadTooLarge],
        },
        new("DELETE", ObjectPath, "DeleteObject", "Removes an object.", DeleteAsync)
        {
            Tag = Tag,
            Answers = [new(204, "It is not there any more, or never was.")],
            Errors = [ErrorCodes.InvalidName],
        },
    ];

    private static ObjectPlace PlaceOf(ApiCall call) =>
        new(call.Tenant, call.PathValue(0), call.PathValue(1).Replace("%2F", "/", StringComparison.OrdinalIgnoreCase));

    private static ValueTask ListAsync(ApiCall call) => ListQuery.AnswerAsync(
        call,
        asked => call.Service.Objects.ListAsync(call.Tenant, call.PathValue(0), call.Query("prefix") ?? "", asked, call.Cancellation),
        Write);

    private static async ValueTask ReadAsync(ApiCall call)
    {
        Result<OpenObject> opened = await call.Service.Objects.OpenAsync(PlaceOf(call), 0, call.Cancellation);
        if (!opened.Succeeded)
        {
            await call.RefuseAsync(opened.Error);
            return;
        }

        await using OpenObject found = opened.Value;
        HttpResponse response = call.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = found.Record.ContentType;
        response.ContentLength = found.Record.Size;
        response.Headers.ETag = $"\"{found.Record.ETag}\"";
        response.Headers.LastModified = HeaderUtilities.FormatDate(found.Record.LastModified);

        // Whatever somebody has put there: a browser does not show it as a page of this service.
        response.Headers.ContentDisposition = "attachment";
        if (!HttpMethods.IsHead(call.Request.Method))
        {
            await found.Content.CopyToAsync(response.Body, call.Cancellation);
        }
    }

    private static async ValueTask PutAsync(ApiCall call)
    {
        if (call.Request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            // The use case counts the bytes, and refuses in our words.
            size.MaxRequestBodySize = null;
        }

        Result<ObjectRecord> put = await call.Service.Objects.PutAsync(PlaceOf(call), call.Request.ContentType, call.Request.Body, call.Cancellation);
        await call.AnswerAsync(put, Write);
    }

    private static async ValueTask DeleteAsync(ApiCall call) =>
        await call.AnswerEmptyAsync(await call.Service.Objects.DeleteAsync(PlaceOf(call), call.Cancellation));

    private static void Write(Utf8JsonWriter writer, ObjectRecord record)
    {
        writer.WriteStartObject();
        writer.WriteString("bucket", record.Place.Bucket);
        writer.WriteString("key", record.Place.Key);
        writer.WriteNumber("size", record.Size);
        writer.WriteString("etag", record.ETag);
        writer.WriteString("contentType", record.ContentType);
        writer.WriteTime("lastModified"u8, record.LastModified);
        writer.WriteEndObject();
    }
}
