using Lockstep.Asl.Compiled;
using Lockstep.Asl.Diagnostics;
using Lockstep.Asl.Evaluation;
using Lockstep.Json;

namespace Lockstep.Asl.Tests;

/// <summary>JSONata states: where expressions stand, what they see, what their fields take, and how they fail.</summary>
public sealed class JsonataTests
{
    private const string Input = """{"a":{"b":[1,2]},"n":"7","f":1.5,"t":"2030-01-01T00:00:00Z"}""";

    [Theory]
    [InlineData("\"{% $states.input.a.b %}\"", "[1,2]")]
    [InlineData("\"{%$states.input.n%}\"", "\"7\"")]
    [InlineData("\" {% $states.input.n %}\"", "\" {% $states.input.n %}\"")]
    [InlineData("\"{% $states.input.n %} \"", "\"{% $states.input.n %} \"")]
    [InlineData("\"{% $states.input.n\"", "\"{% $states.input.n\"")]
    [InlineData("\"{%}\"", "\"{%}\"")]
    [InlineData("{\"x\":[{\"y.$\":\"{% $states.input.f + 1 %}\"},\"$.a\"],\"z\":null}", "{\"x\":[{\"y.$\":2.5},\"$.a\"],\"z\":null}")]
    [InlineData("\"{% $states.context.Execution.Id %}\"", "\"x\"")]
    [InlineData("\"{% $given[0] %}\"", "5")]
    [InlineData("\"{% $keys($states) %}\"", "[\"input\",\"context\"]")]
    [InlineData("\"{% $exists($undeclared) %}\"", "false")]
    [InlineData("\"{% $now() %}\"", "\"1970-01-02T00:00:00.000Z\"")]
    [InlineData("\"{% $millis() %}\"", "86400000")]
    [InlineData("null", "null")]
    public void Strings_between_marks_are_evaluated_and_others_are_not(string output, string expected)
    {
        Evaluated result = Pass(output).Output?.Evaluate(Scope()) ?? default;

        Assert.Null(result.Error);
        Assert.Equal(expected, result.Value?.ToString());
    }

    [Theory]
    [InlineData("{% $states.input.missing %}", "Output", "returned nothing (undefined).")]
    [InlineData("{% $sum %}", "Output", "returned an unsupported result type.")]
    [InlineData("{% function($x){$x} %}", "Output", "returned an unsupported result type.")]
    public void What_gives_no_value_fails(string text, string location, string what)
    {
        Evaluated result = Pass($"\"{text}\"").Output?.Evaluate(Scope()) ?? default;

        Assert.Equal(StatesErrorNames.QueryEvaluationError, result.Error?.Name);
        Assert.Equal(location, result.Error?.Location);
        Assert.Equal($"The JSONata expression '{text[3..^3]}' specified for the field '{location}' {what}", result.Error?.Cause);
    }

    [Theory]
    [InlineData("{\"error\":\"{% $stateError %}\"}", "Output/error")]
    [InlineData("{\"a\":{\"b\":[[1,\"{% $states.input.x %}\"]]}}", "Output/a/b[0][1]")]
    public void A_failure_names_its_place(string output, string location) =>
        Assert.Equal(location, (Pass(output).Output?.Evaluate(Scope()) ?? default).Error?.Location);

