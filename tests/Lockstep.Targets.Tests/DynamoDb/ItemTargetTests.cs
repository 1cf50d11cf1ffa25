using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Limits;
using Lockstep.Service.Paging;
using Lockstep.Service.Tables;
using Lockstep.Service.Targets;
using Lockstep.Targets.DynamoDb;
using Lockstep.Targets.Tests.Fakes;
using Lockstep.Targets.Tests.Messaging;

namespace Lockstep.Targets.Tests.DynamoDb;

public sealed class ItemTargetTests
{
    private int _attempt;

    [Fact]
    public async Task An_item_is_put_got_replaced_and_deleted()
    {
        await using ChannelWorld world = await OpenAsync();
        Assert.Equal("{}", await RunAsync(world, "putItem", """{"TableName":"orders","Item":{"id":{"S":"1"},"n":{"N":"1.50"},"set":{"SS":["a","b"]}}}"""));
        Assert.Equal(
            """{"Item":{"id":{"S":"1"},"n":{"N":"1.5"},"set":{"SS":["a","b"]}}}""", await RunAsync(world, "getItem", """{"TableName":"orders","Key":{"id":{"S":"1"}}}"""));
        Assert.Equal("{}", await RunAsync(world, "getItem", """{"TableName":"orders","Key":{"id":{"S":"2"}}}"""));
        Assert.Equal(
            """{"Item":{"n":{"N":"1.5"}}}""",
            await RunAsync(world, "getItem", """{"TableName":"arn:aws:dynamodb:x:000000000001:table/orders","Key":{"id":{"S":"1"}},"ProjectionExpression":"#n, missing","ExpressionAttributeNames":{"#n":"n"}}"""));
        Assert.Equal(
            """{"Attributes":{"id":{"S":"1"},"n":{"N":"1.5"},"set":{"SS":["a","b"]}}}""",
            await RunAsync(world, "putItem", """{"TableName":"orders","Item":{"id":{"S":"1"},"m":{"M":{"l":{"L":[{"NULL":true}]}}}},"ReturnValues":"ALL_OLD"}"""));
        Assert.Equal(
            """{"Attributes":{"id":{"S":"1"},"m":{"M":{"l":{"L":[{"NULL":true}]}}}}}""",
            await RunAsync(world, "deleteItem", """{"TableName":"orders","Key":{"id":{"S":"1"}},"ReturnValues":"ALL_OLD"}"""));
        Assert.Equal("{}", await RunAsync(world, "deleteItem", """{"TableName":"orders","Key":{"id":{"S":"1"}}}"""));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task An_item_has_up_to_the_limit_of_bytes(int beyond, bool isTaken)
    {
        await using ChannelWorld world = await OpenAsync();
        const int Limit = 2_000;
        int rest = """{"id":{"S":"1"},"text":{"S":""}}""".Length;
        string item = $$$"""{"id":{"S":"1"},"text":{"S":"{{{new string('x', Limit - rest + beyond)}}}"}}""";
        var target = new PutItemTarget(() => world.Tables, new TargetOptions { MaxItemBytes = Limit }, world.Time);
        TaskOutcome outcome = await target.InvokeAsync(
            Invocations.OfService("aws-sdk:dynamodb", "putItem", $$"""{"TableName":"orders","Item":{{item}}}"""), CancellationToken.None);
        Assert.Equal(isTaken, outcome is TaskAnswered);
        if (!isTaken)
        {
            Assert.StartsWith("Item size has exceeded the maximum allowed size", Assert.IsType<TaskRefused>(outcome).Cause, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_optimised_form_has_the_metadata_of_the_SDK()
    {
        await using ChannelWorld world = await OpenAsync();
        TaskOutcome outcome = await InvokeAsync(world, "dynamodb", "putItem", """{"TableName":"orders","Item":{"id":{"S":"1"}}}""");
        Assert.Equal(["SdkHttpMetadata", "SdkResponseMetadata"], SendMessageTargetTests.Answered(outcome).Select(member => member.Name));
        TaskRefused refused = Assert.IsType<TaskRefused>(await InvokeAsync(world, "dynamodb", "putItem", """{"TableName":"none","Item":{"id":{"S":"1"}}}"""));
        Assert.Equal("DynamoDB.ResourceNotFoundException", refused.Error);
        Assert.StartsWith(
            "Requested resource not found (Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ResourceNotFoundException; Request ID: ", refused.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_condition_is_met_once_and_a_repetition_after_a_crash_is_answered_as_the_first_time()
    {
        await using ChannelWorld world = await OpenAsync();
        const string Parameters = """{"TableName":"orders","Item":{"id":{"S":"1"}},"ConditionExpression":"attribute_not_exists(id)"}""";
        TaskInvocation first = Invocations.OfService("aws-sdk:dynamodb", "putItem", Parameters);
        var target = new PutItemTarget(() => world.Tables, new TargetOptions(), world.Time);
        Assert.IsType<TaskAnswered>(await target.InvokeAsync(first, CancellationToken.None));
        Assert.IsType<TaskAnswered>(await target.InvokeAsync(first, CancellationToken.None));

        TaskRefused refused = Assert.IsType<TaskRefused>(await target.InvokeAsync(first with { IdempotencyKey = "another" }, CancellationToken.None));
        Assert.Equal("DynamoDb.ConditionalCheckFailedException", refused.Error);
        Assert.StartsWith("The conditional request failed (Service: DynamoDb, Status Code: 400, Request ID: ", refused.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_counter_that_is_updated_twice_by_one_attempt_counts_once()
    {
        await using ChannelWorld world = await OpenAsync();
        const string Parameters =
            """{"TableName":"orders","Key":{"id":{"S":"1"}},"UpdateExpression":"ADD n :one","ExpressionAttributeValues":{":one":{"N":"1"}},"ReturnValues":"UPDATED_NEW"}""";
        TaskInvocation once = Invocations.OfService("aws-sdk:dynamodb", "updateItem", Parameters);
        var target = new UpdateItemTarget(() => world.Tables, new TargetOptions(), world.Time);
        Assert.Equal(await target.InvokeAsync(once, CancellationToken.None), await target.InvokeAsync(once, CancellationToken.None));
        Assert.Equal("""{"Item":{"id":{"S":"1"},"n":{"N":"1"}}}""", await RunAsync(world, "getItem", """{"TableName":"orders","Key":{"id":{"S":"1"}}}"""));
    }

    [Theory]
    [InlineData("SET a = :v", "{\"id\":{\"S\":\"1\"},\"n\":{\"N\":\"5\"},\"l\":{\"L\":[{\"S\":\"x\"},{\"S\":\"y\"}]},\"m\":{\"M\":{\"k\":{\"S\":\"old\"}}},\"s\":{\"SS\":[\"a\",\"b\"]},\"a\":{\"N\":\"2\"}}")]
    [InlineData("SET n = n + :v", "n={\"N\":\"7\"}")]
    [InlineData("SET n = n - :v", "n={\"N\":\"3\"}")]
    [InlineData("SET #m.k = :v", "m={\"M\":{\"k\":{\"N\":\"2\"}}}")]
    [InlineData("SET l[1] = :v", "l={\"L\":[{\"S\":\"x\"},{\"N\":\"2\"}]}")]
    [InlineData("SET l[9] = :v", "l={\"L\":[{\"S\":\"x\"},{\"S\":\"y\"},{\"N\":\"2\"}]}")]
    [InlineData("SET n = if_not_exists(n, :v)", "n={\"N\":\"5\"}")]
    [InlineData("SET x = if_not_exists(x, :v)", "x={\"N\":\"2\"}")]
    [InlineData("SET l = list_append(:l, l)", "l={\"L\":[{\"BOOL\":true},{\"S\":\"x\"},{\"S\":\"y\"}]}")]
    [InlineData("REMOVE l[0], n", "l={\"L\":[{\"S\":\"y\"}]}")]
    [InlineData("REMOVE l[0], l[1]", "l={\"L\":[]}")]
    [InlineData("ADD n :v", "n={\"N\":\"7\"}")]
    [InlineData("ADD s :s", "s={\"SS\":[\"a\",\"b\",\"c\"]}")]
    [InlineData("DELETE s :s", "s={\"SS\":[\"a\"]}")]
    [InlineData("set n = :v remove l", "n={\"N\":\"2\"}")]
    public async Task An_update_changes_what_it_names(string expression, string expected)
    {
        await using ChannelWorld world = await OpenAsync();
        await PutSampleAsync(world);
        JsonObject values = JsonObject.Empty;
        foreach ((string name, string value) in ((string, string)[])[(":v", """{"N":"2"}"""), (":l", """{"L":[{"BOOL":true}]}"""), (":s", """{"SS":["b","c"]}""")])
        {
            values = System.Text.RegularExpressions.Regex.IsMatch(expression, name + "\\b") ? values.With(name, JsonValue.Parse(value)) : values;
        }

        string names = expression.Contains("#m", StringComparison.Ordinal) ? ""","ExpressionAttributeNames":{"#m":"m"}""" : "";
        string given = values.Count > 0 ? ",\"ExpressionAttributeValues\":" + values : "";
        string answer = await RunAsync(world, "updateItem", $$$"""{"TableName":"orders","Key":{"id":{"S":"1"}},"UpdateExpression":"{{{expression}}}","ReturnValues":"ALL_NEW"{{{names}}}{{{given}}} }""");

        JsonObject after = Assert.IsType<JsonObject>(Assert.IsType<JsonObject>(JsonValue.Parse(answer))["Attributes"]);
        string[] parts = expected.Split('=', 2);
        Assert.Equal(JsonValue.Parse(parts[^1]), parts.Length == 1 ? after : after[parts[0]]);
    }

    [Theory]
    [InlineData("n = :five", true)]
    [InlineData("n <> :five", false)]
    [InlineData("missing <> :five", true)]
    [InlineData("n BETWEEN :five AND :ten", true)]
    [InlineData("n IN (:ten, :five)", true)]
    [InlineData("n < :ten AND NOT n < :five", true)]
    [InlineData("n > :ten OR (n >= :five AND n <= :five)", true)]
    [InlineData("missing < :five", false)]
    [InlineData("attribute_exists(m.k) AND attribute_not_exists(m.z) AND n = :five", true)]
    [InlineData("attribute_type(n, :type)", true)]
    [InlineData("begins_with(id, :one)", true)]
    [InlineData("contains(s, :a)", true)]
    [InlineData("contains(l, :a)", false)]
    [InlineData("size(l) = :two", true)]
    public async Task A_condition_says_what_it_means(string condition, bool met)
    {
        await using ChannelWorld world = await OpenAsync();
        await PutSampleAsync(world);
        JsonObject values = JsonObject.Empty;
        foreach ((string name, string value) in ((string, string)[])[
            (":five", """{"N":"5.0"}"""), (":ten", """{"N":"1e1"}"""), (":two", """{"N":"2"}"""), (":type", """{"S":"N"}"""), (":one", """{"S":"1"}"""), (":a", """{"S":"a"}""")])
        {
            values = System.Text.RegularExpressions.Regex.IsMatch(condition, name + "\\b") ? values.With(name, JsonValue.Parse(value)) : values;
        }

        TaskOutcome outcome = await InvokeAsync(
            world,
            "aws-sdk:dynamodb",
            "deleteItem",
            $$$"""{"TableName":"orders","Key":{"id":{"S":"1"}},"ConditionExpression":"{{{condition}}}","ExpressionAttributeValues":{{{values}}} }""");

        Assert.Equal(met ? null : "DynamoDb.ConditionalCheckFailedException", (outcome as TaskRefused)?.Error);
    }

    [Theory]
    [InlineData("putItem", """{"TableName":"orders","Item":null}""", "1 validation error detected: Value null at 'item' failed to satisfy constraint: Member must not be null (Service: DynamoDb, Status Code: 400, Request ID: ")]
    [InlineData("putItem", """{"TableName":"orders","Item":{"x":{"S":"1"}}}""", "One or more parameter values were invalid: Missing the key id in the item (")]
    [InlineData("putItem", """{"TableName":"orders","Item":{"id":{"N":"1"}}}""", "One or more parameter values were invalid: Type mismatch for key id expected: S actual: N (")]
    [InlineData("putItem", """{"TableName":"orders","Item":{"id":{"S":"1"},"n":{"N":"x"}}}""", "The parameter cannot be converted to a numeric value: ")]
    [InlineData("putItem", """{"TableName":"orders","Item":{"id":{"S":"1"},"n":{"Z":"x"}}}""", "Supplied AttributeValue has the datatype Z")]
    [InlineData("putItem", """{"TableName":"orders","Item":{"id":{"S":"1"},"n":{"SS":["a","a"]}}}""", "One or more parameter values were invalid: ")]
    [InlineData("putItem", """{"TableName":"orders","Item":{"id":{"S":"1"}},"ReturnValues":"ALL_NEW"}""", "ReturnValues can only be NONE, ALL_OLD (")]
    [InlineData("getItem", """{"TableName":"orders","Key":{"id":{"S":"1"},"x":{"S":"1"}}}""", "The provided key element does not match the schema (")]
    [InlineData("putItem", """{"TableName":"orders","Item":{"id":{"S":"1"}},"ConditionExpression":"id = "}""", "Invalid ConditionExpression: Syntax error; token: \"<EOF>\", near: \"=\" (")]
    [InlineData("putItem", """{"TableName":"orders","Item":{"id":{"S":"1"}},"ConditionExpression":"id = :x"}""", "An expression attribute value used in expression is not defined; attribute value: :x (")]
    [InlineData("putItem", """{"TableName":"orders","Item":{"id":{"S":"1"}},"ExpressionAttributeNames":{"#a":"a"}}""", "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a} (")]
    [InlineData("updateItem", """{"TableName":"orders","Key":{"id":{"S":"1"}},"UpdateExpression":"SET id = id"}""", "One or more parameter values were invalid: Cannot update attribute id. This attribute is part of the key (")]
    [InlineData("updateItem", """{"TableName":"orders","Key":{"id":{"S":"1"}},"UpdateExpression":"SET a.b = id"}""", "The document path provided in the update expression is invalid for update (")]
    [InlineData("updateItem", """{"TableName":"orders","Key":{"id":{"S":"1"}},"UpdateExpression":"REMOVE a, a.b"}""", "Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; (")]
    [InlineData("updateItem", """{"TableName":"orders","Key":{"id":{"S":"1"}},"UpdateExpression":"REMOVE a REMOVE b"}""", "Invalid UpdateExpression: The \"REMOVE\" section can only be used once in an update expression; (")]
    public async Task What_is_not_valid_fails_as_at_AWS(string action, string parameters, string cause)
    {
        await using ChannelWorld world = await OpenAsync();
        TaskRefused refused = Assert.IsType<TaskRefused>(await InvokeAsync(world, "aws-sdk:dynamodb", action, parameters));
        Assert.Equal("DynamoDb.DynamoDbException", refused.Error);
        Assert.StartsWith(cause, refused.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_supported_is_refused_by_name()
    {
        await using ChannelWorld world = await OpenAsync();
        TaskRefused refused = Assert.IsType<TaskRefused>(
            await InvokeAsync(world, "dynamodb", "putItem", """{"TableName":"orders","Item":{"id":{"S":"1"}},"ReturnConsumedCapacity":"TOTAL"}"""));
        Assert.Equal("States.Runtime", refused.Error);
        Assert.Contains("'ReturnConsumedCapacity' is not supported.", refused.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tables_and_items_are_bounded_and_keys_of_two_parts_stay_apart()
    {
        await using ChannelWorld world = await ChannelWorld.OpenAsync(ServiceLimits.Default with { MaxTables = 1, MaxTableItems = 2 });
        var place = new TablePlace(Invocations.Tenant, "pairs");
        var id = new KeyAttribute("id", "S");
        Assert.True((await world.Tables.CreateAsync(place, id, new KeyAttribute("n", "N"), CancellationToken.None)).Succeeded);
        Assert.Equal(ErrorCodes.Conflict, (await world.Tables.CreateAsync(place, id, null, CancellationToken.None)).Error?.Code);
        Assert.Equal(ErrorCodes.TableLimitExceeded, (await world.Tables.CreateAsync(place with { Name = "more" }, id, null, CancellationToken.None)).Error?.Code);
        Assert.Equal(ErrorCodes.InvalidName, (await world.Tables.CreateAsync(place with { Name = "ab" }, id, null, CancellationToken.None)).Error?.Code);

        await RunAsync(world, "putItem", """{"TableName":"pairs","Item":{"id":{"S":"a"},"n":{"N":"1"}}}""");
        await RunAsync(world, "putItem", """{"TableName":"pairs","Item":{"id":{"S":"a"},"n":{"N":"1.0"},"x":{"BOOL":true}}}""");
        await RunAsync(world, "putItem", """{"TableName":"pairs","Item":{"id":{"S":"a"},"n":{"N":"11"}}}""");
        TaskRefused full = Assert.IsType<TaskRefused>(
            await InvokeAsync(world, "aws-sdk:dynamodb", "putItem", """{"TableName":"pairs","Item":{"id":{"S":"a"},"n":{"N":"12"}}}"""));
        Assert.Equal("DynamoDb.LimitExceededException", full.Error);
        Result<Page<JsonObject>> items = await world.Tables.ListItemsAsync(place, ListRequest.First, CancellationToken.None);
        Assert.Equal(2, items.Value?.Items.Count);
    }

    private static async Task<ChannelWorld> OpenAsync()
    {
        ChannelWorld world = await ChannelWorld.OpenAsync();
        Assert.True((await world.Tables.CreateAsync(new TablePlace(Invocations.Tenant, "orders"), new KeyAttribute("id", "S"), null, CancellationToken.None)).Succeeded);
        return world;
    }

    private Task<string> PutSampleAsync(ChannelWorld world) => RunAsync(
        world,
        "putItem",
        """{"TableName":"orders","Item":{"id":{"S":"1"},"n":{"N":"5"},"l":{"L":[{"S":"x"},{"S":"y"}]},"m":{"M":{"k":{"S":"old"}}},"s":{"SS":["a","b"]}}}""");

    private async Task<string> RunAsync(ChannelWorld world, string action, string parameters)
    {
        TaskOutcome outcome = await InvokeAsync(world, "aws-sdk:dynamodb", action, parameters);
        return outcome is TaskAnswered answered ? answered.Output.ToString() : throw new InvalidOperationException(((TaskRefused)outcome).Cause);
    }

    private async Task<TaskOutcome> InvokeAsync(ChannelWorld world, string service, string action, string parameters)
    {
        var options = new TargetOptions();
        ITaskTarget target = action switch
        {
            "getItem" => new GetItemTarget(() => world.Tables, options, world.Time),
            "putItem" => new PutItemTarget(() => world.Tables, options, world.Time),
            "updateItem" => new UpdateItemTarget(() => world.Tables, options, world.Time),
            _ => new DeleteItemTarget(() => world.Tables, options, world.Time),
        };
        return await target.InvokeAsync(Invocations.OfService(service, action, parameters) with { IdempotencyKey = $"attempt {_attempt++}" }, CancellationToken.None);
    }
}
