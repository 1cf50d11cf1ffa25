using Lockstep.Api.Tests.Support;
using Lockstep.Json;
using Lockstep.Service.Tests.Memory;

namespace Lockstep.Api.Tests;

public sealed class VersionTests
{
    private const string Machine = "/v1/state-machines/m";
    private const string Arn = "arn:aws:states:local:000000000001:stateMachine:m";

    [Fact]
    public async Task Version_is_published_shown_listed_and_deleted()
    {
        await using ApiHost host = await WithMachineAsync();

        Answer published = await host.Anna.PostAsync(Machine + "/versions", """{"description":"first"}""");
        Assert.Equal((201, Arn + ":1", "first"), (published.Code, published.String("stateMachineVersionArn"), published.String("description")));
        Assert.Equal(Machine + "/versions/1", published.Message.Headers.Location?.ToString());
        Assert.Equal(200, (await host.Anna.PostAsync(Machine + "/versions", "{}")).Code);
        Assert.Equal("ConflictException", (await host.Anna.PostAsync(Machine + "/versions", """{"revisionId":"other"}""")).Problem);

        Answer shown = await host.Anna.GetAsync(Machine + "/versions/1");
        Assert.Equal((200, Machines.Pass), (shown.Code, shown.Json["definition"]?.ToString()));
        Assert.Equal("1", Assert.IsType<JsonObject>(Assert.Single((await host.Anna.GetAsync(Machine + "/versions")).Value))["version"]?.ToString());
        Assert.Equal("ResourceNotFound", (await host.Anna.GetAsync(Machine + "/versions/2")).Problem);
        Assert.Equal("ValidationException", (await host.Anna.GetAsync(Machine + "/versions/x")).Problem);
        Assert.Equal("ResourceNotFound", (await host.Bert.GetAsync(Machine + "/versions/1")).Problem);

        Assert.Equal("ValidationException", (await host.Anna.DeleteAsync(Machine + ":1")).Problem);
        Assert.Equal("ValidationException", (await host.Anna.DeleteAsync(Machine + ":live")).Problem);
        Assert.Equal("InvalidName", (await host.Anna.DeleteAsync(Machine + ":$LATEST")).Problem);
        Assert.Equal(204, (await host.Anna.DeleteAsync(Machine + "/versions/1")).Code);
        Assert.Equal(204, (await host.Anna.DeleteAsync(Machine + "/versions/1")).Code);
    }

