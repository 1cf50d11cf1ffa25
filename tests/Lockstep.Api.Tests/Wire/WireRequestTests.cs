using Lockstep.Api.Problems;
using Lockstep.Api.Tests.Support;
using Lockstep.Api.Wire;
using Lockstep.Api.Wire.Shapes;
using Lockstep.Api.Wire.Throttling;
using Lockstep.Service.Errors;
using Lockstep.Service.Limits;
using Lockstep.Service.Tests.Memory;

namespace Lockstep.Api.Tests.Wire;

/// <summary>What happens to a request before its operation sees it.</summary>
public sealed class WireRequestTests
{
    [Theory]
    [InlineData("AWSStepFunctions.Nonsense", "application/x-amz-json-1.0")]
    [InlineData("DynamoDB_20120810.ListTables", "application/x-amz-json-1.0")]
    [InlineData("ListStateMachines", "application/x-amz-json-1.0")]
    [InlineData(null, "application/x-amz-json-1.0")]
    [InlineData("AWSStepFunctions.ListStateMachines", "application/json")]
    public async Task What_is_no_operation_of_the_protocol_is_unknown(string? target, string contentType)
    {
        await using ApiHost host = await ApiHost.StartAsync();
        WireClient anna = await WireClient.OfAsync(host, host.Platform.AnnasKey);
        WireReply reply = await (anna with { ContentType = contentType }).SendAsync(target, "{}");
        Assert.Equal((400, "UnknownOperationException", "application/x-amz-json-1.0"), (reply.Status, reply.Error, reply.ContentType));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"maxResults":1,"maxResults":2}""")]
    [InlineData("""{"maxResults":"1"}""")]
    [InlineData("""{"maxResults":1.5}""")]
    [InlineData("""{"nextToken":7}""")]
    [InlineData("""{"nextToken":{}}""")]
    public async Task A_body_of_the_wrong_kind_cannot_be_read(string body)
    {
        await using ApiHost host = await ApiHost.StartAsync();
        WireReply reply = await (await WireClient.OfAsync(host, host.Platform.AnnasKey)).CallAsync("ListStateMachines", body);
        Assert.Equal((400, "SerializationException"), (reply.Status, reply.Error));
    }

    [Fact]
    public async Task A_body_that_is_too_long_is_refused_and_one_of_the_limit_is_read()
    {
        ServiceLimits limits = ServiceLimits.Default with { MaxDefinitionBytes = 1_024, MaxPayloadBytes = 1_024 };
        await using ApiHost host = await ApiHost.StartAsync(limits);
        WireClient anna = await WireClient.OfAsync(host, host.Platform.AnnasKey);
        string longest = "{}" + new string(' ', limits.MaxRequestBodyBytes - 2);
        Assert.Equal(200, (await anna.CallAsync("ListStateMachines", longest)).Status);
        Assert.Equal("SerializationException", (await anna.CallAsync("ListStateMachines", longest + " ")).Error);
    }

    [Theory]
    [InlineData("CreateActivity", "{}", "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null")]
    [InlineData("CreateActivity", """{"name":null}""", "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null")]
    [InlineData("CreateActivity", """{"name":""}""",
        "1 validation error detected: Value '' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 1")]
    [InlineData("ListActivities", """{"maxResults":1001}""",
        "1 validation error detected: Value '1001' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000")]
    [InlineData("ListActivities", """{"maxResults":-1}""",
        "1 validation error detected: Value '-1' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 0")]
    [InlineData("CreateStateMachine", """{"name":"m","definition":"","roleArn":"r","type":"NONE"}""",
        "2 validation errors detected: Value at 'definition' failed to satisfy constraint: Member must have length greater than or equal to 1; "
        + "Value 'NONE' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [STANDARD, EXPRESS]")]
    [InlineData("CreateStateMachine", """{"name":"m","definition":"{}","roleArn":"r","tags":[{"key":"a"},{"key":""}]}""",
        "1 validation error detected: Value '' at 'tags.2.member.key' failed to satisfy constraint: Member must have length greater than or equal to 1")]
    public async Task Constraints_are_told_in_the_words_of_Step_Functions(string operation, string body, string message)
    {
        await using ApiHost host = await ApiHost.StartAsync();
        WireReply reply = await (await WireClient.OfAsync(host, host.Platform.AnnasKey)).CallAsync(operation, body);
        Assert.Equal((400, "ValidationException", message), (reply.Status, reply.Error, reply.Message));
    }

    [Fact]
    public async Task The_longest_name_is_accepted_and_one_more_character_is_not()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        WireClient anna = await WireClient.OfAsync(host, host.Platform.AnnasKey);
        string name = new('n', 80);
        Assert.Equal(200, (await anna.CallAsync("CreateActivity", $$"""{"name":"{{name}}"}""")).Status);
        Assert.Equal(
            $"1 validation error detected: Value '{name}n' at 'name' failed to satisfy constraint: Member must have length less than or equal to 80",
            (await anna.CallAsync("CreateActivity", $$"""{"name":"{{name}}n"}""")).Message);
    }

    [Fact]
    public async Task Members_that_nobody_knows_are_ignored()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        Assert.Equal(200, (await (await WireClient.OfAsync(host, host.Platform.AnnasKey)).CallAsync("ListActivities", """{"new":{"in":2030}}""")).Status);
    }

    [Fact]
    public async Task A_tenant_has_a_bucket_for_each_operation()
    {
        Result<ThrottlingOptions> read = ThrottlingOptions.Read(
            key => key switch
            {
                "Lockstep:Throttling:ListActivities:BucketSize" => "2",
                "Lockstep:Throttling:ListActivities:RefillPerSecond" => "1",
                _ => null,
            },
            isEnabled: true);
        await using ApiHost host = await ApiHost.StartAsync(options: new ApiOptions { LimitRate = false, Throttling = read.Value ?? new ThrottlingOptions() });
        WireClient anna = await WireClient.OfAsync(host, host.Platform.AnnasKey);
        WireClient bert = await WireClient.OfAsync(host, host.Platform.BertsKey);
        await anna.OkAsync("ListActivities");
        await anna.OkAsync("ListActivities");
        WireReply refused = await anna.CallAsync("ListActivities");
        Assert.Equal((400, "ThrottlingException", "Rate exceeded"), (refused.Status, refused.Error, refused.Message));
        await anna.OkAsync("ListStateMachines");
        await bert.OkAsync("ListActivities");
        host.Platform.Time.Advance(TimeSpan.FromSeconds(1));
        await anna.OkAsync("ListActivities");
        Assert.Equal("ThrottlingException", (await anna.CallAsync("ListActivities")).Error);
    }

    [Fact]
    public async Task Starts_of_Express_executions_have_a_bucket_of_their_own()
    {
        Result<ThrottlingOptions> read = ThrottlingOptions.Read(
            key => key is "Lockstep:Throttling:StartExecution:BucketSize" or "Lockstep:Throttling:StartExecution:RefillPerSecond" ? "1" : null, isEnabled: true);
        await using ApiHost host = await ApiHost.StartAsync(options: new ApiOptions { LimitRate = false, Throttling = read.Value ?? new ThrottlingOptions() });
        await host.CreateMachineAsync("standard", Machines.Pass);
        await host.CreateMachineAsync("express", Machines.Pass, "EXPRESS");
        WireClient anna = await WireClient.OfAsync(host, host.Platform.AnnasKey);
        const string standard = """{"stateMachineArn":"arn:aws:states:local:000000000001:stateMachine:standard"}""";
        const string express = """{"stateMachineArn":"arn:aws:states:local:000000000001:stateMachine:express"}""";
        await anna.OkAsync("StartExecution", standard);
        Assert.Equal("ThrottlingException", (await anna.CallAsync("StartExecution", standard)).Error);
        await anna.OkAsync("StartExecution", express);
        int before = host.Platform.StateMachines.Finds;
        await anna.OkAsync("StartExecution", express);
        Assert.Equal(before + 1, host.Platform.StateMachines.Finds);
    }

    [Theory]
    [InlineData("Lockstep:Throttling:Enabled", "perhaps")]
    [InlineData("Lockstep:Throttling:ListActivities:BucketSize", "0")]
    [InlineData("Lockstep:Throttling:ListActivities:BucketSize", "1000001")]
    [InlineData("Lockstep:Throttling:StartExpressExecution:RefillPerSecond", "fast")]
    public void A_rate_that_cannot_be_used_is_refused(string key, string value)
    {
        Result<ThrottlingOptions> read = ThrottlingOptions.Read(asked => asked == key ? value : null, isEnabled: true);
        Assert.Equal((ErrorCodes.Validation, key), (read.Error?.Code, read.Error?.Target));
    }

    [Fact]
    public async Task What_fails_inside_is_told_without_details()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        WireClient anna = await WireClient.OfAsync(host, host.Platform.AnnasKey);
        host.Platform.Time.Advance(TimeSpan.FromHours(1));
        host.Platform.Tenants.Broken = true;
        WireReply reply = await anna.CallAsync("ListActivities");
        Assert.Equal((503, "ServiceUnavailable"), (reply.Status, reply.Error));
        Assert.DoesNotContain("disk", reply.Text, StringComparison.Ordinal);
        Assert.Contains(host.Log.Lines, line => line.Contains("the disk is full", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_operation_is_there_once_and_answers_only_what_it_says()
    {
        string[] names = [.. WireRegistry.Operations.Select(operation => operation.Name)];
        Assert.Equal(names.Length, names.Distinct().Count());
        foreach (WireOperation operation in WireRegistry.Operations)
        {
            Assert.Equal(operation, WireRegistry.Find("AWSStepFunctions." + operation.Name));
            Assert.DoesNotContain(operation.Errors, WireErrors.Common.Contains);
            Assert.True(operation.Throttle is { BucketSize: > 0, RefillPerSecond: > 0 });
            Assert.Equal(operation.Request.Members.Length, operation.Request.Members.DistinctBy(member => member.Name).Count());
        }
    }

    [Fact]
    public void Every_failure_of_the_application_is_the_caller_s_or_the_service_s_in_both_protocols()
    {
        foreach (string code in typeof(ErrorCodes).GetFields().Select(field => (string?)field.GetRawConstantValue() ?? ""))
        {
            WireError error = WireErrors.Of(new ServiceError(code, "m"), "s");
            Assert.NotEmpty(error.Message);
            bool isServers = ErrorCatalog.Find(code).Status >= 500;
            Assert.True(isServers == error.Status >= 500, code);
        }
    }

    [Fact]
    public void Texts_are_measured_in_characters_and_not_in_halves_of_pairs()
    {
        var shape = new StructureShape(new ShapeMember("name", new TextShape(1, 2)));
        Lockstep.Json.JsonObject twoFlags = Lockstep.Json.JsonObject.Of("name", Lockstep.Json.JsonString.Of("😀😀"));
        Assert.Null(ShapeCheck.Check(shape, twoFlags, ServiceLimits.Default));
        Assert.NotNull(ShapeCheck.Check(shape, Lockstep.Json.JsonObject.Of("name", Lockstep.Json.JsonString.Of("😀😀😀")), ServiceLimits.Default));
    }
}
