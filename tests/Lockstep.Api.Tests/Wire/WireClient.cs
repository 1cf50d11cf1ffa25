using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Lockstep.Api.Tests.Support;
using Lockstep.Api.Wire;
using Lockstep.Api.Wire.Signing;
using Lockstep.Json;
using Lockstep.Service.Tenancy;

namespace Lockstep.Api.Tests.Wire;

/// <summary>
/// A caller of the Step Functions protocol that signs as a client does, or differently where a test wants it so. That the arithmetic is right is shown by
/// <see cref="SignatureV4Tests"/> and by real clients end to end.
/// </summary>
internal sealed record WireClient(HttpClient Http, AccessKey Key, TimeProvider Time)
{
    public string Region { get; init; } = "eu-central-1";

    public string ServiceName { get; init; } = "states";

    public string Terminator { get; init; } = "aws4_request";

    /// <summary>What stands for the hash of the body; null for the hash itself.</summary>
    public string? PayloadWord { get; init; }

    public TimeSpan Skew { get; init; }

    public string SignedHeaders { get; init; } = "content-type;host;x-amz-date;x-amz-target";

    public string ContentType { get; init; } = AwsJson.MediaType;

    /// <summary>Makes the Authorization header another one after signing.</summary>
    public Func<string, string?> Spoil { get; init; } = static header => header;

    /// <summary>Makes the body that is sent out of the header, the time and the seed signature; null to send what was signed.</summary>
    public Func<SignatureHeader, string, string, byte[]>? Chunk { get; init; }

    public static async Task<WireClient> OfAsync(ApiHost host, string apiKey) => new(
        host.Nobody.Http,
        await host.Platform.Service.AccessKeys.OfApiKeyAsync(apiKey, TestContext.Current.CancellationToken)
            ?? throw new InvalidOperationException("The API key has no access key."),
        host.Platform.Time);

    public Task<WireReply> CallAsync(string operation, string body = "{}", params (string Name, string Value)[] more) =>
        SendAsync(WireRegistry.TargetPrefix + operation, body, more);

    public async Task<JsonObject> OkAsync(string operation, string body = "{}")
    {
        WireReply reply = await CallAsync(operation, body);
        Assert.True(reply.Status == 200, reply.Text);
        return reply.Json;
    }

    public async Task<WireReply> SendAsync(string? target, string body, params (string Name, string Value)[] more)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        string time = (Time.GetUtcNow() + Skew).UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["content-type"] = ContentType,
            ["host"] = Http.BaseAddress?.Authority ?? "",
            ["x-amz-date"] = time,
        };
        if (target is not null)
        {
            headers["x-amz-target"] = target;
        }

        if (PayloadWord is not null)
        {
            headers["x-amz-content-sha256"] = PayloadWord;
        }

        string[] signed = SignedHeaders.Split(';');
        var scope = new SignatureHeader(Key.Id, time[..8], Region, ServiceName, Terminator, [.. signed], "");
        string signature = SignatureV4.Sign(Key.Secret, scope, time, new SignedParts(
            "POST",
            "/",
            "",
            [.. signed.Select(name => KeyValuePair.Create(name, headers.GetValueOrDefault(name, "")))],
            PayloadWord ?? SignatureV4.HashOf(bytes)));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/");
        request.Content = new ByteArrayContent(Chunk?.Invoke(scope, time, signature) ?? bytes);
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(ContentType);
        foreach ((string name, string value) in headers.Where(header => header.Key.StartsWith("x-", StringComparison.Ordinal)))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        foreach ((string name, string value) in more)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (Spoil($"AWS4-HMAC-SHA256 Credential={Key.Id}/{scope.Scope}, SignedHeaders={SignedHeaders}, Signature={signature}") is { } authorization)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        using HttpResponseMessage response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        return new WireReply(
            (int)response.StatusCode,
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            response.Content.Headers.ContentType?.ToString(),
            response.Headers.ToDictionary(header => header.Key, header => string.Join(',', header.Value), StringComparer.OrdinalIgnoreCase));
    }
}

/// <summary>What came back.</summary>
internal sealed record WireReply(int Status, string Text, string? ContentType, IReadOnlyDictionary<string, string> Headers)
{
    public JsonObject Json => JsonValue.Parse(Text) as JsonObject ?? throw new FormatException($"Not an object: {Text}");

    /// <summary>The exception's name, which body and header have to agree about.</summary>
    public string Error
    {
        get
        {
            string type = Json["__type"] is JsonString text ? text.Value : throw new FormatException($"Not an error: {Text}");
            Assert.Equal(type, Headers["x-amzn-ErrorType"]);
            return type;
        }
    }

    public string Message => Json["message"] is JsonString text ? text.Value : throw new FormatException($"Not an error: {Text}");
}
