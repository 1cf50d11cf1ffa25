using System.Diagnostics;
using Lockstep.Asl.Compiled;
using Lockstep.Asl.Evaluation;
using Lockstep.Json;

namespace Lockstep.Asl.Tests;

/// <summary>Indices are the same for the same text, defaults are filled in, and expressions see what they should.</summary>
public sealed class CompilerTests
{
    private const string Nested =
        """
        {"StartAt":"Two","States":{
          "One":{"Type":"Parallel","Branches":[
            {"StartAt":"B","States":{"A":{"Type":"Succeed"},"B":{"Type":"Pass","Next":"A"}}},
            {"StartAt":"C","States":{"C":{"Type":"Map","ItemProcessor":{"StartAt":"D","States":{"D":{"Type":"Pass","End":true}}},"End":true}}}],"Next":"Three"},
          "Two":{"Type":"Choice","Choices":[{"Variable":"$.a","IsPresent":true,"Next":"One"}],"Default":"Three"},
          "Three":{"Type":"Fail","Error":"E"}}}
        """;

    [Fact]
    public void States_are_numbered_group_by_group_in_the_order_of_the_text()
    {
        CompiledMachine machine = Compile(Nested);
        Assert.Equal(["One", "Two", "Three", "A", "B", "C", "D"], machine.States.Select(state => state.Name));
        Assert.Equal(Enumerable.Range(0, 7), machine.States.Select(state => state.Index));
        Assert.Equal([0, 0, 0, 1, 1, 2, 3], machine.States.Select(state => state.Scope));
        Assert.Equal(
            [new CompiledScope(0, 1, -1), new CompiledScope(1, 4, 0), new CompiledScope(2, 5, 0), new CompiledScope(3, 6, 5)], machine.Scopes);
        var parallel = Assert.IsType<CompiledParallel>(machine.States[0]);
        Assert.Equal([1, 2], parallel.Branches);
        Assert.Equal(2, parallel.NextState);
        Assert.Equal(3, Assert.IsType<CompiledMap>(machine.States[5]).Processor);
        var choice = Assert.IsType<CompiledChoice>(machine.States[1]);
        Assert.Equal(0, choice.Rules[0].NextState);
        Assert.Equal(2, choice.DefaultState);
        Assert.Equal(CompiledState.End, machine.States[3].NextState);
        Assert.Equal(3, machine.States[4].NextState);
    }

    [Fact]
    public void Retriers_have_the_defaults_of_the_specification()
    {
        CompiledMachine machine = Compile(
            """
            {"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:lambda:::function:f","End":true,
              "Retry":[{"ErrorEquals":["A","B"]},{"ErrorEquals":["States.ALL"],"IntervalSeconds":3,"MaxAttempts":0,"BackoffRate":1,"MaxDelaySeconds":9,"JitterStrategy":"FULL"}]}}}
            """);
        var task = Assert.IsType<CompiledTask>(machine.States[0]);
        Assert.Equal(["A", "B"], task.Retry[0].ErrorEquals);
        Assert.Equal((1, 3, 2.0, null, JitterStrategy.None), Values(task.Retry[0]));
        Assert.Equal((3, 0, 1.0, 9, JitterStrategy.Full), Values(task.Retry[1]));
    }

    [Theory]
    [InlineData("\"InputPath\":\"$.a.b\"", "1", null)]
    [InlineData("\"InputPath\":null", "{}", null)]
    [InlineData("\"InputPath\":\"$$.Execution\"", "{\"Id\":\"x\"}", null)]
    [InlineData("\"InputPath\":\"$.a.missing\"", null, "Invalid path '$.a.missing' : No results for path: $['a']['missing']")]
    [InlineData("\"InputPath\":\"$.missing.b.c\"", null, "Invalid path '$.missing.b.c' : Missing property in path $['missing']")]
    [InlineData("\"InputPath\":\"$.a.missing.c\"", null, "Invalid path '$.a.missing.c' : Missing property in path $['a']['missing']")]
    [InlineData("\"InputPath\":\"$.a.b.c.d\"", null, "Invalid path '$.a.b.c.d' : No results for path: $['a']['b']['c']['d']")]
    [InlineData("\"InputPath\":\"$.a[1]\"", null, "Invalid path '$.a[1]' : No results for path: $['a'][1]")]
    [InlineData("\"InputPath\":\"$$\"", "{\"Execution\":{\"Id\":\"x\"}}", null)]
    public void Input_paths_select(string field, string? expected, string? cause)
    {
        CompiledMachine machine = Compile(
            """{"StartAt":"A","States":{"A":{"Type":"Pass",FIELD,"End":true}}}""".Replace("FIELD", field, StringComparison.Ordinal));
        Evaluated result = machine.States[0].InputPath?.Evaluate(Scope()) ?? default;
        Assert.Equal(expected, result.Value?.ToString());
        Assert.Equal(cause, result.Error?.Cause);
        Assert.Equal(cause is null ? null : StatesErrorNames.Runtime, result.Error?.Name);
    }

