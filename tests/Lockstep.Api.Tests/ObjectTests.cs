using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Lockstep.Api.Tests.Support;
using Lockstep.Json;
using Lockstep.Service.Limits;

namespace Lockstep.Api.Tests;

public sealed class ObjectTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_object_is_put_read_listed_and_removed_by_its_tenant_alone()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        using HttpResponseMessage put = await PutAsync(host.Anna, "/v1/objects/data/in/orders.csv", "id,sum\n1,2\n", "text/csv");
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        await PutAsync(host.Anna, "/v1/objects/data/out%2Fresult.json", "{}", "application/json");

        using HttpResponseMessage got = await host.Anna.Http.GetAsync("/v1/objects/data/in/orders.csv", Cancellation);
        Assert.Equal("id,sum\n1,2\n", await got.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("text/csv", got.Content.Headers.ContentType?.ToString());
        Assert.Equal(11, got.Content.Headers.ContentLength);
        Assert.Equal("attachment", got.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Contains((got.Headers.ETag?.Tag ?? "?").Trim('"'), await put.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);

        Assert.Equal(["in/orders.csv", "out/result.json"], await KeysAsync(host.Anna, "/v1/objects/data"));
        Assert.Equal(["out/result.json"], await KeysAsync(host.Anna, "/v1/objects/data?prefix=out/"));
        Assert.Empty(await KeysAsync(host.Bert, "/v1/objects/data"));
        Assert.Equal("BucketDoesNotExist", (await host.Bert.GetAsync("/v1/objects/data/in/orders.csv")).Problem);
        Assert.Equal("ObjectDoesNotExist", (await host.Anna.GetAsync("/v1/objects/data/in/none")).Problem);

        Assert.Equal(204, (await host.Anna.DeleteAsync("/v1/objects/data/in/orders.csv")).Code);
        Assert.Equal("ObjectDoesNotExist", (await host.Anna.GetAsync("/v1/objects/data/in/orders.csv")).Problem);
    }

    [Fact]
    public async Task The_head_of_an_object_has_no_content()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        await PutAsync(host.Anna, "/v1/objects/data/k", "12345", "text/plain");
        using var request = new HttpRequestMessage(HttpMethod.Head, "/v1/objects/data/k");
        using HttpResponseMessage head = await host.Anna.Http.SendAsync(request, Cancellation);
        Assert.Equal((HttpStatusCode.OK, 5L), (head.StatusCode, head.Content.Headers.ContentLength));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Fact]
    public async Task A_list_goes_on_where_its_page_ended()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        foreach (string key in new[] { "a", "b", "c" })
        {
            await PutAsync(host.Anna, "/v1/objects/data/" + key, key, "text/plain");
        }

        Answer first = await host.Anna.GetAsync("/v1/objects/data?pageSize=2");
        Answer second = await host.Anna.GetAsync(first.String("nextLink"));
        Assert.Equal(["a", "b", "c"], first.Value.Concat(second.Value).Select(KeyOf));
        string token = first.String("nextLink").Split("pageToken=")[1];
        Assert.Equal("InvalidToken", (await host.Anna.GetAsync("/v1/objects/other?pageToken=" + token)).Problem);
    }

    [Theory]
    [InlineData("/v1/objects/UP/k", "bucket")]
    [InlineData("/v1/objects/ab/k", "bucket")]
    [InlineData("/v1/objects/a..b/k", "bucket")]
    [InlineData("/v1/objects/-ab/k", "bucket")]
    [InlineData("/v1/objects/data/a%01b", "key")]
    public async Task A_name_that_is_not_well_formed_is_refused(string path, string pointer)
    {
        await using ApiHost host = await ApiHost.StartAsync();
        using HttpResponseMessage put = await PutAsync(host.Anna, path, "x", "text/plain");
        string problem = await put.Content.ReadAsStringAsync(Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, put.StatusCode);
        Assert.Contains("\"code\":\"InvalidName\"", problem, StringComparison.Ordinal);
        Assert.Contains($"\"pointer\":\"{pointer}\"", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, HttpStatusCode.OK)]
    [InlineData(1, HttpStatusCode.RequestEntityTooLarge)]
    public async Task An_object_has_at_most_MaxObjectMiB(int beyond, HttpStatusCode expected)
    {
        await using ApiHost host = await ApiHost.StartAsync(ServiceLimits.Default with { MaxObjectMiB = 1 });
        using HttpResponseMessage put = await PutAsync(host.Anna, "/v1/objects/data/k", new string('x', (1024 * 1024) + beyond), "text/plain");
        Assert.Equal(expected, put.StatusCode);
    }

    [Theory]
    [InlineData(1_024, HttpStatusCode.OK)]
    [InlineData(1_025, HttpStatusCode.BadRequest)]
    public async Task A_key_has_at_most_1024_bytes(int length, HttpStatusCode expected)
    {
        await using ApiHost host = await ApiHost.StartAsync();
        using HttpResponseMessage put = await PutAsync(host.Anna, "/v1/objects/data/" + new string('k', length), "x", "text/plain");
        Assert.Equal(expected, put.StatusCode);
    }

    private static async Task<HttpResponseMessage> PutAsync(TestClient caller, string path, string text, string type)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return await caller.Http.PutAsync(path, content, Cancellation);
    }

    private static async Task<string[]> KeysAsync(TestClient caller, string path) => [.. (await caller.GetAsync(path)).Value.Select(KeyOf)];

    private static string KeyOf(JsonValue item) => ((item as JsonObject)?["key"] as JsonString)?.Value ?? "";
}
