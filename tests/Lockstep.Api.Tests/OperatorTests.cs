using Lockstep.Api.Bounds;
using Lockstep.Api.Operations;
using Lockstep.Api.Routing;
using Lockstep.Api.Tests.Support;
using Lockstep.Json;
using Lockstep.Service;
using Lockstep.Service.Limits;
using Lockstep.Service.Tenancy;
using Lockstep.Service.Tests.Memory;
using Lockstep.TestKit;

namespace Lockstep.Api.Tests;

public sealed class OperatorTests
{
    private const string Path = "/v1/operator/tenants";

    private static readonly string _key = new('k', OperatorKey.MinLength);

    public static TheoryData<string> OperatorRoutes =>
        [.. ApiRoutes.Table.Routes.Where(route => route.Access == RouteAccess.Operator).Select(route => route.OperationId)];

    [Fact]
    public async Task An_operator_creates_a_tenant_whose_key_works()
    {
        await using ApiHost host = await StartAsync();
        using TestClient operatorClient = host.Client(_key);

        Answer created = await operatorClient.PostAsync(Path, """{"tenant":"000000000042","name":"Acme"}""");

        Assert.Equal((201, "000000000042", "Acme"), (created.Code, created.String("tenant"), created.String("name")));
        using TestClient acme = host.Client(created.String("apiKey"));
        Assert.Equal(200, (await acme.GetAsync("/v1/executions")).Code);
        Answer keys = await operatorClient.GetAsync(Path + "/000000000042/keys");
        Assert.Equal([created.String("apiKeyId")], keys.Value.Select(key => TextOf(key, "apiKeyId")));
        Assert.DoesNotContain(created.String("apiKey"), keys.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(host.Log.Lines, line => line.Contains(created.String("apiKey"), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_tenant_without_a_number_gets_the_one_after_the_highest()
    {
        await using ApiHost host = await StartAsync();
        using TestClient operatorClient = host.Client(_key);
        await operatorClient.PostAsync(Path, """{"tenant":"000000000042"}""");

        Assert.Equal("000000000043", (await operatorClient.PostAsync(Path)).String("tenant"));
        Assert.Equal((409, "TenantAlreadyExists"), await operatorClient.ProblemOfPostAsync(Path, """{"tenant":"000000000042"}"""));
        await operatorClient.PostAsync(Path, """{"tenant":"999999999999"}""");
        Assert.Equal((400, "ValidationException"), await operatorClient.ProblemOfPostAsync(Path, "{}"));
    }

    [Theory]
    [InlineData("""{"tenant":"000000000000"}""", 400)]
    [InlineData("""{"tenant":"42"}""", 400)]
    [InlineData("""{"tenant":"00000000004x"}""", 400)]
    [InlineData("""{"tenant":42}""", 400)]
    [InlineData("""{"name":""}""", 400)]
    [InlineData("""{"name":"a\nb"}""", 400)]
    [InlineData("""{"nmae":"x"}""", 400)]
    [InlineData("""{"name":"x"}""", 201)]
    public async Task A_tenant_has_a_number_of_twelve_digits_and_a_printable_name(string body, int status)
    {
        await using ApiHost host = await StartAsync();
        using TestClient operatorClient = host.Client(_key);
        Assert.Equal(status, (await operatorClient.PostAsync(Path, body)).Code);
    }

    [Fact]
    public async Task The_name_of_a_tenant_and_the_number_of_its_keys_are_limited()
    {
        await using ApiHost host = await StartAsync(ServiceLimits.Default with { MaxTenantNameLength = 5, MaxApiKeys = 2 });
        using TestClient operatorClient = host.Client(_key);
        Assert.Equal((400, "InvalidName"), await operatorClient.ProblemOfPostAsync(Path, """{"name":"sixsix"}"""));
        string keys = $"{Path}/{(await operatorClient.PostAsync(Path, """{"name":"fiver"}""")).String("tenant")}/keys";

        Assert.Equal(201, (await operatorClient.PostAsync(keys)).Code);
        Assert.Equal((429, "ApiKeyLimitExceeded"), await operatorClient.ProblemOfPostAsync(keys, "{}"));
    }

    [Fact]
    public async Task A_removed_key_works_no_longer_and_others_do()
    {
        await using ApiHost host = await StartAsync();
        using TestClient operatorClient = host.Client(_key);
        Answer first = await operatorClient.PostAsync(Path);
        string keys = $"{Path}/{first.String("tenant")}/keys";
        Answer second = await operatorClient.PostAsync(keys);
        using TestClient withFirst = host.Client(first.String("apiKey"));
        using TestClient withSecond = host.Client(second.String("apiKey"));
        Assert.Equal(200, (await withFirst.GetAsync("/v1/executions")).Code);

        Assert.Equal(204, (await operatorClient.DeleteAsync($"{keys}/{first.String("apiKeyId")}")).Code);
        Assert.Equal(204, (await operatorClient.DeleteAsync($"{keys}/{first.String("apiKeyId")}")).Code);

        Assert.Equal(401, (await withFirst.GetAsync("/v1/executions")).Code);
        Assert.Equal(200, (await withSecond.GetAsync("/v1/executions")).Code);
    }

    [Fact]
    public async Task A_key_is_removed_under_its_own_tenant_only()
    {
        await using ApiHost host = await StartAsync();
        using TestClient operatorClient = host.Client(_key);
        string id = ApiKeyText.IdentifierOf(host.Platform.AnnasKey);

        Assert.Equal(204, (await operatorClient.DeleteAsync($"{Path}/{MemoryPlatform.Bert.Value}/keys/{id}")).Code);
        Assert.Equal(200, (await host.Anna.GetAsync("/v1/executions")).Code);
        Answer nobodys = await operatorClient.DeleteAsync($"{Path}/000000000999/keys/{id}");
        Assert.Equal((404, "TenantDoesNotExist"), (nobodys.Code, nobodys.Problem));
    }

    [Fact]
    public async Task Tenants_are_listed_in_pages()
    {
        await using ApiHost host = await StartAsync();
        using TestClient operatorClient = host.Client(_key);
        await operatorClient.PostAsync(Path, """{"tenant":"000000000500","name":"Late"}""");

        List<string?> seen = [];
        string? next = Path + "?pageSize=1";
        while (next is not null)
        {
            Answer page = await operatorClient.GetAsync(next);
            Assert.Equal(200, page.Code);
            seen.AddRange(page.Value.Select(tenant => TextOf(tenant, "tenant")));
            next = (page.Json["nextLink"] as JsonString)?.Value;
        }

        Assert.Equal([MemoryPlatform.Anna.Value, MemoryPlatform.Bert.Value, "000000000500"], seen);
        Answer wrong = await operatorClient.GetAsync(Path + "?pageToken=x");
        Assert.Equal((400, "InvalidToken"), (wrong.Code, wrong.Problem));
        Assert.Equal(400, (await operatorClient.GetAsync(Path + "?pageSize=0")).Code);
        Assert.Equal(400, (await operatorClient.GetAsync(Path + "?pageSize=1001")).Code);
    }

    [Theory]
    [MemberData(nameof(OperatorRoutes))]
    public async Task Without_the_operator_key_a_route_answers_401_and_without_one_in_the_configuration_404(string operation)
    {
        ApiRoute route = ApiRoutes.Table.Routes.Single(candidate => candidate.OperationId == operation);
        string path = route.Pattern.Replace("{tenant}", MemoryPlatform.Anna.Value, StringComparison.Ordinal)
            .Replace("{id}", "0123456789abcdef", StringComparison.Ordinal);
        await using ApiHost host = await StartAsync();
        foreach (string header in (string[])["", "Bearer", "Bearer " + host.Platform.AnnasKey, "Bearer " + _key + "k", "Basic " + _key])
        {
            Answer answer = await host.Nobody.SendAsync(route.Method, path, null, ("Authorization", header));
            Assert.Equal((401, "Unauthenticated"), (answer.Code, answer.Problem));
        }

        await using ApiHost without = await ApiHost.StartAsync();
        Answer hidden = await without.Nobody.SendAsync(route.Method, path, null, ("Authorization", "Bearer " + _key));
        Assert.Equal((404, "NotFound"), (hidden.Code, hidden.Problem));
    }

    [Theory]
    [InlineData(OperatorKey.MinLength - 1, false)]
    [InlineData(OperatorKey.MinLength, true)]
    [InlineData(OperatorKey.MaxLength, true)]
    [InlineData(OperatorKey.MaxLength + 1, false)]
    public void An_operator_key_is_neither_short_nor_long(int length, bool taken)
    {
        string text = new('x', length);
        Service.Errors.Result<OperatorKey> key = OperatorKey.Of(text);

        Assert.Equal(taken, key.Succeeded);
        Assert.Equal(taken, key.Value?.Matches(text) ?? false);
        Assert.False(key.Value?.Matches(text + "x") ?? false);
        Assert.DoesNotContain(text, key.Error?.Message ?? "", StringComparison.Ordinal);
        Assert.DoesNotContain(text, key.Value?.ToString() ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_keys_from_an_address_are_looked_up_until_the_limit_and_no_further()
    {
        ServiceLimits limits = ServiceLimits.Default with { WrongKeyBurst = 3, WrongKeysPerMinute = 6 };
        await using ApiHost host = await StartAsync(limits, new ApiOptions { LimitRate = true });
        using TestClient stranger = host.Client("lsk_wrong");
        using TestClient operatorClient = host.Client(_key);
        Assert.Equal(200, (await host.Anna.GetAsync("/v1/executions")).Code);
        for (int i = 0; i < limits.WrongKeyBurst; i++)
        {
            Assert.Equal(401, (await stranger.GetAsync("/v1/executions")).Code);
        }

        int lookUps = host.Platform.Tenants.LookUps;
        Answer refused = await stranger.GetAsync("/v1/executions");

        Assert.Equal((429, "ThrottlingException", "10"), (refused.Code, refused.Problem, refused.Message.Headers.RetryAfter?.ToString()));
        Assert.Equal(lookUps, host.Platform.Tenants.LookUps);
        Assert.Equal(429, (await operatorClient.GetAsync(Path)).Code);
        Assert.Equal(200, (await host.Anna.GetAsync("/v1/executions")).Code);
        Assert.Equal(401, (await host.Nobody.GetAsync("/v1/executions")).Code);

        host.Platform.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(200, (await operatorClient.GetAsync(Path)).Code);
        Assert.Equal(401, (await stranger.GetAsync("/v1/executions")).Code);
        Assert.Equal(429, (await stranger.GetAsync("/v1/executions")).Code);
    }

    [Fact]
    public void Addresses_with_wrong_keys_are_remembered_up_to_the_limit()
    {
        var time = new ManualTime();
        var wrongKeys = new WrongKeys(ServiceLimits.Default with { WrongKeyBurst = 1 }, time);
        for (int i = 0; i < WrongKeys.MaxAddresses; i++)
        {
            wrongKeys.Count(new System.Net.IPAddress([10, (byte)(i >> 16), (byte)(i >> 8), (byte)i]));
        }

        Assert.Equal(WrongKeys.MaxAddresses, wrongKeys.Addresses);
        Assert.False(wrongKeys.Allows(new System.Net.IPAddress([10, 0, 0, 0]), out _));
        wrongKeys.Count(new System.Net.IPAddress([11, 0, 0, 0]));
        Assert.Equal(1, wrongKeys.Addresses);
    }

    [Fact]
    public void Of_IPv6_the_network_counts()
    {
        var wrongKeys = new WrongKeys(ServiceLimits.Default with { WrongKeyBurst = 1 }, new ManualTime());
        wrongKeys.Count(System.Net.IPAddress.Parse("2001:db8:1:2:3::1"));
        wrongKeys.Count(System.Net.IPAddress.Parse("::ffff:10.0.0.1"));

        Assert.False(wrongKeys.Allows(System.Net.IPAddress.Parse("2001:db8:1:2:ffff::9"), out _));
        Assert.True(wrongKeys.Allows(System.Net.IPAddress.Parse("2001:db8:1:3:3::1"), out _));
        Assert.False(wrongKeys.Allows(System.Net.IPAddress.Parse("10.0.0.1"), out _));
        Assert.True(wrongKeys.Allows(System.Net.IPAddress.Parse("10.0.0.2"), out _));
    }

    private static string? TextOf(JsonValue value, string name) => ((value as JsonObject)?[name] as JsonString)?.Value;

    private static Task<ApiHost> StartAsync(ServiceLimits? limits = null, ApiOptions? options = null) =>
        ApiHost.StartAsync(limits, options, new ServiceSettings { OperatorKey = OperatorKey.Of(_key).Value });
}
