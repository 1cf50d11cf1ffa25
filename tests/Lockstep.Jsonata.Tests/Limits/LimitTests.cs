using Lockstep.Json;

namespace Lockstep.Jsonata.Tests.Limits;

/// <summary>Each limit on both sides, and hostile expressions, which end with an error and not with time or memory.</summary>
public sealed class LimitTests
{
    [Fact]
    public void Fuel_is_enough_or_not()
    {
        JsonataExpression expression = JsonataExpression.Compile("$sum([1..50].($ * 2)) & 'x'");
        var measured = new JsonataContext();
        expression.Evaluate(null, context: measured);
        long cost = JsonataLimits.Default.MaxFuel - measured.Fuel.Left;

        Assert.Equal("\"2550x\"", expression.Evaluate(null, context: new JsonataContext(limits: new JsonataLimits { MaxFuel = cost }))?.ToString());
        Assert.Equal(JsonataErrorCodes.FuelExhausted, Refusal(expression, new JsonataLimits { MaxFuel = cost - 1 }));
    }

    [Fact]
    public void Depth_is_enough_or_not()
    {
        JsonataExpression expression = JsonataExpression.Compile("($f := function($n){ $n = 0 ? 0 : 1 + $f($n - 1) }; $f(10))");
        int least = Enumerable.Range(1, 500).First(depth => Refusal(expression, new JsonataLimits { MaxDepth = depth }) is null);
        Assert.InRange(least, 30, 150);
        Assert.Equal(JsonataErrorCodes.DepthExceeded, Refusal(expression, new JsonataLimits { MaxDepth = least - 1 }));
    }

    [Fact]
    public void Nesting_is_allowed_or_not()
    {
        var options = new JsonataOptions { Limits = new JsonataLimits { MaxNesting = 3 } };
        Assert.Equal("1", JsonataExpression.Compile("((1))", options).Evaluate(null)?.ToString());
        JsonataException error = Assert.Throws<JsonataException>(() => JsonataExpression.Compile("(((1)))", options));
        Assert.Equal((JsonataErrorCodes.NestingExceeded, true), (error.Code, error.IsLimit));
    }

    [Theory]
    [InlineData("$pad('', 100, 'x')", "$pad('', 101, 'x')")]
    [InlineData("[1..100]", "[1..101]")]
    [InlineData("$pad('', 50) & $pad('', 50)", "$pad('', 50) & $pad('', 51)")]
    [InlineData("$append([1..50], [1..50])", "$append([1..50], [1..51])")]
    [InlineData("$join($split($pad('', 99), ''), '')", "$join([1..51].('xx'), '')")]
    [InlineData("[1..10].([1..10])", "[1..10].([1..11])")]
    public void Length_is_allowed_or_not(string allowed, string refused)
    {
        var limits = new JsonataLimits { MaxLength = 100 };
        Assert.Null(Refusal(JsonataExpression.Compile(allowed), limits));
        Assert.Equal(JsonataErrorCodes.LengthExceeded, Refusal(JsonataExpression.Compile(refused), limits));
    }

    [Theory]
    [InlineData("($f := function(){ $f() }; $f())")]
    [InlineData("($f := function($n){ $n + $f($n + 1) }; $f(0))")]
    [InlineData("($f := function($s, $n){ $n = 0 ? $s : $f($s & $s, $n - 1) }; $f('x', 60))")]
    [InlineData("$reduce([1..60], function($a, $i){ $append($a, $a) }, [1])")]
    [InlineData("$reduce([1..60], function($a, $i){ [$a, $a] }, [1])")]
    [InlineData("$string($reduce([1..60], function($a, $i){ {'a': $a, 'b': $a} }, {}))")]
    [InlineData("$reduce([1..60], function($a, $i){ {'a': $a, 'b': $a} }, {}).**")]
    [InlineData("$reduce([1..60], function($a, $i){ {'a': $a, 'b': $a} }, {}) ~> |**|{'x': 1}|")]
    [InlineData("$reduce([1..60], function($a, $i){ [[$a], [$a]] }, [1]).*")]
    [InlineData("($a := function($s){ $reduce([1..60], function($x, $i){ {'a': $x, 'b': $x} }, {'s': $s}) }; $a('x') = $a('x'))")]
    [InlineData("$pad('x', 1e9)")]
    [InlineData("$pad('x', -1e300)")]
    [InlineData("[1..1e7].[1..1e7]")]
    [InlineData("($x := [1..1000]; $x.($x).($x))")]
    [InlineData("($x := [1..2000]; $count($x.$x[$ in $x]))")]
    [InlineData("($x := [1..3000].{'a': $}; $x@$p.$x@$q.$x@$r.(1))")]
    [InlineData("$replace($pad('', 100000, 'a'), 'a', $pad('', 100000, 'b'))")]
    [InlineData("$replace($pad('', 100000, 'a'), /a/, $pad('', 100000, 'b'))")]
    [InlineData("$join([1..100000].$pad('', 1000), '')")]
    [InlineData("($x := [1..100000].(false); $filter([1..100000], function(){ $x }))")]
    [InlineData("($x := [1..3000]; $sort($x, function($a, $b){ $sum($x) < 0 }))")]
    [InlineData("($s := $pad('', 1000000, 'a'); $map([1..10000], function(){ $length($s) }))")]
    [InlineData("($s := $pad('', 100000, 'a'); $map([1..100000], function(){ $match($s, /(a+)+b/) }))")]
    [InlineData("$distinct([1..100000].{'a': [[$]]})")]
    [InlineData("$zip([1..5000000], [1..5000000], [1..5000000])")]
    public void Hostile_expressions_end(string expression)
    {
        string? code = Refusal(JsonataExpression.Compile(expression), JsonataLimits.Default);
        Assert.Contains(code, (string?[])[JsonataErrorCodes.FuelExhausted, JsonataErrorCodes.DepthExceeded, JsonataErrorCodes.LengthExceeded]);
    }

    /// <summary>The code of the limit that an expression comes up against, or null.</summary>
    private static string? Refusal(JsonataExpression expression, JsonataLimits limits)
    {
        try
        {
            expression.Evaluate(JsonObject.Empty, context: new JsonataContext(limits: limits));
            return null;
        }
        catch (JsonataException error)
        {
            return error.Code;
        }
    }
}
