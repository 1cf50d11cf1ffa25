using System.Net;
using System.Text.RegularExpressions;
using Lockstep.Api.Tests.Support;
using Lockstep.Json;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.Tests.Memory;

namespace Lockstep.Api.Tests;

public sealed partial class ApprovalTests
{
    private const string Path = "/v1/callbacks/approve";

    [Fact]
    public async Task Opening_the_link_asks_and_decides_nothing()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        string token = await AskAsync(host);
        for (int i = 0; i < 3; i++)
        {
            Answer page = await host.Nobody.GetAsync($"{Path}?token={token}");
            Assert.Equal(200, page.Code);
            Assert.Contains("Approve", page.Text, StringComparison.Ordinal);
        }

        Assert.Equal(200, (await host.Nobody.SendAsync("HEAD", $"{Path}?token={token}", null)).Code);
        Assert.Equal("RUNNING", (await host.Anna.GetAsync("/v1/executions/m:e")).String("status"));
    }

    [Theory]
    [InlineData("approved")]
    [InlineData("rejected")]
    public async Task The_form_decides_once(string decision)
    {
        await using ApiHost host = await ApiHost.StartAsync();
        string token = await AskAsync(host);
        Answer page = await host.Nobody.GetAsync($"{Path}?token={token}");
        string sent = WebUtility.HtmlDecode(HiddenToken().Match(page.Text).Groups[1].Value);
        Answer thanks = await PostFormAsync(host, sent, decision, "Looks good & fine");
        Assert.Equal(200, thanks.Code);
        Answer shown = await host.Anna.GetAsync("/v1/executions/m:e");
        Assert.Equal(
            $$"""{"decision":"{{decision}}","comment":"Looks good & fine","decidedAt":"2026-01-02T03:04:05.000Z"}""", shown.Json["output"]?.ToString());
        Assert.Equal(410, (await PostFormAsync(host, sent, decision, "")).Code);
        Assert.Equal(410, (await host.Nobody.GetAsync($"{Path}?token={token}")).Code);
    }

    [Fact]
    public async Task The_page_loads_nothing_runs_nothing_and_leaks_nothing()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        Answer page = await host.Nobody.GetAsync($"{Path}?token={await AskAsync(host)}");
        string policy = page.Message.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; style-src 'sha256-", policy, StringComparison.Ordinal);
        Assert.Contains("form-action 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("no-referrer", page.Message.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("nosniff", page.Message.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("DENY", page.Message.Headers.GetValues("X-Frame-Options").Single());
        Assert.Equal("no-store", page.Message.Headers.CacheControl?.ToString());
        Assert.DoesNotContain("<script", page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("000000000001", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_tenants_write_is_encoded()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        string token = await AskAsync(host, "it's(<)".Replace("(<)", "'quoted'", StringComparison.Ordinal));
        Answer page = await host.Nobody.GetAsync($"{Path}?token={token}");
        Assert.Contains("it&#x27;s&#x27;quoted&#x27;", page.Text, StringComparison.Ordinal);
        Answer forged = await host.Nobody.GetAsync($"{Path}?token=%22%3E%3Cscript%3E");
        Assert.Equal(400, forged.Code);
        Assert.DoesNotContain("<script", forged.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Forms_that_are_wrong_are_refused_and_change_nothing()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        string token = await AskAsync(host);
        Assert.Equal(400, (await PostFormAsync(host, token, "maybe", "")).Code);
        Assert.Equal(400, (await PostFormAsync(host, token + "x", "approved", "")).Code);
        Assert.Equal(400, (await PostFormAsync(host, "", "approved", "")).Code);
        Assert.Equal(415, (await host.Nobody.PostAsync(Path, "{}")).Code);
        Assert.Equal(400, (await PostFormAsync(host, token, "approved", new string('c', 2_001))).Code);
        Assert.Equal(413, (await PostFormAsync(host, token, "approved", new string('c', 70_000))).Code);
        Assert.Equal(400, (await host.Nobody.GetAsync(Path)).Code);
        Assert.Equal("RUNNING", (await host.Anna.GetAsync("/v1/executions/m:e")).String("status"));
        Assert.Equal(200, (await PostFormAsync(host, token, "approved", new string('c', 2_000))).Code);
    }

    [Fact]
    public async Task A_form_has_up_to_the_limit_of_bytes()
    {
        ServiceLimits limits = ServiceLimits.Default with { MaxFormBytes = 16_384, MaxCommentLength = 1 };
        await using ApiHost host = await ApiHost.StartAsync(limits);
        string token = await AskAsync(host);
        int rest = "token=&decision=approved&comment=".Length + token.Length;
        Assert.Equal(400, (await PostFormAsync(host, token, "approved", new string('c', 16_384 - rest))).Code);
        Assert.Equal(413, (await PostFormAsync(host, token, "approved", new string('c', 16_385 - rest))).Code);
    }

    [GeneratedRegex("name=\"token\" value=\"([^\"]*)\"")]
    private static partial Regex HiddenToken();

    private static async Task<string> AskAsync(ApiHost host, string execution = "e")
    {
        await host.CreateMachineAsync("m", Machines.Approval);
        await host.Anna.PostAsync("/v1/state-machines/m/executions", JsonObject.Of("name", JsonString.Of(execution)).ToString());
        return host.Platform.Executions.WaitingTokens(new ExecutionKey(MemoryPlatform.Anna, "m:" + execution)).Single();
    }

    private static async Task<Answer> PostFormAsync(ApiHost host, string token, string decision, string comment)
    {
        using var form = new FormUrlEncodedContent([new("token", token), new("decision", decision), new("comment", comment)]);
        HttpResponseMessage response = await host.Nobody.Http.PostAsync(Path, form, TestContext.Current.CancellationToken);
        return new Answer(response.StatusCode, response, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