    [Fact]
    public void A_failing_expression_is_quoted_with_code_and_reason()
    {
        Evaluated result = Pass("\"{% $abs('x') %}\"").Output?.Evaluate(Scope()) ?? default;

        Assert.StartsWith(
            "The JSONata expression '$abs('x')' specified for the field 'Output' threw an error during evaluation. T0410: ",
            result.Error?.Cause,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("($f := function($x){ $f($x + 1) }; $f(1))")]
    [InlineData("$sum([1..1000000])")]
    public void An_expression_without_end_runs_out_of_fuel(string text)
    {
        Evaluated result = Pass($"\"{{% {text} %}}\"").Output?.Evaluate(Scope()) ?? default;

        Assert.Equal(StatesErrorNames.QueryEvaluationError, result.Error?.Name);
        Assert.StartsWith(
            $"The JSONata expression '{text}' specified for the field 'Output' threw an error during evaluation: ", result.Error?.Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(48, true)]
    [InlineData(47, false)]
    public void A_result_may_be_as_large_as_a_payload(int limit, bool fits)
    {
        var scope = new TestScope(JsonValue.Parse(Input)) { Limit = limit };
        Evaluated result = Pass("\"{% $pad('', 46, 'x') %}\"").Output?.Evaluate(scope) ?? default;

        Assert.Equal(fits, result.Succeeded);
        Assert.Equal(fits ? null : StatesErrorNames.DataLimitExceeded, result.Error?.Name);
    }

    [Theory]
    [InlineData("\"Seconds\":\"{% 5 %}\"", "5", null)]
    [InlineData("\"Seconds\":\"{% $states.input.n %}\"", null, "returned an unexpected result type. Expected 'number', but was 'string' for value: \"7\"")]
    [InlineData("\"Seconds\":\"{% -1 %}\"", null, "returned an unexpected value. Expected a whole number between 0 and 99999999, but was: -1")]
    [InlineData("\"Seconds\":\"{% 1.5 %}\"", null, "returned an unexpected value. Expected a whole number between 0 and 99999999, but was: 1.5")]
    [InlineData("\"Seconds\":7", "7", null)]
    [InlineData("\"Timestamp\":\"{% $states.input.t %}\"", "\"2030-01-01T00:00:00Z\"", null)]
    [InlineData("\"Timestamp\":\"{% 'soon' %}\"", null, "returned an unexpected value. Expected a timestamp as in RFC 3339, such as 2030-01-31T17:30:00Z, but was: \"soon\"")]
    public void Wait_checks_what_its_expressions_give(string field, string? expected, string? what)
    {
        CompiledState state = Compile("""{"StartAt":"A","QueryLanguage":"JSONata","States":{"A":{"Type":"Wait",FIELD_,"End":true}}}""".Replace("FIELD_", field, StringComparison.Ordinal)).States[0];
        var wait = Assert.IsType<CompiledWait>(state);
        Evaluated result = (wait.Seconds ?? wait.Timestamp)?.Evaluate(Scope()) ?? default;

        Assert.Equal(expected, result.Value?.ToString());
        if (what is not null)
        {
            Assert.EndsWith(what, result.Error?.Cause, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Conditions_are_booleans_and_named_by_their_rule()
    {
        var choice = Assert.IsType<CompiledChoice>(Compile(
            """
            {"StartAt":"A","QueryLanguage":"JSONata","States":{"A":{"Type":"Choice","Choices":[
              {"Condition":"{% $states.input.n = '7' %}","Next":"B"},{"Condition":"{% $states.input.n %}","Next":"B"},{"Condition":false,"Next":"B"}]},"B":{"Type":"Succeed"}}}
            """).States[0]);

        Assert.Equal(new ConditionResult(true, null), choice.Rules[0].Condition.Evaluate(Scope()));
        Assert.Equal("Choices[1]/Condition", choice.Rules[1].Condition.Evaluate(Scope()).Error?.Location);
        Assert.Equal(new ConditionResult(false, null), choice.Rules[2].Condition.Evaluate(Scope()));
    }

    [Fact]
    public void The_language_of_a_state_is_its_own_else_the_machines_and_never_that_of_the_state_around_it()
    {
        CompiledMachine machine = Compile(
            """
            {"StartAt":"M","States":{
              "M":{"Type":"Map","QueryLanguage":"JSONata","Items":[1,"{% 2 %}"],"ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","InputPath":"$","End":true}}},"Next":"Q"},
              "Q":{"Type":"Parallel","Branches":[{"StartAt":"R","States":{"R":{"Type":"Pass","QueryLanguage":"JSONata","Output":1,"End":true}}}],"End":true}}}
            """);

        Assert.Equal(
            [("M", QueryLanguage.Jsonata), ("Q", QueryLanguage.JsonPath), ("P", QueryLanguage.JsonPath), ("R", QueryLanguage.Jsonata)],
            machine.States.Select(state => (state.Name, state.QueryLanguage)));
        Assert.Equal("[1,2]", (Assert.IsType<CompiledMap>(machine.States[0]).Items?.Evaluate(Scope()) ?? default).Value?.ToString());
    }

    [Theory]
    [InlineData("\"Output\":1", "The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage", "JSONPath")]
    [InlineData("\"InputPath\":\"$\"", "The QueryLanguage is set to 'JSONata', but field 'InputPath' is only supported for the 'JSONPath' QueryLanguage", "JSONata")]
    [InlineData("\"Arguments\":1", "Field 'Arguments' is not supported", "JSONata")]
    [InlineData("\"QueryLanguage\":\"JSONPath\"", "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine", "JSONata")]
    public void Fields_of_the_other_language_are_refused_in_the_words_of_Step_Functions(string field, string message, string language)
    {
        AslParseResult result = AslParser.Parse(
            """{"StartAt":"A","QueryLanguage":"LANGUAGE_","States":{"A":{"Type":"Pass",FIELD_,"End":true}}}""".Replace("LANGUAGE_", language, StringComparison.Ordinal).Replace("FIELD_", field, StringComparison.Ordinal));
        Diagnostic only = Assert.Single(result.Diagnostics);

        Assert.Equal(("SCHEMA_VALIDATION_FAILED", message, "/States/A"), (only.ServiceCode, only.Message, only.ServiceLocation));
    }

    [Theory]
    [InlineData("phone", "phone", 18)]
    [InlineData("1 + phone", "phone", 22)]
    [InlineData("$sum(phone.number)", "phone", 23)]
    [InlineData("$$.x", "$$", 15)]
    [InlineData("$states.input.($$.x)", "$$", 30)]
    public void There_is_no_document_to_read(string text, string name, int column)
    {
        AslParseResult result = AslParser.Parse("""
            {"StartAt":"A","States":{"A":{"Type":"Pass","QueryLanguage":"JSONata","End":true,"Output":{
            "v":"{% TEXT_ %}"}}}}
            """.Replace("TEXT_", text, StringComparison.Ordinal));
        Diagnostic only = Assert.Single(result.Diagnostics);

        Assert.Equal("UNSUPPORTED_JSONATA_EXPRESSION", only.ServiceCode);
        Assert.Equal($"Reference to '{name}' at the top level is not supported.", only.Message);
        Assert.Equal(("/States/A/Output/v", "/States/A/Output/v", 2), (only.Pointer, only.ServiceLocation, only.Line));
        Assert.InRange(only.Column, column - 6, column);
    }

    [Theory]
    [InlineData("($x := $a; $b := $x; $b + $b)", "a")]
    [InlineData("$map($list, function($v, $i){ $v + $i + $k })", "k,list")]
    [InlineData("$states.input.items[price > $least].(name & $suffix)", "least,suffix")]
    [InlineData("($f := function($n){ $n = 0 ? 1 : $n * $f($n - 1) }; $f($n))", "n")]
    [InlineData("$states.input.orders@$o.lines#$i.($o.id & $i & $z)", "z")]
    [InlineData("$count($states.input) + $uuid()", "")]
    [InlineData("$average + $max($states.input)", "average")]
    public void Variables_that_an_expression_does_not_bind_are_references(string text, string expected)
    {
        AslParseResult result = AslParser.Parse(
            """
            {"StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"a":1,"k":1,"list":[1],"average":1,"least":1,"suffix":1,"x":1,"n":1,"z":1},"Next":"B"},
              "B":{"Type":"Pass","QueryLanguage":"JSONata","Output":"{% TEXT_ %}","End":true}}}
            """.Replace("TEXT_", text, StringComparison.Ordinal));

        Assert.Empty(result.Diagnostics);
        string found = string.Join(',', result.Definition?.GetVariableReferences().GetValueOrDefault("B", []) ?? []);
        Assert.Equal(expected, found);
    }

    [Theory]
    [InlineData("\"Arguments\":\"{% $states.result %}\"", "result", "/States/A/Arguments")]
    [InlineData("\"Output\":{\"a\":[\"{% $states.errorOutput.Error %}\"]}", "errorOutput", "/States/A/Output/a/0")]
    [InlineData("\"TimeoutSeconds\":\"{% $states.result %}\"", "result", "/States/A/TimeoutSeconds")]
    [InlineData("\"Catch\":[{\"ErrorEquals\":[\"E\"],\"Output\":\"{% $states.result %}\",\"Next\":\"B\"}]", "result", "/States/A/Catch/0/Output")]
    [InlineData("\"Assign\":{\"x\":\"{% $states.result & $states.input %}\"}", null, null)]
    [InlineData("\"Output\":\"{% $states %}\"", null, null)]
    [InlineData("\"Catch\":[{\"ErrorEquals\":[\"E\"],\"Assign\":{\"x\":\"{% $states.errorOutput %}\"},\"Next\":\"B\"}]", null, null)]
    public void Members_of_states_are_refused_where_they_are_not(string field, string? member, string? pointer)
    {
        AslParseResult result = AslParser.Parse(
            """
            {"StartAt":"A","QueryLanguage":"JSONata","States":{"A":{"Type":"Task","Resource":"arn:aws:lambda:::function:f",FIELD_,"Next":"B"},"B":{"Type":"Succeed"}}}
            """.Replace("FIELD_", field, StringComparison.Ordinal));

        Assert.Equal(member is null, result.IsValid);
        if (member is not null)
        {
            Diagnostic only = Assert.Single(result.Diagnostics);
            Assert.Equal((DiagnosticCodes.UnsupportedJsonataExpression, pointer), (only.Code, only.Pointer));
            Assert.StartsWith($"Reference to '$states.{member}' is not supported here.", only.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_variable_that_nothing_assigns_is_a_warning_because_it_reads_as_nothing()
    {
        AslParseResult result = AslParser.Parse(
            """{"StartAt":"A","QueryLanguage":"JSONata","States":{"A":{"Type":"Pass","Output":"{% $stateError %}","End":true}}}""");

        Diagnostic only = Assert.Single(result.Diagnostics);
        Assert.Equal((DiagnosticCodes.VariableNotAssigned, DiagnosticSeverity.Warning), (only.Code, only.Severity));
        Assert.True(result.IsValid);
    }

    private static CompiledPass Pass(string output) => Assert.IsType<CompiledPass>(Compile(
        """{"StartAt":"A","QueryLanguage":"JSONata","States":{"A":{"Type":"Pass","Assign":{"given":1},"Output":OUTPUT_,"End":true}}}""".Replace("OUTPUT_", output, StringComparison.Ordinal)).States[0]);

    private static CompiledMachine Compile(string definition)
    {
        AslLoadResult result = AslCompiler.Load(definition);
        Assert.True(result.IsValid, string.Join('\n', result.Diagnostics));
        return result.Machine;
    }

    private static TestScope Scope()
    {
        var scope = new TestScope(JsonValue.Parse(Input), JsonValue.Parse("""{"Execution":{"Id":"x"}}"""));
        scope.Variables.Add("given", JsonValue.Parse("[5]"));
        return scope;
    }
}
