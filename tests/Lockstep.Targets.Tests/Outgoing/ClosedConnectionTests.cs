using System.Text;
using Lockstep.Targets.Outgoing;
using Lockstep.Targets.Tests.Fakes;

namespace Lockstep.Targets.Tests.Outgoing;

/// <summary>Servers that end their answers by closing the connection: what came whole is taken whole, and what did not is never taken for it.</summary>
public sealed class ClosedConnectionTests
{
    private const string Old = "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n";

    private static readonly TargetOptions Development = new() { DevelopmentMode = true };

    public static TheoryData<string[]> Answers => new()
    {
        new[] { Old + "[1,2,3]" },
        new[] { Old, "[1,2,3]" },
        new[] { Old, "[1,", "2,", "3]" },
        new[] { "HTTP/1.0 200 OK\r\n", "Connection: close\r\n", "\r\n[1,2,3", "]" },
        new[] { "HTTP/1.0 200 OK\r\nConnection: close\r\nContent-Length: 7\r\n\r\n[1,2", ",3]" },
        new[] { "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", "[1,2", ",3]" },
        new[] { "HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n[1,2\r\n", "3\r\n,3]\r\n0\r\n\r\n" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task An_answer_that_ends_with_the_connection_is_read_whole(string[] parts)
    {
        using var server = ClosingServer.Answering(ClosingServer.Closing.InOrder, parts);
        using var http = new OutgoingHttp(Development, new SystemNameResolver(), TimeProvider.System);

        Assert.Equal("[1,2,3]", TextOf(await PostAsync(http, server, "{}")));
    }

    [Fact]
    public async Task A_long_answer_that_ends_with_the_connection_is_read_whole()
    {
        string[] body = [.. Enumerable.Range(0, 100).Select(number => new string((char)('a' + (number % 26)), 1_000))];
        using var server = ClosingServer.Answering(ClosingServer.Closing.InOrder, [Old, .. body]);
        using var http = new OutgoingHttp(Development, new SystemNameResolver(), TimeProvider.System);

        Assert.Equal(string.Concat(body), TextOf(await PostAsync(http, server, "{}")));
    }

    [Fact]
    public async Task A_first_burst_of_calls_is_answered_whole_each_over_its_own_connection()
    {
        using var server = ClosingServer.Answering(ClosingServer.Closing.InOrder, Old, "[1,2", ",3]");
        using var http = new OutgoingHttp(Development, new SystemNameResolver(), TimeProvider.System);

        OutgoingOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => PostAsync(http, server, new string('x', 10_000))));

        Assert.All(outcomes, outcome => Assert.Equal("[1,2,3]", TextOf(outcome)));
    }

    [Theory]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 8\r\n\r\n[1,2,3]")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n[1,2,3]\r\n")]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Le")]
    [InlineData("")]
    public async Task An_answer_that_is_cut_off_is_none(string answer)
    {
        using var server = ClosingServer.Answering(ClosingServer.Closing.InOrder, answer);
        using var http = new OutgoingHttp(Development, new SystemNameResolver(), TimeProvider.System);

        OutgoingFailure failure = Assert.IsType<OutgoingFailure>(await PostAsync(http, server, "{}"));

        Assert.Equal(OutgoingFailureKind.Connection, failure.Kind);
        Assert.EndsWith("broke before the response was whole.", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>Without a length nothing but the end of the connection tells where the body ends, so a reset may have cut it off.</summary>
    [Fact]
    public async Task An_answer_without_length_whose_connection_is_reset_is_none()
    {
        using var server = ClosingServer.Answering(ClosingServer.Closing.ByReset, Old, "[1,2,3]");
        using var http = new OutgoingHttp(Development, new SystemNameResolver(), TimeProvider.System);

        Assert.Equal(OutgoingFailureKind.Connection, Assert.IsType<OutgoingFailure>(await PostAsync(http, server, "{}")).Kind);
    }

    /// <summary>What toy servers do that answer a POST and leave its body unread: the kernel resets the connection, and the answer may be lost on the way.</summary>
    [Fact]
    public async Task A_server_that_closes_without_reading_the_request_loses_its_own_answer()
    {
        using var server = ClosingServer.Answering(ClosingServer.Closing.WithoutReadingTheBody, Old, "[1,2,3]");
        using var http = new OutgoingHttp(Development, new SystemNameResolver(), TimeProvider.System);

        OutgoingFailure failure = Assert.IsType<OutgoingFailure>(await PostAsync(http, server, new string('x', 100_000)));

        Assert.Equal(OutgoingFailureKind.Connection, failure.Kind);
        Assert.EndsWith("broke before the response was whole.", failure.Message, StringComparison.Ordinal);
    }

    private static string TextOf(OutgoingOutcome outcome)
    {
        using OutgoingAnswer answer = Assert.IsType<OutgoingAnswer>(outcome);
        return Encoding.UTF8.GetString(answer.Body);
    }

    private static async Task<OutgoingOutcome> PostAsync(OutgoingHttp http, ClosingServer server, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Url) { Content = new StringContent(body) };
        return await http.SendAsync(request, TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }
}
