using System.Net;
using Lockstep.Targets.Outgoing;
using Lockstep.Targets.Tests.Fakes;

namespace Lockstep.Targets.Tests.Outgoing;

public sealed class OutgoingHttpTests
{
    private static readonly TargetOptions Development = new() { DevelopmentMode = true };

    [Fact]
    public async Task A_name_that_resolves_to_a_private_address_is_refused_after_resolution()
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(200, "null");
        var resolver = new ScriptedResolver([IPAddress.Loopback]);

        OutgoingFailure failure = await FailAsync(new TargetOptions { AllowPlainHttp = true }, resolver, Named(server, "api.example.com"));

        Assert.Equal(OutgoingFailureKind.Refused, failure.Kind);
        Assert.Contains("api.example.com", failure.Message);
        Assert.DoesNotContain("127.0.0.1", failure.Message);
        Assert.Empty(server.Received);
    }

    [Fact]
    public async Task A_name_server_that_changes_its_mind_gains_nothing()
    {
        // The first answer is allowed, the next ones are not: whoever resolves again between check and connect would follow them.
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(200, "null");
        var resolver = new ScriptedResolver([IPAddress.Loopback], [IPAddress.Parse("127.0.0.2")], [IPAddress.Parse("127.0.0.3")]);
        TargetOptions options = new() { AllowPlainHttp = true, AllowedNetworks = [IPNetwork.Parse("127.0.0.1/32")] };
        using var http = new OutgoingHttp(options, resolver, TimeProvider.System);

        Assert.IsType<OutgoingAnswer>(await SendAsync(http, Named(server, "api.example.com")));
        Assert.Equal(1, resolver.Asked);

        // The pooled connection leads where the check looked, so the second call asks nobody.
        Assert.IsType<OutgoingAnswer>(await SendAsync(http, Named(server, "api.example.com")));
        Assert.Equal(1, resolver.Asked);

        // A new connection is checked anew, and the answer that has turned private is refused.
        var failure = Assert.IsType<OutgoingFailure>(await SendAsync(http, Named(server, "other.example.com")));
        Assert.Equal(OutgoingFailureKind.Refused, failure.Kind);
        Assert.Equal(2, server.Received.Count);
    }

    [Fact]
    public async Task Only_the_allowed_addresses_of_a_name_are_tried()
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(200, "null");
        var resolver = new ScriptedResolver([IPAddress.Parse("169.254.169.254"), IPAddress.Parse("10.0.0.1"), IPAddress.Loopback]);
        using var http = new OutgoingHttp(Development, resolver, TimeProvider.System);

        Assert.IsType<OutgoingAnswer>(await SendAsync(http, Named(server, "api.example.com")));
    }

    [Fact]
    public async Task The_next_address_of_a_name_is_tried_when_one_does_not_answer()
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(200, "null");
        var resolver = new ScriptedResolver([IPAddress.Parse("127.9.9.9"), IPAddress.Loopback]);
        using var http = new OutgoingHttp(Development, resolver, TimeProvider.System);

        Assert.IsType<OutgoingAnswer>(await SendAsync(http, Named(server, "api.example.com")));
    }

    [Fact]
    public async Task Redirects_are_not_followed()
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(307, "", ("Location", "http://169.254.169.254/latest/meta-data/"));
        using var http = new OutgoingHttp(Development, new SystemNameResolver(), TimeProvider.System);

        OutgoingAnswer answer = Assert.IsType<OutgoingAnswer>(await SendAsync(http, server.Url));

        Assert.Equal(307, answer.Status);
        Assert.Single(server.Received);
    }

    [Fact]
    public async Task Cookies_are_not_kept()
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(200, "null", ("Set-Cookie", "a=b"));
        using var http = new OutgoingHttp(Development, new SystemNameResolver(), TimeProvider.System);

        await SendAsync(http, server.Url);
        await SendAsync(http, server.Url);

        Assert.All(server.Received, request => Assert.False(request.Headers.ContainsKey("Cookie")));
    }

    [Theory]
    [InlineData("ftp://example.com/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://example.com/")]
    [InlineData("http://example.com/")]
    [InlineData("https://user:secret@example.com/")]
    public async Task Some_addresses_are_refused_before_anything_is_resolved(string url)
    {
        var resolver = new ScriptedResolver([IPAddress.Parse("8.8.8.8")]);

        OutgoingFailure failure = await FailAsync(new TargetOptions(), resolver, new Uri(url));

        Assert.Equal(OutgoingFailureKind.Refused, failure.Kind);
        Assert.Equal(0, resolver.Asked);
    }

    [Theory]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[::ffff:127.0.0.1]/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://0x7f.1/")]
    [InlineData("http://0177.0.0.1/")]
    [InlineData("http://169.254.169.254/")]
    [InlineData("http://[64:ff9b::a9fe:a9fe]/")]
    public async Task An_address_written_in_any_notation_is_refused(string url)
    {
        OutgoingFailure failure = await FailAsync(new TargetOptions { AllowPlainHttp = true }, new SystemNameResolver(), new Uri(url));

        Assert.Equal(OutgoingFailureKind.Refused, failure.Kind);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public async Task An_address_may_be_so_long_and_no_longer(int beyond, bool refused)
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(200, "null");
        TargetOptions options = Development with { MaxUrlCharacters = 100 };
        string root = server.Url + "?";
        var url = new Uri(root + new string('a', options.MaxUrlCharacters - root.Length + beyond));
        using var http = new OutgoingHttp(options, new SystemNameResolver(), TimeProvider.System);

        OutgoingOutcome outcome = await SendAsync(http, url);

        Assert.Equal(refused, outcome is OutgoingFailure { Kind: OutgoingFailureKind.Refused });
    }

    [Theory]
    [InlineData(500, false)]
    [InlineData(1_024, true)]
    public async Task Headers_may_be_so_large_and_no_larger(int bytes, bool refused)
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(200, "null", ("X-Large", new string('a', bytes)));
        using var http = new OutgoingHttp(Development with { MaxResponseHeadersKib = 1 }, new SystemNameResolver(), TimeProvider.System);

        OutgoingOutcome outcome = await SendAsync(http, server.Url);

        Assert.Equal(refused, outcome is OutgoingFailure { Kind: OutgoingFailureKind.TooLarge });
    }

    [Fact]
    public async Task No_more_connections_than_allowed_are_open_to_a_host()
    {
        const int Most = 2;
        int open = 0;
        int highest = 0;
        await using LoopbackServer server = await LoopbackServer.StartAsync(async context =>
        {
            int now = Interlocked.Increment(ref open);
            InterlockedMax(ref highest, now);
            await Task.Yield();
            Interlocked.Decrement(ref open);
            context.Response.StatusCode = 204;
        });
        using var http = new OutgoingHttp(Development with { MaxConnectionsPerHost = Most }, new SystemNameResolver(), TimeProvider.System);

        OutgoingOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => SendAsync(http, server.Url)));

        Assert.All(outcomes, outcome => Assert.IsType<OutgoingAnswer>(outcome));
        Assert.InRange(highest, 1, Most);
    }

    private static void InterlockedMax(ref int highest, int now)
    {
        int seen = Volatile.Read(ref highest);
        while (now > seen)
        {
            seen = Interlocked.CompareExchange(ref highest, now, seen);
        }
    }

    private static Uri Named(LoopbackServer server, string host) => new UriBuilder(server.Url) { Host = host }.Uri;

    private static async Task<OutgoingFailure> FailAsync(TargetOptions options, INameResolver resolver, Uri url)
    {
        using var http = new OutgoingHttp(options, resolver, TimeProvider.System);
        return Assert.IsType<OutgoingFailure>(await SendAsync(http, url));
    }

    private static async Task<OutgoingOutcome> SendAsync(OutgoingHttp http, Uri url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        return await http.SendAsync(request, TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    /// <summary>Answers each question with the next list of addresses, and the last one for ever.</summary>
    private sealed class ScriptedResolver(params IPAddress[][] answers) : INameResolver
    {
        public int Asked { get; private set; }

        public ValueTask<IPAddress[]> ResolveAsync(string host, CancellationToken cancellation) =>
            ValueTask.FromResult(answers[Math.Min(Asked++, answers.Length - 1)]);
    }
}
