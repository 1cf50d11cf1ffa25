using System.Text;
using Lockstep.Api.Tests.Support;
using Lockstep.Api.Wire.Signing;
using Lockstep.Service.Tenancy;

namespace Lockstep.Api.Tests.Wire;

/// <summary>Who may call, and how the others are refused. Every refusal is one of AWS's.</summary>
public sealed class SignatureTests
{
    private const string Mismatch = "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and "
        + "signing method. Consult the service documentation for details.";

    [Fact]
    public async Task A_signed_request_is_answered_for_any_region_and_without_trusting_the_host()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        WireClient anna = await WireClient.OfAsync(host, host.Platform.AnnasKey);
        WireReply reply = await (anna with { Region = "anywhere" }).CallAsync("ListStateMachines");
        Assert.Equal((200, "{\"stateMachines\":[]}", "application/x-amz-json-1.0"), (reply.Status, reply.Text, reply.ContentType));
        Assert.True(Guid.TryParse(reply.Headers["x-amzn-RequestId"], out _));
    }

    [Theory]
    [InlineData(null, "MissingAuthenticationTokenException", "Missing Authentication Token")]
    [InlineData("", "MissingAuthenticationTokenException", "Missing Authentication Token")]
    [InlineData("Bearer x", "IncompleteSignatureException", "Authorization header requires the algorithm AWS4-HMAC-SHA256.")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a/b/c/d/e", "IncompleteSignatureException",
        "Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter.")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a/b/c, SignedHeaders=host, Signature=0", "IncompleteSignatureException",
        "Credential must have at least 5 slash-delimited elements, e.g. keyid/date/region/service/term.")]
    public async Task Without_a_whole_signature_a_request_is_refused(string? authorization, string error, string message)
    {
        await using ApiHost host = await ApiHost.StartAsync();
        WireClient anna = await WireClient.OfAsync(host, host.Platform.AnnasKey);
        WireReply reply = await (anna with { Spoil = _ => authorization }).CallAsync("ListStateMachines");
        Assert.Equal((400, error, message), (reply.Status, reply.Error, reply.Message));
    }

    [Theory]
    [InlineData("dynamodb", "aws4_request", "Credential should be scoped to correct service: 'states'.")]
    [InlineData("states", "aws5_request", "Credential should be scoped with a valid terminator: 'aws4_request'.")]
    public async Task A_signature_for_something_else_is_refused(string service, string terminator, string message)
    {
        await using ApiHost host = await ApiHost.StartAsync();
        WireClient anna = await WireClient.OfAsync(host, host.Platform.AnnasKey);
        WireReply reply = await (anna with { ServiceName = service, Terminator = terminator }).CallAsync("ListStateMachines");
        Assert.Equal((400, "InvalidSignatureException", message), (reply.Status, reply.Error, reply.Message));
    }

    [Theory]
    [InlineData(-300, null)]
    [InlineData(-301, "Signature expired")]
    [InlineData(300, null)]
    [InlineData(301, "Signature not yet current")]
    public async Task A_clock_may_differ_by_five_minutes(int seconds, string? message)
    {
        await using ApiHost host = await ApiHost.StartAsync();
        WireClient anna = await WireClient.OfAsync(host, host.Platform.AnnasKey);
        DateTimeOffset start = host.Platform.Time.GetUtcNow();
        WireReply reply = await (anna with { Skew = TimeSpan.FromSeconds(seconds) }).CallAsync("ListStateMachines");
        Assert.Equal(message is null ? 200 : 400, reply.Status);
        if (message is not null)
        {
            Assert.Equal("InvalidSignatureException", reply.Error);
            Assert.StartsWith(message + ": ", reply.Message, StringComparison.Ordinal);
            Assert.EndsWith($"({start.UtcDateTime:yyyyMMdd'T'HHmmss'Z'} {(seconds < 0 ? '-' : '+')} 5 min.)", reply.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Another_secret_another_key_a_changed_request_and_a_session_token_are_refused()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        WireClient anna = await WireClient.OfAsync(host, host.Platform.AnnasKey);
        WireReply secret = await (anna with { Key = anna.Key with { Secret = "wrong" } }).CallAsync("ListStateMachines");
        Assert.Equal((400, "InvalidSignatureException", Mismatch), (secret.Status, secret.Error, secret.Message));
        WireReply changed = await (anna with { Chunk = (_, _, _) => Encoding.UTF8.GetBytes("{\"maxResults\":1}") }).CallAsync("ListStateMachines");
        Assert.Equal((400, "InvalidSignatureException"), (changed.Status, changed.Error));
        foreach (string id in (string[])["LKIA0000000000000000", "LKTA0000000000000000", "AKIAIOSFODNN7EXAMPLE", "lkia0000000000000000", new('A', 200)])
        {
            WireReply unknown = await (anna with { Key = anna.Key with { Id = id } }).CallAsync("ListStateMachines");
            Assert.Equal((400, "UnrecognizedClientException"), (unknown.Status, unknown.Error));
        }

        WireReply token = await anna.CallAsync("ListStateMachines", "{}", ("X-Amz-Security-Token", "x"));
        Assert.Equal("UnrecognizedClientException", token.Error);
        WireReply unsigned = await (anna with { SignedHeaders = "host;x-amz-date" }).CallAsync("ListStateMachines");
        Assert.Equal(
            ("InvalidSignatureException", "There were headers present in the request which were not signed: x-amz-target"), (unsigned.Error, unsigned.Message));
        WireReply noHost = await (anna with { SignedHeaders = "x-amz-date;x-amz-target" }).CallAsync("ListStateMachines");
        Assert.Equal("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.", noHost.Message);
        Assert.DoesNotContain(host.Log.Lines, line => line.Contains(anna.Key.Secret, StringComparison.Ordinal));
        Assert.DoesNotContain(anna.Key.Secret, anna.Key.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unsigned_body_and_bodies_in_chunks_are_read()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        WireClient anna = await WireClient.OfAsync(host, host.Platform.AnnasKey);
        const string signed = "content-type;host;x-amz-content-sha256;x-amz-date;x-amz-target";
        WireClient words = anna with { SignedHeaders = signed, PayloadWord = "UNSIGNED-PAYLOAD" };
        Assert.Equal(200, (await words.CallAsync("CreateActivity", """{"name":"unsigned"}""")).Status);

        WireClient chunks = words with { PayloadWord = "STREAMING-UNSIGNED-PAYLOAD-TRAILER" };
        const string text = "9\r\n{\"name\":\"\r\n5\r\nchunk\r\n2\r\n\"}\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n";
        Assert.Equal(200, (await (chunks with { Chunk = (_, _, _) => Encoding.UTF8.GetBytes(text) }).CallAsync("CreateActivity")).Status);
        foreach (string broken in (string[])["9\r\n{\"name\":\"", "zz\r\n", "ffffffff\r\n", "", text[..^40], text.Replace("chunk\r\n", "chunk!", StringComparison.Ordinal)])
        {
            WireReply reply = await (chunks with { Chunk = (_, _, _) => Encoding.UTF8.GetBytes(broken) }).CallAsync("CreateActivity");
            Assert.Equal((400, "InvalidSignatureException"), (reply.Status, reply.Error));
        }

        WireClient signedChunks = words with { PayloadWord = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" };
        Assert.Equal(200, (await (signedChunks with { Chunk = (header, time, seed) => Signed(header, time, seed, anna.Key.Secret) }).CallAsync("CreateActivity")).Status);
        WireReply wrong = await (signedChunks with { Chunk = (header, time, seed) => Signed(header, time, seed, "wrong") }).CallAsync("CreateActivity");
        Assert.Equal("InvalidSignatureException", wrong.Error);
    }

    [Fact]
    public async Task An_access_key_goes_when_its_api_key_goes()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        WireClient anna = await WireClient.OfAsync(host, host.Platform.AnnasKey);
        Assert.Equal(200, (await anna.CallAsync("ListStateMachines")).Status);
        Assert.True(await host.Platform.Service.ApiKeys.RemoveAsync(
            anna.Key.Tenant, ApiKeyText.IdentifierOf(host.Platform.AnnasKey), TestContext.Current.CancellationToken));
        host.Platform.Time.Advance(TimeSpan.FromSeconds(ApiKeys.MemorySeconds));
        Assert.Equal("UnrecognizedClientException", (await anna.CallAsync("ListStateMachines")).Error);
    }

    [Fact]
    public async Task Guesses_of_secrets_from_one_address_are_slowed_down()
    {
        await using ApiHost host = await ApiHost.StartAsync(
            Lockstep.Service.Limits.ServiceLimits.Default with { WrongKeyBurst = 2 }, new ApiOptions { LimitRate = true });
        WireClient anna = await WireClient.OfAsync(host, host.Platform.AnnasKey);
        WireClient guesser = anna with { Key = anna.Key with { Id = "LKIA0000000000000000" } };
        Assert.Equal("UnrecognizedClientException", (await guesser.CallAsync("ListStateMachines")).Error);
        Assert.Equal("UnrecognizedClientException", (await guesser.CallAsync("ListStateMachines")).Error);
        Assert.Equal("ThrottlingException", (await guesser.CallAsync("ListStateMachines")).Error);
    }

    private static byte[] Signed(SignatureHeader header, string time, string seed, string secret)
    {
        byte[] content = Encoding.UTF8.GetBytes("""{"name":"signed"}""");
        string first = SignatureV4.SignChunk(secret, header, time, seed, content);
        string last = SignatureV4.SignChunk(secret, header, time, first, []);
        return Encoding.UTF8.GetBytes(
            $"{content.Length:x};chunk-signature={first}\r\n{Encoding.UTF8.GetString(content)}\r\n0;chunk-signature={last}\r\n\r\n");
    }
}
