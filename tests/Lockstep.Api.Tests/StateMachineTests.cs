using Lockstep.Api.Tests.Support;
using Lockstep.Json;
using Lockstep.Service.Tests.Memory;

namespace Lockstep.Api.Tests;

public sealed class StateMachineTests
{
    private const string Path = "/v1/state-machines";

    [Fact]
    public async Task A_machine_is_created_shown_listed_updated_and_deleted()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        Answer created = await host.Anna.PostAsync(
            Path, $$"""{"name":"orders","definition":{{Machines.Pass}},"type":"STANDARD","tags":{"team":"a"} }""");
        Assert.Equal(201, created.Code);
        Assert.Equal("/v1/state-machines/orders", created.Message.Headers.Location?.ToString());

        Answer shown = await host.Anna.GetAsync(Path + "/orders");
        Assert.Equal(200, shown.Code);
        Assert.Equal("arn:aws:states:local:000000000001:stateMachine:orders", shown.String("stateMachineArn"));
        Assert.Equal("STANDARD", shown.String("type"));
        Assert.Equal("2026-01-02T03:04:05.000Z", shown.String("createdAt"));
        Assert.Equal("""{"team":"a"}""", shown.Json["tags"]?.ToString());
        Assert.Equal(Machines.Pass, shown.Json["definition"]?.ToString());
        string etag = shown.Message.Headers.ETag?.ToString() ?? "";
        Assert.Equal($"\"{shown.String("revisionId")}\"", etag);

        Answer updated = await host.Anna.PutAsync(Path + "/orders", $$"""{"definition":{{Machines.OtherPass}}}""", ("If-Match", etag));
        Assert.Equal(200, updated.Code);
        Assert.NotEqual(etag, updated.Message.Headers.ETag?.ToString());

        Answer list = await host.Anna.GetAsync(Path);
        Assert.Equal("orders", Assert.IsType<JsonObject>(Assert.Single(list.Value))["name"]?.ToString().Trim('"'));