    [Fact]
    public async Task Machine_is_published_by_its_creation_and_its_update()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        string body = $$"""{"name":"m","definition":{{Machines.Pass}},"publish":true,"versionDescription":"v"}""";
        Assert.Equal(Arn + ":1", (await host.Anna.PostAsync("/v1/state-machines", body)).String("stateMachineVersionArn"));
        Assert.Equal(Arn + ":1", (await host.Anna.PostAsync("/v1/state-machines", body)).String("stateMachineVersionArn"));
        Answer updated = await host.Anna.PutAsync(Machine, $$"""{"definition":{{Machines.OtherPass}},"publish":true}""");
        Assert.Equal(Arn + ":2", updated.String("stateMachineVersionArn"));
        Assert.Equal("ValidationException", (await host.Anna.PutAsync(Machine, $$"""{"definition":{{Machines.Pass}},"versionDescription":"v"}""")).Problem);
        Assert.Equal("StateMachineDoesNotExist", (await host.Anna.PutAsync(Machine + ":2", $$"""{"definition":{{Machines.Pass}}}""")).Problem);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("?includedData=ALL_DATA", true)]
    [InlineData("?includedData=METADATA_ONLY", false)]
    public async Task Definition_is_shown_with_the_variables_that_its_states_read_unless_metadata_alone_is_asked_for(string query, bool shown)
    {
        const string definition = """
            {"StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"x":1,"y":2},"Next":"B"},
            "B":{"Type":"Parallel","Branches":[{"StartAt":"C","States":{"C":{"Type":"Pass","Parameters":{"b.$":"$y","a.$":"$x"},"End":true}}}],"End":true}}}
            """;
        await using ApiHost host = await ApiHost.StartAsync();
        await host.Anna.PostAsync("/v1/state-machines", $$"""{"name":"m","definition":{{definition}},"publish":true}""");
        foreach (string path in (string[])[Machine, Machine + "/versions/1"])
        {
            JsonObject described = Assert.IsType<JsonObject>((await host.Anna.GetAsync(path + query)).Json);
            Assert.Equal(shown ? """{"C":["x","y"]}""" : null, described["variableReferences"]?.ToString());
            Assert.Equal(shown, described["definition"] is not null);
            Assert.Equal("STANDARD", (described["type"] as JsonString)?.Value);
            Assert.Equal("ValidationException", (await host.Anna.GetAsync(path + "?includedData=SOME")).Problem);
        }
    }

    [Fact]
    public async Task Definition_without_variables_has_no_references()
    {
        await using ApiHost host = await WithMachineAsync();
        Assert.Equal("{}", (await host.Anna.GetAsync(Machine)).Json["variableReferences"]?.ToString());
    }

    [Fact]
    public async Task Alias_is_created_shown_listed_updated_and_deleted()
    {
        await using ApiHost host = await WithMachineAsync();
        await host.Anna.PostAsync(Machine + "/versions", "{}");
        const string body = """{"name":"live","routingConfiguration":[{"version":1,"weight":100}]}""";

        Answer created = await host.Anna.PostAsync(Machine + "/aliases", body);
        Assert.Equal((201, Arn + ":live"), (created.Code, created.String("stateMachineAliasArn")));
        Assert.Equal(200, (await host.Anna.PostAsync(Machine + "/aliases", body)).Code);
        Assert.Equal("ConflictException", (await host.Anna.PostAsync(Machine + "/aliases", body.Replace("live\"", "live\",\"description\":\"x\"", StringComparison.Ordinal))).Problem);
        string etag = created.Message.Headers.ETag?.ToString() ?? "";
        Assert.Equal(etag, (await host.Anna.GetAsync(Machine + "/aliases/live")).Message.Headers.ETag?.ToString());
        Assert.Single((await host.Anna.GetAsync(Machine + "/aliases?version=1")).Value);
        Assert.Empty((await host.Anna.GetAsync(Machine + "/aliases?version=2")).Value);
        Assert.Equal("ConflictException", (await host.Anna.DeleteAsync(Machine + "/versions/1")).Problem);

        Assert.Equal(200, (await host.Anna.PutAsync(Machine + "/aliases/live", """{"description":"new"}""", ("If-Match", etag))).Code);
        Assert.Equal("PreconditionFailed", (await host.Anna.PutAsync(Machine + "/aliases/live", """{"description":"newer"}""", ("If-Match", etag))).Problem);
        Assert.Equal("ResourceNotFound", (await host.Bert.GetAsync(Machine + "/aliases/live")).Problem);
        Assert.Equal(204, (await host.Anna.DeleteAsync(Machine + "/aliases/live")).Code);
        Assert.Equal(204, (await host.Anna.DeleteAsync(Machine + "/versions/1")).Code);
    }

    [Theory]
    [InlineData("""{"name":"live"}""", "ValidationException")]
    [InlineData("""{"name":"live","routingConfiguration":[]}""", "ValidationException")]
    [InlineData("""{"name":"live","routingConfiguration":[{"version":1,"weight":99}]}""", "ValidationException")]
    [InlineData("""{"name":"live","routingConfiguration":[{"version":1,"weight":101}]}""", "ValidationException")]
    [InlineData("""{"name":"live","routingConfiguration":[{"version":1,"weight":101},{"version":2,"weight":-1}]}""", "ValidationException")]
    [InlineData("""{"name":"live","routingConfiguration":[{"version":1,"weight":50},{"version":1,"weight":50}]}""", "ValidationException")]
    [InlineData("""{"name":"live","routingConfiguration":[{"version":1,"weight":40},{"version":2,"weight":30},{"version":3,"weight":30}]}""", "ValidationException")]
    [InlineData("""{"name":"live","routingConfiguration":[{"version":0,"weight":100}]}""", "ValidationException")]
    [InlineData("""{"name":"live","routingConfiguration":[{"version":1,"weight":100,"more":1}]}""", "ValidationException")]
    [InlineData("""{"name":"live","routingConfiguration":[{"version":7,"weight":100}]}""", "ResourceNotFound")]
    [InlineData("""{"name":"12","routingConfiguration":[{"version":1,"weight":100}]}""", "InvalidName")]
    [InlineData("""{"name":"$LATEST","routingConfiguration":[{"version":1,"weight":100}]}""", "InvalidName")]
    [InlineData("""{"name":"","routingConfiguration":[{"version":1,"weight":100}]}""", "InvalidName")]
    public async Task Alias_that_breaks_a_rule_is_refused(string body, string code)
    {
        await using ApiHost host = await WithMachineAsync();
        await host.Anna.PostAsync(Machine + "/versions", "{}");
        Assert.Equal(code, (await host.Anna.PostAsync(Machine + "/aliases", body)).Problem);
    }

    [Fact]
    public async Task Execution_is_started_and_listed_through_a_qualifier()
    {
        await using ApiHost host = await WithMachineAsync();
        await host.Anna.PostAsync(Machine + "/versions", "{}");
        await host.Anna.PostAsync(Machine + "/aliases", """{"name":"live","routingConfiguration":[{"version":1,"weight":100}]}""");

        Assert.Equal(201, (await host.Anna.PostAsync(Machine + ":live/executions", """{"name":"one"}""")).Code);
        Assert.Equal("StateMachineDoesNotExist", (await host.Anna.PostAsync(Machine + ":dead/executions", "{}")).Problem);
        Answer shown = await host.Anna.GetAsync("/v1/executions/m:one");
        Assert.Equal((Arn, Arn + ":1", Arn + ":live"), (
            shown.String("stateMachineArn"), shown.String("stateMachineVersionArn"), shown.String("stateMachineAliasArn")));
    }

    private static async Task<ApiHost> WithMachineAsync()
    {
        ApiHost host = await ApiHost.StartAsync();
        Assert.Equal(201, (await host.Anna.PostAsync("/v1/state-machines", $$"""{"name":"m","definition":{{Machines.Pass}}}""")).Code);
        return host;
    }
}
