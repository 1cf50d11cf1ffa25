using Lockstep.Engine.Testing;
using Lockstep.Engine.Testing.Mocks;
using Lockstep.Json;

namespace Lockstep.Engine.Tests.Testing;

/// <summary>What the test of a Map state shows of items, batches and the failures it puts up with.</summary>
public sealed class MapTestTests
{
    private const string Processor = """
        "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"T",
          "States":{"T":{"Type":"Task","Resource":"arn:aws:lambda:local:1:function:f","End":true}}}
        """;

    [Fact]
    public void ShowsWhatIterationsWouldGet()
    {
        const string Definition = $$"""
            {"Type":"Map","ItemsPath":"$.items","ItemSelector":{"n.$":"$$.Map.Item.Value","i.$":"$$.Map.Item.Index"},"MaxConcurrency":2,
             "ItemBatcher":{"MaxItemsPerBatch":2,"BatchInput":{"of.$":"$.of"} },"ToleratedFailureCountPath":"$.most","End":true,{{Processor}} }
            """;
        JsonObject data = Inspected(Definition, """{"items":[7,8,9],"of":"us","most":1}""", null);
        Assert.Equal(JsonValue.Parse("[7,8,9]"), data["afterItemsPath"]);
        Assert.Equal(JsonValue.Parse("""[{"n":7,"i":0},{"n":8,"i":1},{"n":9,"i":2}]"""), data["afterItemSelector"]);
        Assert.Equal(
            JsonValue.Parse("""
                [{"BatchInput":{"of":"us"},"Items":[{"n":7,"i":0},{"n":8,"i":1}]},{"BatchInput":{"of":"us"},"Items":[{"n":9,"i":2}]}]
                """),
            data["afterItemBatcher"]);
        Assert.Equal((JsonNumber.Of(2), JsonNumber.Of(1)), (data["maxConcurrency"], data["toleratedFailureCount"]));
        Assert.Null(data["toleratedFailurePercentage"]);
    }

    [Fact]
    public void ShowsTheMembersOfAnObjectAndWhereItemsComeFrom()
    {
        const string Definition = $$"""{"Type":"Map","ItemsPath":"$.items","ItemSelector":{"m.$":"$$.Map.Item"},"End":true,{{Processor}} }""";
        JsonObject data = Inspected(Definition, """{"items":{"b":1,"a":2}}""", null);
        Assert.Equal(JsonValue.Parse("""{"b":1,"a":2}"""), data["afterItemsPath"]);
        Assert.Equal(
            JsonValue.Parse("""
                [{"m":{"Index":0,"Key":"b","Value":1,"Source":"STATE_DATA"}},{"m":{"Index":1,"Key":"a","Value":2,"Source":"STATE_DATA"}}]
                """),
            data["afterItemSelector"]);
        const string Read = $$"""
            {"Type":"Map","ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Parameters":{"Bucket":"bu","Key":"d/k"},"ReaderConfig":{"InputType":"JSON","ItemsPointer":"/x"} },
             "ItemSelector":{"m.$":"$$.Map.Item"},"End":true,{{Processor}} }
            """;
        data = Inspected(Read, "{}", """{"x":{"b":1}}""");
        Assert.Equal(JsonValue.Parse("""{"b":1}"""), data["afterItemsPointer"]);
        Assert.Equal(JsonValue.Parse("""[{"m":{"Index":0,"Key":"b","Value":1,"Source":"S3://bu/d/k"}}]"""), data["afterItemSelector"]);
    }

