using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Lockstep.Json;
using Lockstep.Service.Targets;

namespace Lockstep.Targets.Http;

/// <summary>
/// The parameters of <c>http:invoke</c> (Step Functions, "Call HTTPS APIs"), checked. Invariant: no field of it can change how the
/// request is framed, routed or attributed.
/// </summary>
/// <param name="Method">GET, POST, PUT, DELETE, PATCH, OPTIONS or HEAD.</param>
/// <param name="Url">The endpoint with its query.</param>
/// <param name="Headers">Fields to send, content type apart.</param>
/// <param name="ContentType">Null when the definition gave none.</param>
/// <param name="Body">Null when there is none.</param>
/// <param name="FormFormat">How arrays are written when the body is form-encoded; null when it is not.</param>
internal sealed record HttpInvokeParameters(
    HttpMethod Method, Uri Url, IReadOnlyList<KeyValuePair<string, string>> Headers, string? ContentType, JsonValue? Body, ArrayFormat? FormFormat)
{
    private static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"];

    /// <summary>Reads the parameters; the problem says what is wrong when the answer is false.</summary>
    public static bool TryRead(
        JsonValue parameters, int maxHeaders, [NotNullWhen(true)] out HttpInvokeParameters? result, [NotNullWhen(false)] out string? problem)
    {
        result = null;
        problem = Read(parameters, maxHeaders, ref result);
        return problem is null;
    }

    private static string? Read(JsonValue parameters, int maxHeaders, ref HttpInvokeParameters? result)
    {
        if (parameters is not JsonObject given)
        {
            return "an object with ApiEndpoint and Method is needed.";
        }

        if (given["Method"] is not JsonString method || !Methods.Contains(method.Value, StringComparer.Ordinal))
        {
            return $"Method must be one of {string.Join(", ", Methods)}.";
        }

        string? contentType = null;
        var headers = new List<KeyValuePair<string, string>>();
        ArrayFormat? format = null;
        if (ReadUrl(given, out Uri? url) is { } badUrl)
        {
            return badUrl;
        }

        if (ReadHeaders(given["Headers"], maxHeaders, headers, ref contentType) is { } badHeader)
        {
            return badHeader;
        }

        if (ReadTransform(given["Transform"], ref format) is { } badTransform)
        {
            return badTransform;
        }

        result = new HttpInvokeParameters(new HttpMethod(method.Value), url, headers, contentType, given["RequestBody"], format);
        return null;
    }

    private static string? ReadUrl(JsonObject given, out Uri url)
    {
        url = new Uri("about:blank");
        if (given["ApiEndpoint"] is not JsonString endpoint || !Uri.TryCreate(endpoint.Value, UriKind.Absolute, out Uri? parsed))
        {
            return "ApiEndpoint must be an absolute address.";
        }

        string query = "";
        switch (given["QueryParameters"])
        {
            case null:
                break;
            case JsonObject members:
                query = FormEncoding.Encode(members, ArrayFormat.Repeat);
                break;
            default:
                return "QueryParameters must be an object.";
        }

        if (query.Length > 0)
        {
            var address = new StringBuilder(parsed.GetLeftPart(UriPartial.Query));
            address.Append(parsed.Query.Length == 0 ? '?' : '&').Append(query).Append(parsed.Fragment);
            parsed = new Uri(address.ToString());
        }

        url = parsed;
        return null;
    }

    private static string? ReadHeaders(JsonValue? given, int maxHeaders, List<KeyValuePair<string, string>> headers, ref string? contentType)
    {
        if (given is null)
        {
            return null;
        }

        if (given is not JsonObject fields)
        {
            return "Headers must be an object.";
        }

        if (fields.Count > maxHeaders)
        {
            return string.Create(CultureInfo.InvariantCulture, $"Headers has {fields.Count} fields; {maxHeaders} are allowed.");
        }

        foreach (JsonProperty field in fields)
        {
            if (!RequestFields.MayBeSet(field.Name))
            {
                return $"The field '{field.Name}' cannot be set by a definition.";
            }

            if (HeaderText.ValueOf(field.Value) is not { } value)
            {
                return $"The field '{field.Name}' must be text of printable ASCII, a number, a boolean or an array of these.";
            }

            if (field.Name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase))
            {
                contentType = value;
            }
            else
            {
                headers.Add(new KeyValuePair<string, string>(field.Name, value));
            }
        }

        return null;
    }

    private static string? ReadTransform(JsonValue? given, ref ArrayFormat? format)
    {
        if (given is null)
        {
            return null;
        }

        switch ((given as JsonObject)?["RequestBodyEncoding"])
        {
            case JsonString { Value: "NONE" }:
                return null;
            case JsonString { Value: "URL_ENCODED" }:
                break;
            default:
                return "Transform.RequestBodyEncoding must be NONE or URL_ENCODED.";
        }

        JsonValue? name = ((given as JsonObject)?["RequestEncodingOptions"] as JsonObject)?["ArrayFormat"];
        format = name switch
        {
            null or JsonString { Value: "INDICES" } => ArrayFormat.Indices,
            JsonString { Value: "REPEAT" } => ArrayFormat.Repeat,
            JsonString { Value: "COMMAS" } => ArrayFormat.Commas,
            JsonString { Value: "BRACKETS" } => ArrayFormat.Brackets,
            _ => null,
        };
        return format is null ? "Transform.RequestEncodingOptions.ArrayFormat must be INDICES, REPEAT, COMMAS or BRACKETS." : null;
    }
}
