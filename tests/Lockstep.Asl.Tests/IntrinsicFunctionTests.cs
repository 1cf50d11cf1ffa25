using Lockstep.Asl.Compiled;
using Lockstep.Asl.Diagnostics;
using Lockstep.Asl.Evaluation;
using Lockstep.Json;
using Lockstep.TestKit;

namespace Lockstep.Asl.Tests;

/// <summary>All 18 intrinsic functions: a corpus of calls, the recordings, limits at the limit and one beyond it.</summary>
public sealed class IntrinsicFunctionTests(ITestOutputHelper output)
{
    private static readonly JsonValue Input = JsonValue.Parse(
        """
        {"name":"Ann","age":42,"template":"<{}>","object":{"a":1,"b":[true,null,"x"]},"numbers":[1,2,3,4,5,6,7,8,9],
         "jsonText":"{\"key\":\"value\"}","left":{"a":{"x":1},"b":1},"right":{"a":{"y":2},"c":3},"byName":{"a, b)":["found"]}}
        """);

    public static TheoryData<string> Calls => [.. CorpusFile.Read("intrinsics.json").Select(json => json.ToString())];

    [Theory]
    [MemberData(nameof(Calls))]
    public void A_call_gives_what_the_corpus_says(string text)
    {
        var json = (JsonObject)JsonValue.Parse(text);
        string call = json.Text("call");
        AslLoadResult loaded = Load(call);
        if (json["refused"] is JsonString refused)
        {
            Diagnostic diagnostic = Assert.Single(loaded.Diagnostics);
            Assert.Equal(DiagnosticCodes.InvalidExpression, diagnostic.Code);
            Assert.Contains(refused.Value, diagnostic.Detail, StringComparison.Ordinal);
            return;
        }

        Evaluated result = Evaluate(loaded, new TestScope(json["input"] ?? Input, Context()) { Variables = { ["variable"] = Variable() } });
        if (json["result"] is JsonValue expected)
        {
            Assert.Equal(expected.ToString(), result.Value?.ToString());
            return;
        }

        Assert.Equal(json.Text("error"), result.Error?.Name);
        if (json["cause"] is JsonString cause)
        {
            Assert.Equal(cause.Value, result.Error?.Cause);
        }
        else
        {
            Assert.StartsWith($"The function '{call}' had the following error: ", result.Error?.Cause, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Recorded_calls_give_the_recorded_output()
    {
        int count = 0;
        foreach (string file in Directory.EnumerateFiles(SharedData.Require("conformance/intrinsic_functions"), "*.json"))
        {
            var recording = (JsonObject)JsonValue.Parse(File.ReadAllText(file));
            AslLoadResult loaded = AslCompiler.Load(recording["definition"]?.ToString() ?? "");
            Assert.True(loaded.IsValid, string.Join('\n', loaded.Diagnostics));
            var pass = Assert.IsType<CompiledPass>(loaded.Machine.States[0]);
            Evaluated result = (pass.Output ?? pass.Parameters)?.Evaluate(new TestScope(recording["input"] ?? JsonNull.Instance)) ?? default;
            Assert.Equal(((JsonObject)recording["expected"]!)["output"], result.Value); // recordings always have an expectation
            count++;
        }

        output.WriteLine($"{count} recorded calls");
        Assert.True(count > 0);
    }

    [Theory]
    [InlineData("States.ArrayRange(1, 1000, 1)", 1_000, true)]
    [InlineData("States.ArrayRange(1, 1001, 1)", 1_000, false)]
    [InlineData("States.ArrayRange(1, 1001, 1)", 1_001, true)]
    [InlineData("States.ArrayRange(9, 1, -2)", 5, true)]
    [InlineData("States.ArrayRange(9, 1, -2)", 4, false)]
    [InlineData("States.ArrayRange(-2147483648, 2147483647, 1)", 1_000, false)]
    public void A_range_has_at_most_as_many_elements_as_the_scope_allows(string call, int limit, bool succeeds)
    {
        Evaluated result = Evaluate(Load(call), new TestScope(Input) { RangeLimit = limit });
        Assert.Equal(succeeds ? null : StatesErrorNames.IntrinsicFailure, result.Error?.Name);
    }

    [Theory]
    [InlineData("States.Base64Encode($.text)", 10_000, 10_000, true)]
    [InlineData("States.Base64Encode($.text)", 10_001, 10_000, false)]
    [InlineData("States.Base64Encode($.text)", 10_001, 10_001, true)]
    [InlineData("States.Base64Decode($.text)", 8, 8, true)]
    [InlineData("States.Base64Decode($.text)", 8, 7, false)]
    [InlineData("States.Hash($.text, 'SHA-512')", 10_000, 10_000, true)]
    [InlineData("States.Hash($.text, 'SHA-512')", 10_001, 10_000, false)]
    [InlineData("States.Hash($.text, 'SHA-512')", 10_001, 10_001, true)]
    public void Encoders_take_at_most_as_many_characters_as_the_scope_allows(string call, int length, int limit, bool succeeds)
    {
        JsonObject input = JsonObject.Of("text", JsonString.Of(new string('a', length)));
        Evaluated result = Evaluate(Load(call), new TestScope(input) { EncodingLimit = limit });
        Assert.Equal(succeeds ? null : StatesErrorNames.IntrinsicFailure, result.Error?.Name);
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(11, false)]
    public void Calls_nest_at_most_10_deep(int depth, bool isValid)
    {
        string call = string.Concat(Enumerable.Repeat("States.Array(", depth)) + new string(')', depth);
        AslLoadResult loaded = Load(call);
        Assert.Equal(isValid, loaded.IsValid);
        if (!isValid)
        {
            Assert.Equal(DiagnosticCodes.IntrinsicTooDeep, Assert.Single(loaded.Diagnostics).Code);
        }
    }

    [Theory]
    [InlineData("States.Format('{}', $.text)", 1_008, true)]
    [InlineData("States.Format('{}', $.text)", 1_009, false)]
    [InlineData("States.Format('{}{}', $.text, $.text)", 600, false)]
    [InlineData("States.JsonToString($.text)", 1_004, true)]
    [InlineData("States.JsonToString($.text)", 1_005, false)]
    public void Results_are_bounded_by_the_scope(string call, int length, bool succeeds)
    {
        JsonObject input = JsonObject.Of("text", JsonString.Of(new string('a', length)));
        Evaluated result = Evaluate(Load(call), new TestScope(input) { Limit = 1_010 });
        Assert.Equal(succeeds, result.Succeeded);
        Assert.Equal(succeeds ? null : StatesErrorNames.DataLimitExceeded, result.Error?.Name);
    }

    [Fact]
    public void A_template_of_many_calls_stops_at_the_limit()
    {
        string fields = string.Join(',', Enumerable.Range(0, 2_000).Select(i => $"\"f{i}.$\":\"States.Format('{{}}', $.text)\""));
        AslLoadResult loaded = AslCompiler.Load(
            """{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{FIELDS},"End":true}}}""".Replace("FIELDS", fields, StringComparison.Ordinal));
        JsonObject input = JsonObject.Of("text", JsonString.Of(new string('a', 200_000)));
        Assert.Equal(StatesErrorNames.DataLimitExceeded, ((CompiledPass)loaded.Machine!.States[0]).Parameters?.Evaluate(new TestScope(input)).Error?.Name);
    }

    [Theory]
    [InlineData("$..*")]
    [InlineData("$.list[?(@ == 'a')]")]
    [InlineData("States.JsonToString($.list)")]
    [InlineData("States.ArrayContains($.list, 'a')")]
    public void The_work_of_a_field_ends_exactly_at_the_limit(string expression)
    {
        AslLoadResult loaded = Load(expression);
        JsonObject input = JsonObject.Of("list", JsonArray.Of([.. Enumerable.Repeat<JsonValue>(JsonString.Of("12345678"), 999), JsonString.Of("a")]));
        var measured = new TestScope(input);
        Assert.True(Evaluate(loaded, measured).Succeeded);
        int work = (int)measured.WorkDone;

        Assert.True(work > 100, $"{work}");
        Assert.True(Evaluate(loaded, new TestScope(input) { WorkLimit = work }).Succeeded);
        Evaluated refused = Evaluate(loaded, new TestScope(input) { WorkLimit = work - 1 });
        Assert.Equal(StatesErrorNames.Runtime, refused.Error?.Name);
        Assert.Contains($"{work - 1}", refused.Error?.Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$..*", 100, true)]
    [InlineData("$..*", 1_100, false)]
    [InlineData("States.ArrayContains($.list, 5)", 100, true)]
    [InlineData("States.ArrayContains($.list, 5)", 1_600, false)]
    public void The_work_of_a_field_is_bounded(string expression, int fields, bool succeeds)
    {
        string template = string.Join(',', Enumerable.Range(0, fields).Select(i => $"\"f{i}.$\":\"{expression}\""));
        AslLoadResult loaded = AslCompiler.Load(
            """{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{FIELDS},"End":true}}}""".Replace("FIELDS", template, StringComparison.Ordinal));
        Assert.True(loaded.IsValid, string.Join('\n', loaded.Diagnostics));
        JsonObject input = JsonObject.Of("list", JsonArray.Of([.. Enumerable.Repeat<JsonValue>(JsonString.Of("12345678"), 10_000)]));
        Evaluated result = ((CompiledPass)loaded.Machine.States[0]).Parameters?.Evaluate(new TestScope(input)) ?? default;
        Assert.Equal(succeeds ? null : StatesErrorNames.Runtime, result.Error?.Name);
    }

    [Fact]
    public void Random_draws_repeat_with_the_scope()
    {
        AslLoadResult loaded = Load("States.Array(States.UUID(), States.MathRandom(0, 1000000), States.UUID())");
        var first = (JsonArray)Evaluate(loaded, new TestScope(Input)).Value!;
        Assert.Equal(first, Evaluate(loaded, new TestScope(Input)).Value);
        Assert.NotEqual(first[0], first[2]);
        Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", ((JsonString)first[0]).Value);
    }

    private static AslLoadResult Load(string call)
    {
        JsonObject parameters = JsonObject.Of("v.$", JsonString.Of(call));
        return AslCompiler.Load(
            """
            {"StartAt":"A","States":{
              "A":{"Type":"Pass","Parameters":PARAMETERS,"Next":"B"},
              "B":{"Type":"Pass","Assign":{"variable":1},"End":true}}}
            """.Replace("PARAMETERS", parameters.ToString(), StringComparison.Ordinal));
    }

    private static Evaluated Evaluate(AslLoadResult loaded, TestScope scope)
    {
        Assert.True(loaded.IsValid, string.Join('\n', loaded.Diagnostics));
        Evaluated result = ((CompiledPass)loaded.Machine.States[0]).Parameters?.Evaluate(scope) ?? default;
        return result.Succeeded ? Evaluated.Of(((JsonObject)result.Value)["v"] ?? JsonNull.Instance) : result;
    }

    private static JsonValue Context() => JsonValue.Parse("""{"Execution":{"Name":"run-1"}}""");

    private static JsonValue Variable() => JsonValue.Parse("""{"list":["first","second"]}""");
}