    [Theory]
    [InlineData("""{"InputType":"JSON"}""", "[1,2]", "[1,2]")]
    [InlineData("""{"InputType":"JSON","ItemsPointer":"/a/1"}""", """{"a":[0,[3,4]]}""", "[3,4]")]
    [InlineData("""{"InputType":"JSON","MaxItems":1}""", "[1,2]", "[1]")]
    [InlineData("""{"InputType":"JSONL"}""", "{\"a\":1}\r\n\n2\n", """[{"a":1},2]""")]
    [InlineData("""{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"}""", "a,b\n1,\"x,\"\"y\"\n2", """[{"a":"1","b":"x,\"y"},{"a":"2","b":""}]""")]
    [InlineData("""{"InputType":"CSV","CSVHeaderLocation":"GIVEN","CSVHeaders":["p","q"],"CSVDelimiter":"TAB"}""", "1\t2", """[{"p":"1","q":"2"}]""")]
    public void ReadsTheDataOfAnItemReader(string config, string data, string items)
    {
        string definition = $$"""
            {"Type":"Map","ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Parameters":{"Bucket":"b","Key":"k"},"ReaderConfig":{{config}}},
             "ItemSelector":{"v.$":"$$.Map.Item.Value"},"End":true,{{Processor}} }
            """;
        JsonObject inspected = Inspected(definition, "{}", data);
        Assert.Equal(
            (JsonArray)JsonValue.Parse(items), JsonArray.Of([.. ((JsonArray?)inspected["afterItemSelector"] ?? JsonArray.Empty).Select(i => ((JsonObject)i)["v"] ?? i)]));
        Assert.Equal(config.Contains("Pointer", StringComparison.Ordinal), inspected["afterItemsPointer"] is not null);
    }

    [Theory]
    [InlineData("""{"InputType":"JSON"}""", "{")]
    [InlineData("""{"InputType":"JSON"}""", "5")]
    [InlineData("""{"InputType":"JSON","ItemsPointer":"/b"}""", """{"a":[]}""")]
    [InlineData("""{"InputType":"JSONL"}""", "1\n{")]
    [InlineData("""{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"}""", "a\n1,2")]
    [InlineData("""{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"}""", "a\n\"1")]
    public void FailsOnDataThatTheItemReaderCannotRead(string config, string data)
    {
        string definition = $$"""
            {"Type":"Map","ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Parameters":{"Bucket":"b","Key":"k"},"ReaderConfig":{{config}}},"End":true,{{Processor}} }
            """;
        StateTestSetup setup = Tested.Setup() with { Mock = new MockedResult(JsonArray.Empty), MapItemReaderData = data };
        Assert.Equal(JsonString.Of("States.ItemReaderFailed"), Tested.Report(definition, setup)["error"]);
    }

    [Theory]
    [InlineData("", 0, "SUCCEEDED")]
    [InlineData("", 1, "FAILED")]
    [InlineData("\"ToleratedFailureCount\":2,", 2, "SUCCEEDED")]
    [InlineData("\"ToleratedFailureCount\":2,", 3, "FAILED")]
    [InlineData("\"ToleratedFailurePercentage\":50,", 2, "SUCCEEDED")]
    [InlineData("\"ToleratedFailurePercentage\":50,", 3, "FAILED")]
    [InlineData("\"ToleratedFailureCount\":4,\"ToleratedFailurePercentage\":50,", 3, "FAILED")]
    public void CountsFailuresAgainstWhatTheMapPutsUpWith(string tolerance, int failures, string status)
    {
        string definition = $$"""{"Type":"Map",{{tolerance}}"End":true,{{Processor}} }""";
        StateTestSetup setup = Tested.Setup("[1,2,3,4]") with
        {
            Mock = new MockedResult(JsonValue.Parse("[1,2]")),
            MapIterationFailureCount = failures,
        };
        JsonObject report = Tested.Report(definition, setup);
        Assert.Equal(JsonString.Of(status), report["status"]);
        Assert.Equal(status == "FAILED" ? JsonString.Of("States.ExceedToleratedFailureThreshold") : null, report["error"]);
    }

    [Theory]
    [InlineData("T", "CAUGHT_ERROR")]
    [InlineData(null, "FAILED")]
    public void MatchesAnErrorOfATaskInsideAsOne(string? cause, string status)
    {
        const string Definition = $$"""
            {"Type":"Map","End":true,"Catch":[{"ErrorEquals":["States.TaskFailed"],"Next":"C"}],{{Processor}} }
            """;
        StateTestSetup setup = Tested.Setup("[1]") with { Mock = new MockedError("E", "c"), ErrorCausedByState = cause };
        Assert.Equal(JsonString.Of(status), Tested.Report(Definition, setup)["status"]);
    }

    private static JsonObject Inspected(string definition, string input, string? data)
    {
        StateTestSetup setup = Tested.Setup(input) with { Mock = new MockedResult(JsonArray.Empty), MapItemReaderData = data };
        return Assert.IsType<JsonObject>(Tested.Report(definition, setup)["inspectionData"]);
    }
}
