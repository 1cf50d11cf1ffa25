using System.Net;
using System.Text;
using Lockstep.Targets.Outgoing;
using Lockstep.Targets.Tests.Fakes;
using Lockstep.TestKit.Time;

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
    [InlineData(1, 0, false)]
    [InlineData(1, 1, true)]
    [InlineData(2, 0, false)]
    [InlineData(2, 1, true)]
    public async Task A_head_may_be_so_large_and_no_larger(int limitKib, int beyond, bool refused)
    {
        // Everything up to the empty line counts: the status line, names, values, separators and line ends.
        const string Start = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX-Large: ";
        const string End = "\r\n\r\n";
        byte[] head = Encoding.ASCII.GetBytes(Start + new string('a', (limitKib * 1_024) - Start.Length - End.Length + beyond) + End);
        using var server = RawServer.Answering(head[..100], [.. head[100..], .. "null"u8]);
        using var http = new OutgoingHttp(Development with { MaxResponseHeadersKib = limitKib }, new SystemNameResolver(), TimeProvider.System);

        OutgoingOutcome outcome = await SendAsync(http, server.Url);

        Assert.Equal(refused, outcome is OutgoingFailure { Kind: OutgoingFailureKind.TooLarge });
        Assert.Equal(!refused, outcome is OutgoingAnswer);
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    public async Task An_answer_may_take_so_long_and_no_longer(int millisecondsBeyond, bool answered)
    {
        var timeout = TimeSpan.FromSeconds(900);
        var time = new ManualTimeProvider();
        await using LoopbackServer server = await LoopbackServer.StartAsync(context =>
        {
            time.Advance(timeout + TimeSpan.FromMilliseconds(millisecondsBeyond));
            context.Response.StatusCode = 204;
            return answered ? Task.CompletedTask : LoopbackServer.NeverAsync(context);
        });
        using var http = new OutgoingHttp(Development, new SystemNameResolver(), time);
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Url);

        OutgoingOutcome outcome = await http.SendAsync(request, timeout, TestContext.Current.CancellationToken);

        Assert.Equal(answered, outcome is OutgoingAnswer);
        Assert.Equal(!answered, outcome is OutgoingFailure { Kind: OutgoingFailureKind.Timeout });
    }

    [Fact]
    public async Task A_connection_that_does_not_open_in_its_time_is_given_up()
    {
        using var http = new OutgoingHttp(Development with { ConnectTimeout = TimeSpan.FromMilliseconds(1) }, new SilentResolver(), TimeProvider.System);

        OutgoingFailure failure = Assert.IsType<OutgoingFailure>(await SendAsync(http, new Uri("http://api.example.com/")));

        Assert.Equal((OutgoingFailureKind.Connection, "Connect to api.example.com:80 timed out."), (failure.Kind, failure.Message));
    }

    [Fact]
    public async Task A_connection_past_its_life_is_not_used_again()
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(200, "null");
        var resolver = new ScriptedResolver([IPAddress.Loopback]);
        using var http = new OutgoingHttp(Development with { ConnectionLifetime = TimeSpan.Zero }, resolver, TimeProvider.System);

        Assert.IsType<OutgoingAnswer>(await SendAsync(http, Named(server, "api.example.com")));
        Assert.IsType<OutgoingAnswer>(await SendAsync(http, Named(server, "api.example.com")));

        Assert.Equal(2, resolver.Asked);
    }

    [Fact]
    public async Task As_many_connections_as_allowed_are_open_to_a_host_and_no_more()
    {
        const int Most = 2;
        int open = 0;
        int highest = 0;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using LoopbackServer server = await LoopbackServer.StartAsync(async context =>
        {
            int now = Interlocked.Increment(ref open);
            InterlockedMax(ref highest, now);
            if (now >= Most)
            {
                all.TrySetResult();
            }

            // Nobody is answered before as many are here as may be; whoever comes beyond them is counted.
            await all.Task.WaitAsync(context.RequestAborted);
            Interlocked.Decrement(ref open);
            context.Response.StatusCode = 204;
        });
        using var http = new OutgoingHttp(Development with { MaxConnectionsPerHost = Most }, new SystemNameResolver(), TimeProvider.System);

        OutgoingOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => SendAsync(http, server.Url)));

        Assert.All(outcomes, outcome => Assert.IsType<OutgoingAnswer>(outcome));
        Assert.Equal(Most, highest);
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

    /// <summary>Never answers.</summary>
    private sealed class SilentResolver : INameResolver
    {
        public async ValueTask<IPAddress[]> ResolveAsync(string host, CancellationToken cancellation)
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            return [];
        }
    }

    /// <summary>Answers each question with the next list of addresses, and the last one for ever.</summary>
    private sealed class ScriptedResolver(params IPAddress[][] answers) : INameResolver
    {
        public int Asked { get; private set; }

        public ValueTask<IPAddress[]> ResolveAsync(string host, CancellationToken cancellation) =>
            ValueTask.FromResult(answers[Math.Min(Asked++, answers.Length - 1)]);
    }
}
