using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lockstep.Service.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Lockstep.Api.Wire.Signing;

/// <summary>
/// What a request says of its signature, checked as far as that goes without a secret and without the body: so nobody makes us read a body or ask the store
/// with a request that could not be right. <see cref="Verify"/> then compares in constant time.
/// </summary>
internal sealed class SignatureClaim
{
    /// <summary>Minutes by which the clock of a client may differ from ours.</summary>
    public const int MaxSkewMinutes = 5;

    private const string ServiceName = "states";
    private const string TerminatorName = "aws4_request";
    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";
    private const string DateHeader = "x-amz-date";
    private const string HashHeader = "x-amz-content-sha256";
    private const string TokenHeader = "x-amz-security-token";
    private const string Unsigned = "UNSIGNED-PAYLOAD";
    private const string UnsignedChunks = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
    private const string SignedChunks = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";

    // Without these signed, a request could be turned into another one on its way.
    private static readonly ImmutableArray<string> MustBeSigned = ["host", "x-amz-target"];

    private readonly HttpRequest _request;
    private readonly SignatureHeader _header;
    private readonly string _time;

    private SignatureClaim(HttpRequest request, SignatureHeader header, string time)
    {
        _request = request;
        _header = header;
        _time = time;
    }

    /// <summary>Whose signature it is said to be.</summary>
    public string AccessKeyId => _header.AccessKeyId;

    /// <summary>Reads and checks the headers; null with the reason when the request cannot be right.</summary>
    public static SignatureClaim? Read(HttpRequest request, DateTimeOffset now, out WireError? error)
    {
        if (!SignatureHeader.TryRead(request.Headers.Authorization, out SignatureHeader? header, out error))
        {
            return null;
        }

        string time = (string?)request.Headers[DateHeader] ?? "";
        if (time.Length == 0 && DateTimeOffset.TryParseExact(
            request.Headers.Date, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date))
        {
            time = date.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);
        }

        error = CheckScope(header, time) ?? CheckTime(time, now) ?? CheckHeaders(request, header);
        return error is null ? new SignatureClaim(request, header, time) : null;
    }

    /// <summary>The body that the signature covers, or covers not where the client says so; null with the reason when it is not the client's.</summary>
    /// <param name="key">The key of whoever it is said to be.</param>
    /// <param name="body">The body as it was sent.</param>
    /// <param name="error">What is wrong.</param>
    public byte[]? Verify(AccessKey key, byte[] body, out WireError? error)
    {
        string? said = _request.Headers[HashHeader];
        bool isWord = said is Unsigned or UnsignedChunks or SignedChunks;
        var parts = new SignedParts(
            _request.Method,
            PathAndQuery(out string query),
            query,
            [.. _header.SignedHeaders.Select(name => KeyValuePair.Create(name, ValueOf(name)))],
            isWord ? said ?? "" : SignatureV4.HashOf(body));
        string signature = SignatureV4.Sign(key.Secret, _header, _time, parts);
        if (!AreEqual(signature, _header.Signature))
        {
            error = WireErrors.SignatureMismatch;
            return null;
        }

        byte[]? content = said switch
        {
            UnsignedChunks => AwsChunks.Decode(body, static (_, _) => true),
            SignedChunks => DecodeSigned(key, body, signature),
            _ => body,
        };
        error = content is null ? WireErrors.SignatureMismatch : null;
        return content;
    }

    private static WireError? CheckScope(SignatureHeader header, string time)
    {
        if (time.Length == 0)
        {
            return WireErrors.IncompleteSignature("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
        }

        if (header.Service != ServiceName)
        {
            return WireErrors.InvalidSignature($"Credential should be scoped to correct service: '{ServiceName}'.");
        }

        if (header.Terminator != TerminatorName)
        {
            return WireErrors.InvalidSignature($"Credential should be scoped with a valid terminator: '{TerminatorName}'.");
        }

        return time.StartsWith(header.Date, StringComparison.Ordinal) && header.Date.Length == 8
            ? null
            : WireErrors.InvalidSignature("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.");
    }

    private static WireError? CheckTime(string time, DateTimeOffset now)
    {
        if (!DateTimeOffset.TryParseExact(time, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset signed))
        {
            return WireErrors.IncompleteSignature("Date must be in ISO-8601 'basic format'.");
        }

        DateTimeOffset earliest = now.AddMinutes(-MaxSkewMinutes);
        DateTimeOffset latest = now.AddMinutes(MaxSkewMinutes);
        if (signed < earliest)
        {
            return WireErrors.InvalidSignature(string.Create(
                CultureInfo.InvariantCulture, $"Signature expired: {time} is now earlier than {TextOf(earliest)} ({TextOf(now)} - {MaxSkewMinutes} min.)"));
        }

        return signed <= latest ? null : WireErrors.InvalidSignature(string.Create(
            CultureInfo.InvariantCulture, $"Signature not yet current: {time} is still later than {TextOf(latest)} ({TextOf(now)} + {MaxSkewMinutes} min.)"));
    }

    private static WireError? CheckHeaders(HttpRequest request, SignatureHeader header)
    {
        if (request.Headers.ContainsKey(TokenHeader))
        {
            // Session tokens belong to temporary credentials, of which this service gives out none.
            return WireErrors.UnrecognizedClient;
        }

        if (!header.SignedHeaders.Contains("host"))
        {
            return WireErrors.InvalidSignature("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
        }

        string[] unsigned =
        [
            .. MustBeSigned.Append(request.Headers.ContainsKey(DateHeader) ? DateHeader : "date").Where(name => !header.SignedHeaders.Contains(name)),
        ];
        return unsigned.Length == 0 ? null : WireErrors.InvalidSignature(
            $"There were headers present in the request which were not signed: {string.Join(", ", unsigned)}");
    }

    private static bool AreEqual(string ours, string theirs) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(ours), Encoding.UTF8.GetBytes(theirs));

    private static string TextOf(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private byte[]? DecodeSigned(AccessKey key, byte[] body, string seed)
    {
        string previous = seed;
        return AwsChunks.Decode(body, (chunk, signature) =>
        {
            previous = SignatureV4.SignChunk(key.Secret, _header, _time, previous, chunk);
            return AreEqual(previous, signature);
        });
    }

    private string PathAndQuery(out string query)
    {
        string url = UriHelper.BuildRelative(_request.PathBase, _request.Path, _request.QueryString);
        int question = url.IndexOf('?', StringComparison.Ordinal);
        query = question < 0 ? "" : url[(question + 1)..];
        return question < 0 ? url : url[..question];
    }

    private string ValueOf(string name) => string.Join(',', (IEnumerable<string?>)_request.Headers[name]);
}