    [Theory]
    [InlineData("$.a", "{\"v\":{\"b\":1}}", null)]
    [InlineData("$.x.y", null, "The JSONPath '$.x.y' specified for the field 'v.$' could not be found in the input '{\"a\":{\"b\":1},\"n\":\"7\",\"f\":1.5,\"t\":\"2030-01-01T00:00:00Z\"}'")]
    [InlineData("$$.Execution.Id", "{\"v\":\"x\"}", null)]
    [InlineData("$given", "{\"v\":[5]}", null)]
    [InlineData("$given[0]", "{\"v\":5}", null)]
    [InlineData("$given[1]", "{\"v\":null}", null)]
    [InlineData("States.Array($given[7])", "{\"v\":[null]}", null)]
    [InlineData("$later", null, "The variable '$later' used in the field 'v.$' has not been assigned a value")]
    public void Templates_replace_paths(string path, string? expected, string? cause)
    {
        CompiledMachine machine = Compile(
            """
            {"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"v.$":"PATH"},"Next":"B"},
              "B":{"Type":"Pass","Assign":{"given":1,"later":1},"End":true}}}
            """.Replace("PATH", path, StringComparison.Ordinal));
        Evaluated result = Assert.IsType<CompiledPass>(machine.States[0]).Parameters?.Evaluate(Scope()) ?? default;
        Assert.Equal(expected, result.Value?.ToString());
        Assert.Equal(cause, result.Error?.Cause);
    }

    [Theory]
    [InlineData("$.a.b", "1", null)]
    [InlineData("$.n", "7", null)]
    [InlineData("$.missing", null, "The SecondsPath parameter does not reference an input value: $.missing")]
    [InlineData("$.f", null, "The SecondsPath field refers to value \"1.5\" which is not a valid integer: $.f")]
    [InlineData("$.a", null, "The SecondsPath field refers to value \"{\"b\":1}\" which is not a valid integer: $.a")]
    public void Seconds_paths_select_integers(string path, string? expected, string? cause)
    {
        CompiledMachine machine = Compile(
            """{"StartAt":"A","States":{"A":{"Type":"Wait","SecondsPath":"PATH","End":true}}}""".Replace("PATH", path, StringComparison.Ordinal));
        Evaluated result = Assert.IsType<CompiledWait>(machine.States[0]).Seconds?.Evaluate(Scope()) ?? default;
        Assert.Equal(expected, result.Value?.ToString());
        Assert.Equal(cause, result.Error?.Cause);
    }

    [Theory]
    [InlineData("$.t", null)]
    [InlineData("$.n", "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: $.n == 7")]
    public void Timestamp_paths_select_timestamps(string path, string? cause)
    {
        CompiledMachine machine = Compile(
            """{"StartAt":"A","States":{"A":{"Type":"Wait","TimestampPath":"PATH","End":true}}}""".Replace("PATH", path, StringComparison.Ordinal));
        Evaluated result = Assert.IsType<CompiledWait>(machine.States[0]).Timestamp?.Evaluate(Scope()) ?? default;
        Assert.Equal(cause, result.Error?.Cause);
    }

    [Theory]
    [InlineData("", "Reference path \"$\" must point to array.")]
    [InlineData("\"ItemsPath\":\"$$.Execution.Id\",", "Reference path \"$.Execution.Id\" must point to array.")]
    [InlineData("\"ItemsPath\":\"$given\",", null)]
    public void Items_are_an_array(string field, string? cause)
    {
        CompiledMachine machine = Compile(
            """
            {"StartAt":"A","States":{"A":{"Type":"Map",FIELD"ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Succeed"}}},"Next":"B"},
              "B":{"Type":"Pass","Assign":{"given":1},"End":true}}}
            """.Replace("FIELD", field, StringComparison.Ordinal));
        Evaluated result = Assert.IsType<CompiledMap>(machine.States[0]).Items?.Evaluate(Scope()) ?? default;
        Assert.Equal(cause, result.Error?.Cause);
    }

    [Theory]
    [InlineData("2016-03-14T01:59:00Z", 1457920740, 0)]
    [InlineData("2016-03-14T01:59:00.5+02:00", 1457913540, 500_000_000)]
    [InlineData("1969-12-31T23:59:59.999999999999Z", -1, 999_999_999)]
    [InlineData("2024-02-29T00:00:00-00:30", 1709166600, 0)]
    public void Timestamps_are_read(string text, long seconds, int nanoseconds)
    {
        Assert.True(Rfc3339.TryParse(text, out Instant instant));
        Assert.Equal(new Instant(seconds, nanoseconds), instant);
    }

    [Theory]
    [InlineData("2016-03-14t01:59:00Z")]
    [InlineData("2016-03-14T01:59:00z")]
    [InlineData("2016-03-14T01:59:00")]
    [InlineData("2016-03-14 01:59:00Z")]
    [InlineData("2016-03-14T01:59Z")]
    [InlineData("2016-03-14T01:59:00.Z")]
    [InlineData("2023-02-29T00:00:00Z")]
    [InlineData("2016-13-01T00:00:00Z")]
    [InlineData("2016-03-14T24:00:00Z")]
    [InlineData("2016-03-14T01:59:00+0200")]
    [InlineData("2016-03-14T01:59:00Z ")]
    [InlineData("")]
    public void Other_timestamps_are_refused(string text) => Assert.False(Rfc3339.TryParse(text, out _));

    private static (long Interval, long Attempts, double Rate, long? MaxDelay, JitterStrategy Jitter) Values(Retrier retrier) =>
        (retrier.IntervalSeconds, retrier.MaxAttempts, retrier.BackoffRate, retrier.MaxDelaySeconds, retrier.Jitter);

    private static TestScope Scope() => new(
        JsonValue.Parse("""{"a":{"b":1},"n":"7","f":1.5,"t":"2030-01-01T00:00:00Z"}"""), JsonValue.Parse("""{"Execution":{"Id":"x"}}"""))
    {
        Variables = { ["given"] = JsonValue.Parse("[5]") },
    };

    private static CompiledMachine Compile(string definition)
    {
        AslLoadResult result = AslCompiler.Load(definition);
        Assert.True(result.IsValid, string.Join('\n', result.Diagnostics));
        return result.Machine ?? throw new UnreachableException();
    }
}
