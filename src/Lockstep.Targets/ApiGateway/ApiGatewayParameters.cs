using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Lockstep.Json;
using Lockstep.Service.Targets;
using Lockstep.Targets.Aws;
using Lockstep.Targets.Http;

namespace Lockstep.Targets.ApiGateway;

/// <summary>The parameters of <c>apigateway:invoke</c> (Step Functions, "API Gateway request format"), checked.</summary>
/// <param name="Method">GET, POST, PUT, DELETE, PATCH, HEAD or OPTIONS.</param>
/// <param name="Url">Endpoint, stage, path and query in one.</param>
/// <param name="Headers">Fields to send.</param>
/// <param name="Body">Null when there is none.</param>
internal sealed record ApiGatewayParameters(
    HttpMethod Method, Uri Url, IReadOnlyList<KeyValuePair<string, string>> Headers, JsonValue? Body)
{
    private static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];

    /// <summary>Fields that AWS refuses there, and those that attribute a call here.</summary>
    private static readonly HashSet<string> RefusedHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Authorization", "Connection", "Content-Length", "Content-MD5", "Expect", "Host", "Max-Forwards", "Proxy-Authenticate", "Server", "TE",
        "Trailer", "Transfer-Encoding", "Upgrade", "User-Agent", "Via", "Www-Authenticate",
    };

    private static readonly string[] RefusedPrefixes = ["X-Forwarded", "X-Amz", "Lockstep-"];

    /// <summary>Reads the parameters; the problem says what is wrong when the answer is false.</summary>
    public static bool TryRead(
        JsonValue given, int maxHeaders, [NotNullWhen(true)] out ApiGatewayParameters? result, [NotNullWhen(false)] out string? problem)
    {
        result = null;
        var arguments = new TaskArguments(
            given, "ApiEndpoint", "Method", "Headers", "Stage", "Path", "QueryParameters", "RequestBody", "AllowNullValues", "AuthType");
        string method = arguments.Text("Method") ?? "";
        if (!Methods.Contains(method, StringComparer.Ordinal))
        {
            arguments.Refuse($"Method must be one of {string.Join(", ", Methods)}.");
        }

        if (arguments.Text("AuthType") is { } auth && auth != "NO_AUTH")
        {
            arguments.Refuse("AuthType must be NO_AUTH: there are no roles here to sign requests with.");
        }

        arguments.Flag("AllowNullValues");
        Uri? url = UrlOf(arguments);
        List<KeyValuePair<string, string>> headers = HeadersOf(arguments, maxHeaders);
        problem = arguments.Problem;
        if (problem is not null || url is null)
        {
            problem ??= "ApiEndpoint must be a host name, such as abc.execute-api.eu-west-1.amazonaws.com.";
            return false;
        }

        result = new ApiGatewayParameters(new HttpMethod(method), url, headers, arguments.Any("RequestBody"));
        return true;
    }

    private static Uri? UrlOf(TaskArguments arguments)
    {
        string endpoint = arguments.Text("ApiEndpoint") ?? "";
        string address = endpoint.Contains("://", StringComparison.Ordinal) ? endpoint.TrimEnd('/') : $"https://{endpoint}";
        foreach (string? part in (string?[])[arguments.Text("Stage"), arguments.Text("Path")])
        {
            address += string.IsNullOrEmpty(part?.Trim('/')) ? "" : "/" + part.Trim('/');
        }

        if (arguments.Object("QueryParameters") is { } query)
        {
            string encoded = FormEncoding.Encode(query, ArrayFormat.Repeat);
            address += encoded.Length > 0 ? "?" + encoded : "";
        }

        return endpoint.Length > 0 && Uri.TryCreate(address, UriKind.Absolute, out Uri? url) && url.Host.Length > 0 ? url : null;
    }

    private static List<KeyValuePair<string, string>> HeadersOf(TaskArguments arguments, int maxHeaders)
    {
        var headers = new List<KeyValuePair<string, string>>();
        JsonObject given = arguments.Object("Headers") ?? JsonObject.Empty;
        if (given.Count > maxHeaders)
        {
            arguments.Refuse(string.Create(CultureInfo.InvariantCulture, $"Headers has {given.Count} fields; {maxHeaders} are allowed."));
        }

        foreach (JsonProperty field in given)
        {
            if (!RequestFields.IsName(field.Name) || RefusedHeaders.Contains(field.Name)
                || RefusedPrefixes.Any(prefix => field.Name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            {
                arguments.Refuse($"The field '{field.Name}' cannot be set by a definition.");
            }
            else if (HeaderText.ValueOf(field.Value) is { } value)
            {
                headers.Add(new KeyValuePair<string, string>(field.Name, value));
            }
            else
            {
                arguments.Refuse($"The field '{field.Name}' must be text of printable ASCII, a number, a boolean or an array of these.");
            }
        }

        return headers;
    }
}
