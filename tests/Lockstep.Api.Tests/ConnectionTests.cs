using Lockstep.Api.Tests.Support;
using Lockstep.Json;

namespace Lockstep.Api.Tests;

public sealed class ConnectionTests
{
    private const string Secret = "sekret-recognisable";

    private const string ApiKey = $$$$"""
        {"description":"for orders","authorizationType":"API_KEY","authParameters":{
          "apiKeyAuthParameters":{"apiKeyName":"X-Key","apiKeyValue":"{{{{Secret}}}}"},
          "invocationHttpParameters":{"headerParameters":[{"key":"X-Open","value":"seen","isValueSecret":false},{"key":"X-Closed","value":"{{{{Secret}}}}"}]}}}
        """;

    [Fact]
    public async Task A_connection_is_made_replaced_shown_listed_and_removed()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        Answer made = await host.Anna.PutAsync("/v1/connections/c", ApiKey);
        Assert.Equal(201, made.Code);
        Answer replaced = await host.Anna.PutAsync("/v1/connections/c", ApiKey);
        Assert.Equal((200, made.String("connectionArn")), (replaced.Code, replaced.String("connectionArn")));

        Answer shown = await host.Anna.GetAsync("/v1/connections/c");

        Assert.Equal(
            ["name", "connectionArn", "createdAt", "updatedAt", "description", "authorizationType", "authParameters"],
            ((JsonObject)JsonValue.Parse(shown.Text)).Select(member => member.Name));
        Assert.Equal(
            """{"apiKeyAuthParameters":{"apiKeyName":"X-Key"},"invocationHttpParameters":{"headerParameters":[{"key":"X-Open","value":"seen","isValueSecret":false},{"key":"X-Closed","isValueSecret":true}]}}""",
            ((JsonObject)JsonValue.Parse(shown.Text))["authParameters"]?.ToString());
        Answer list = await host.Anna.GetAsync("/v1/connections");
        Assert.Single(list.Value);
        Assert.DoesNotContain("authParameters", list.Text, StringComparison.Ordinal);
        Assert.All([made, replaced, shown, list], answer => Assert.DoesNotContain(Secret, answer.Text, StringComparison.Ordinal));
        Assert.Equal(204, (await host.Anna.DeleteAsync("/v1/connections/c")).Code);
        Assert.Equal("ConnectionDoesNotExist", (await host.Anna.GetAsync("/v1/connections/c")).Problem);
        Assert.NotEqual(made.String("connectionArn"), (await host.Anna.PutAsync("/v1/connections/c", ApiKey)).String("connectionArn"));
    }

    [Theory]
    [InlineData($$$$"""{"authorizationType":"API_KEY","authParameters":{"apiKeyAuthParameters":{"apiKeyName":"X","apiKeyValue":"{{{{Secret}}}}\n"}}}""", "/authParameters/apiKeyAuthParameters/apiKeyValue")]
    [InlineData($$$$"""{"authorizationType":"BASIC","authParameters":{"basicAuthParameters":{"username":"{{{{Secret}}}}:","password":"{{{{Secret}}}}"}}}""", "/authParameters/basicAuthParameters/username")]
    [InlineData($$$$"""{"authorizationType":"{{{{Secret}}}}","authParameters":{}}""", "/authorizationType")]
    public async Task What_is_wrong_is_said_with_its_place_and_without_the_secret(string body, string pointer)
    {
        await using ApiHost host = await ApiHost.StartAsync();
        Answer refused = await host.Anna.PutAsync("/v1/connections/c", body);
        Assert.Equal((400, "ValidationException", pointer), (refused.Code, refused.Problem, refused.String("pointer")));
        Assert.DoesNotContain(Secret, refused.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(host.Log.Lines, line => line.Contains(Secret, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData($$"""{"authorizationType":"BASIC","{{Secret}}""")]
    [InlineData($$"""{"authorizationType":"BASIC" {{Secret}} }""")]
    public async Task A_body_that_is_no_json_is_refused_without_being_repeated(string body)
    {
        await using ApiHost host = await ApiHost.StartAsync();
        Answer refused = await host.Anna.PutAsync("/v1/connections/c", body);
        Assert.Equal(400, refused.Code);
        Assert.DoesNotContain(Secret, refused.Text, StringComparison.Ordinal);
    }
}
