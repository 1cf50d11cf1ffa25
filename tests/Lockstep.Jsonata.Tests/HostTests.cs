using Lockstep.Json;

namespace Lockstep.Jsonata.Tests;

/// <summary>What a host relies on: bindings, references, determinism, threads.</summary>
public sealed class HostTests
{
    [Fact]
    public void Nothing_is_not_null()
    {
        Assert.Null(JsonataExpression.Compile("missing").Evaluate(JsonObject.Empty));
        Assert.Same(JsonNull.Instance, JsonataExpression.Compile("null").Evaluate(JsonObject.Empty));
    }

    [Fact]
    public void Bindings_hide_functions_and_assignments_hide_bindings()
    {
        JsonObject bindings = JsonObject.Of("sum", JsonNumber.Of(3L)).With("x", JsonNumber.Of(1L));
        Assert.Equal("3", JsonataExpression.Compile("$sum").Evaluate(null, bindings)?.ToString());
        Assert.Equal("[1,2]", JsonataExpression.Compile("($y := $x; $x := 2; [$y, $x])").Evaluate(null, bindings)?.ToString());
    }

    [Fact]
    public void References_tell_what_the_host_has_to_know()
    {
        JsonataExpression expression = JsonataExpression.Compile(
            "($local := $states.input.order[0].id; $f := function($p){ $p & $other & $local }; $map($states.result, $f) & $later) & $local");

        Assert.Equal(
            ["states:True:input.order.id", "p:False:", "other:True:", "local:False:", "map:True:", "states:True:result", "f:False:", "later:True:", "local:True:"],
            expression.References.Select(reference => $"{reference.Name}:{reference.IsFree}:{string.Join('.', reference.Fields)}"));
        Assert.True(expression.References.Single(reference => reference.Name == "map").IsFunction);
        Assert.All(expression.References, reference =>
            Assert.EndsWith("$" + reference.Name, expression.Text[..reference.Position], StringComparison.Ordinal));
    }

    [Fact]
    public void Same_context_gives_the_same_result()
    {
        JsonataExpression expression = JsonataExpression.Compile(
            "[$random(), $random(), $uuid(), $now(), $millis()]", new JsonataOptions { Functions = JsonataFunctionSet.Asl });
        string Run(ulong seed) => expression.Evaluate(null, context: new JsonataContext(1_700_000_000_000, seed))?.ToString() ?? "";

        Assert.Equal(Run(1), Run(1));
        Assert.NotEqual(Run(1), Run(2));
        Assert.EndsWith("\"2023-11-14T22:13:20.000Z\",1700000000000]", Run(1), StringComparison.Ordinal);
    }

    [Fact]
    public void Several_evaluations_share_the_fuel_of_their_context()
    {
        JsonataExpression expression = JsonataExpression.Compile("[1..100]");
        var context = new JsonataContext(0, () => 0, fuel: new Fuel(700));
        expression.Evaluate(null, context: context);
        long once = 700 - context.Fuel.Left;
        expression.Evaluate(null, context: context);
        Assert.Equal(700 - 2 * once, context.Fuel.Left);
        JsonataException error = Assert.Throws<JsonataException>(() => expression.Evaluate(null, context: context));
        Assert.Equal(JsonataErrorCodes.FuelExhausted, error.Code);
    }

    [Fact]
    public void Many_threads_share_one_expression()
    {
        JsonataExpression expression = JsonataExpression.Compile("$sum(a.b[c > $min].c)");
        JsonValue[] inputs = [.. Enumerable.Range(0, 64).Select(i => JsonValue.Parse($$$"""{"x{{{i % 3}}}":0,"a":[{"b":{"c":{{{i}}} }},{"b":[{"c":{{{i}}} },{"c":1}]}]}"""))];
        Parallel.For(0, 2_000, i =>
        {
            int n = i % 64;
            string? expected = n > 1 ? (2 * n).ToString(System.Globalization.CultureInfo.InvariantCulture) : null;
            Assert.Equal(expected, expression.Evaluate(inputs[n], JsonObject.Of("min", JsonNumber.Of(1L)))?.ToString());
        });
    }

    [Theory]
    [InlineData("$partition([1, 2, 3], 2)", "[[1,2],[3]]")]
    [InlineData("$range(0, 10, 5)", "[0,5,10]")]
    [InlineData("$range(3, 1, -1)", "[3,2,1]")]
    [InlineData("$hash('a', 'SHA-256')", "\"ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb\"")]
    [InlineData("$parse('{\"a\": [1]}').a", "[1]")]
    [InlineData("$random(5) = $random(5)", "true")]
    [InlineData("$random() < 1", "true")]
    [InlineData("$length($uuid())", "36")]
    [InlineData("$exists($eval)", "false")]
    public void States_have_functions_of_their_own(string expression, string expected) =>
        Assert.Equal(expected, Evaluated.Text(expression, functions: JsonataFunctionSet.Asl));

    [Theory]
    [InlineData("$partition([1], 0)")]
    [InlineData("$range(0, 1000, 1)")]
    [InlineData("$range(0, 1, 0)")]
    [InlineData("$hash('a', 'MD4')")]
    [InlineData("$parse('{')")]
    public void Functions_of_states_refuse_what_means_nothing(string expression) =>
        Assert.Equal(JsonataErrorCodes.ArgumentRefused, Evaluated.Error(expression, functions: JsonataFunctionSet.Asl).Code);
}