        Assert.Equal(204, (await host.Anna.DeleteAsync(Path + "/orders")).Code);
        Assert.Equal(204, (await host.Anna.DeleteAsync(Path + "/orders")).Code);
        Assert.Equal("StateMachineDoesNotExist", (await host.Anna.GetAsync(Path + "/orders")).Problem);
    }

    [Fact]
    public async Task The_same_creation_again_is_answered_with_200_and_another_definition_with_409()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        string body = $$"""{"name":"m","definition":{{Machines.Pass}}}""";
        Answer first = await host.Anna.PostAsync(Path, body);
        Answer again = await host.Anna.PostAsync(Path, body);
        Assert.Equal((201, 200), (first.Code, again.Code));
        Assert.Equal(first.Text, again.Text);
        Answer other = await host.Anna.PostAsync(Path, $$"""{"name":"m","definition":{{Machines.OtherPass}}}""");
        Assert.Equal((409, "StateMachineAlreadyExists", "/name"), (other.Code, other.Problem, other.String("pointer")));
    }

    [Fact]
    public async Task A_definition_may_be_text_or_an_object_and_both_keep_their_own_lines()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        string bad = "{\n  \"StartAt\": \"X\",\n  \"States\": {\n    \"P\": { \"Type\": \"Pass\", \"End\": true }\n  }\n}";
        Answer asObject = await host.Anna.PostAsync(Path, $$"""{"name":"m",   "definition": {{bad}} }""");
        Answer asText = await host.Anna.PostAsync(Path, $$"""{"name":"m","definition":{{JsonString.Of(bad)}}}""");
        Assert.Equal((400, "InvalidDefinition"), (asObject.Code, asObject.Problem));
        Assert.Equal(asObject.Json["diagnostics"]?.ToString(), asText.Json["diagnostics"]?.ToString());
        var first = Assert.IsType<JsonObject>(Assert.IsType<JsonArray>(asObject.Json["diagnostics"])[0]);
        Assert.Equal(JsonNumber.Of(2), first["line"]);
    }

    [Fact]
    public async Task An_object_is_stored_and_shown_as_it_was_written()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        string definition = """{ "StartAt":"P", "States":{"P":{"Type":"Pass","Result":{"big":123456789012345678901234567890,"f":1.50,"e":1E5},"End":true}} }""";
        await host.Anna.PostAsync(Path, $$"""{"x":1,"definition":{},"name":"m"}""");
        Answer created = await host.Anna.PostAsync(Path, $$"""{"name":"m","definition":{{definition}},"tags":{"definition":"no"} }""");
        Assert.Equal(201, created.Code);
        Assert.Contains(definition, created.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"definition":{}}""", "ValidationException", "/name")]
    [InlineData("""{"name":"m"}""", "ValidationException", "/definition")]
    [InlineData("""{"name":5,"definition":{}}""", "ValidationException", "/name")]
    [InlineData("""{"name":"m","definition":5}""", "ValidationException", "/definition")]
    [InlineData("""{"name":"m","definition":{},"type":"FAST"}""", "ValidationException", "/type")]
    [InlineData("""{"name":"m","definition":{},"tags":[]}""", "ValidationException", "/tags")]
    [InlineData("""{"name":"m","definition":{},"tags":{"a/b":1}}""", "ValidationException", "/tags/a~1b")]
    [InlineData("""{"name":"m","definition":{},"roleArn":"x"}""", "InvalidArn", "/roleArn")]
    [InlineData("""{"name":"m","definition":{},"definitions":{}}""", "ValidationException", "/definitions")]
    [InlineData("""{"name":"m m","definition":{}}""", "InvalidName", "/name")]
    [InlineData("""{"name":"m","definition":{}}""", "InvalidDefinition", "/definition")]
    public async Task What_is_wrong_with_a_creation_is_said_with_its_place(string body, string code, string pointer)
    {
        await using ApiHost host = await ApiHost.StartAsync();
        Answer refused = await host.Anna.PostAsync(Path, body);
        Assert.Equal((400, code, pointer), (refused.Code, refused.Problem, refused.String("pointer")));
    }

    [Fact]
    public async Task A_change_based_on_an_old_revision_is_refused()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        Answer created = await host.Anna.PostAsync(Path, $$"""{"name":"m","definition":{{Machines.Pass}}}""");
        string etag = created.Message.Headers.ETag?.ToString() ?? "";
        string change = $$"""{"definition":{{Machines.OtherPass}}}""";
        Assert.Equal(412, (await host.Anna.PutAsync(Path + "/m", change, ("If-Match", "\"other\""))).Code);
        Assert.Equal(412, (await host.Anna.PutAsync(Path + "/m", change, ("If-Match", "W/" + etag))).Code);
        Assert.Equal(400, (await host.Anna.PutAsync(Path + "/m", change, ("If-Match", "nonsense"))).Code);
        Assert.Equal(412, (await host.Anna.DeleteAsync(Path + "/m", ("If-Match", "\"other\""))).Code);
        Assert.Equal(200, (await host.Anna.PutAsync(Path + "/m", change, ("If-Match", "*"))).Code);
        Assert.Equal(412, (await host.Anna.DeleteAsync(Path + "/m", ("If-Match", etag))).Code);
        Answer shown = await host.Anna.GetAsync(Path + "/m");
        string newest = shown.Message.Headers.ETag?.ToString() ?? "";
        Assert.Equal(304, (await host.Anna.GetAsync(Path + "/m", ("If-None-Match", newest))).Code);
        Assert.Equal(200, (await host.Anna.GetAsync(Path + "/m", ("If-None-Match", etag))).Code);
        Assert.Equal(204, (await host.Anna.DeleteAsync(Path + "/m", ("If-Match", newest))).Code);
    }

    [Fact]
    public async Task A_list_is_followed_by_its_links()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        foreach (string name in new[] { "a", "b", "c" })
        {
            await host.Anna.PostAsync(Path, $$"""{"name":"{{name}}","definition":{{Machines.Pass}}}""");
        }

        Answer first = await host.Anna.GetAsync(Path + "?pageSize=2");
        Assert.Equal(2, first.Value.Count);
        Answer second = await host.Anna.GetAsync(first.String("nextLink"));
        Assert.Single(second.Value);
        Assert.Null(second.Json["nextLink"]);
        Assert.Equal("InvalidToken", (await host.Bert.GetAsync(first.String("nextLink"))).Problem);
        Assert.Equal("InvalidToken", (await host.Anna.GetAsync(first.String("nextLink").Replace("state-machines", "functions", StringComparison.Ordinal))).Problem);
    }

    [Fact]
    public async Task Validation_lists_what_is_wrong_and_stores_nothing()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        Answer good = await host.Anna.PostAsync("/v1/validate", $$"""{"definition":{{Machines.Pass}}}""");
        Assert.Equal((200, "OK"), (good.Code, good.String("result")));
        Answer bad = await host.Anna.PostAsync("/v1/validate", """{"definition":"{"}""");
        Assert.Equal((200, "FAIL"), (bad.Code, bad.String("result")));
        Assert.NotEmpty(Assert.IsType<JsonArray>(bad.Json["diagnostics"]));
        Answer express = await host.Anna.PostAsync("/v1/validate", $$"""{"definition":{{Machines.Work}},"type":"EXPRESS"}""");
        Assert.Equal("FAIL", express.String("result"));
        Assert.Equal("/definition", (await host.Anna.PostAsync("/v1/validate", "{}")).String("pointer"));
        Assert.Empty((await host.Anna.GetAsync(Path)).Value);
    }

    [Theory]
    [InlineData("", 2, false)]
    [InlineData(""","severity":"WARNING" """, 2, false)]
    [InlineData(""","severity":"ERROR" """, 1, false)]
    [InlineData(""","maxResults":0""", 2, false)]
    [InlineData(""","maxResults":2""", 2, false)]
    [InlineData(""","maxResults":1""", 1, true)]
    [InlineData(""","maxResults":1,"severity":"ERROR" """, 1, false)]
    [InlineData(""","maxResults":100""", 2, false)]
    public async Task Validation_shows_what_was_asked_for(string members, int count, bool truncated)
    {
        await using ApiHost host = await ApiHost.StartAsync();

        Answer answer = await host.Anna.PostAsync("/v1/validate", $$$"""{"definition":{{{Twice}}}{{{members}}}}""");

        Assert.Equal((200, "FAIL"), (answer.Code, answer.String("result")));
        Assert.Equal(count, Assert.IsType<JsonArray>(answer.Json["diagnostics"]).Count);
        Assert.Equal(JsonBoolean.Of(truncated), answer.Json["truncated"]);
    }

    [Fact]
    public async Task Diagnostic_has_the_location_that_Step_Functions_names()
    {
        await using ApiHost host = await ApiHost.StartAsync();

        Answer answer = await host.Anna.PostAsync("/v1/validate", """{"definition":{"StartAt":"A","States":{"A":{"Type":"Pass","End":true,"Odd":1}}}}""");

        var only = (JsonObject)Assert.Single(Assert.IsType<JsonArray>(answer.Json["diagnostics"]));
        Assert.Equal((JsonString.Of("/States/A"), JsonString.Of("/States/A/Odd")), (only["location"], only["pointer"]));
    }

    [Fact]
    public async Task Lint_rules_warn_in_validation()
    {
        await using ApiHost host = await ApiHost.StartAsync();

        Answer answer = await host.Anna.PostAsync(
            "/v1/validate", """{"definition":{"StartAt":"A","States":{"A":{"Type":"Pass","End":true,"Assign":{"x":1}}}}}""");

        Assert.Equal("OK", answer.String("result"));
        var only = (JsonObject)Assert.Single(Assert.IsType<JsonArray>(answer.Json["diagnostics"]));
        Assert.Equal((JsonString.Of("UNUSED_VARIABLE"), JsonString.Of("WARNING")), (only["code"], only["severity"]));
    }

    [Theory]
    [InlineData(""","maxResults":-1""", "/maxResults")]
    [InlineData(""","maxResults":101""", "/maxResults")]
    [InlineData(""","severity":"error" """, "/severity")]
    public async Task Validation_refuses_what_it_cannot_show(string members, string pointer)
    {
        await using ApiHost host = await ApiHost.StartAsync();

        Answer answer = await host.Anna.PostAsync("/v1/validate", $$$"""{"definition":{{{Twice}}}{{{members}}}}""");

        Assert.Equal((400, "ValidationException", pointer), (answer.Code, answer.Problem, answer.String("pointer")));
    }

    /// <summary>One error and one warning.</summary>
    private const string Twice = """{"StartAt":"A","States":{"A":{"Type":"Pass","End":true,"Odd":1},"B":{"Type":"Succeed"}}}""";
}
