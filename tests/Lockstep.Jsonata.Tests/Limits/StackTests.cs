using System.Text;
using Lockstep.Json;

namespace Lockstep.Jsonata.Tests.Limits;

/// <summary>
/// Whatever an expression nests, the bound on depth comes before the end of the stack: of 1 MiB with the default limits, and of 256 KiB with
/// a quarter of them. Were it not so, these tests would end the process.
/// </summary>
public sealed class StackTests
{
    private const int LargeStack = 1024;
    private const int Nesting = 240;

    public static TheoryData<string, string> Recursions => new()
    {
        { "operator", "($f := function($n){ 1 + $f($n) }; $f(0))" },
        { "map", "($f := function($n){ [$map([1], $f)] }; $f(1))" },
        { "filter", "($f := function($n){ [$filter([1], $f)] }; $f(1))" },
        { "reduce", "($f := function($n, $m){ [$reduce([1, 2], $f)] }; $f(1, 2))" },
        { "sort", "($f := function($n, $m){ [$sort([1, 2], $f)] }; $f(1, 2))" },
        { "each", "($f := function($n){ [$each({\"a\": 1}, $f)] }; $f(1))" },
        { "sift", "($f := function($n){ [$sift({\"a\": 1}, $f)] }; $f(1))" },
        { "single", "($f := function($n){ [$single([1], $f)] }; $f(1))" },
        { "replace", "($f := function($n){ 'x' & $replace('a', 'a', $f) }; $f('a'))" },
        { "match", "($f := function($n){ [$match('a', $f)] }; $f('a'))" },
        { "path", "($f := function($n){ [$.$.$f(1)] }; 1.$f(1))".Replace("1.$f", "$f", StringComparison.Ordinal) },
        { "predicate", "($f := function($n){ [1][$f(1)] }; $f(1))" },
        { "grouping", "($f := function($n){ {'a': $f(1)} }; $f(1))" },
        { "tuples", "($f := function($n){ [[1]#$i.$f($i)] }; $f(1))" },
        { "order", "($f := function($n){ [1, 2]^($f(1)) }; $f(1))" },
        { "chain", "($f := function($n){ 1 + ($n ~> $f) }; $f(1))" },
        { "partial", "($f := function($n, $m){ 1 + $f(?, $m)($n) }; $f(1, 2))" },
        { "composition", "($f := function($n){ 1 + ($f ~> $f)($n) }; $f(1))" },
        { "transform", "($f := function($n){ 1 + ($n ~> |$|{'a': $f($)}|) }; $f({}))" },
        { "eval", "($x := '$eval($)'; 'x' & $eval('[$eval($)]', '[$eval($)]'))" },
        { "block", "($f := function($n){ ($x := 1; $g := function(){ 1 + $f($x) }; 1 + $g()) }; $f(1))" },
        { "tall body", "($f := function($n){ " + Repeat("[1 + (", 75) + "$f(1)" + Repeat(")]", 75) + " }; $f(1))" },
        { "tall path", "($f := function($n){ " + Repeat("$.(", 75) + "$f(1)" + Repeat(")", 75) + " }; $f(1))" },
        { "tall object", "($f := function($n){ " + Repeat("{'a':", 110) + "$f(1)" + Repeat("}", 110) + " }; $f(1))" },
        { "tall predicate", "($f := function($n){ " + Repeat("$[(", 75) + "$f(1)" + Repeat(")]", 75) + " }; $f(1))" },
    };

    [Theory]
    [MemberData(nameof(Recursions))]
    public void Recursion_ends_at_the_bound_of_depth(string name, string expression)
    {
        Assert.NotEmpty(name);
        foreach ((int stack, JsonataLimits limits) in Stacks)
        {
            JsonataException error = Assert.IsType<JsonataException>(OnStack(stack, expression, JsonValue.Parse("""{"a":1}"""), limits));
            // A quarter of the limits already refuses the text of the tall ones.
            string[] expected = stack == LargeStack
                ? [JsonataErrorCodes.DepthExceeded]
                : [JsonataErrorCodes.DepthExceeded, JsonataErrorCodes.NestingExceeded];
            Assert.Contains(error.Code, expected);
        }
    }

    public static TheoryData<string, string> Nestings => new()
    {
        { "parentheses", Repeat("(", Nesting) + "1" + Repeat(")", Nesting) },
        { "arrays", Repeat("[", Nesting) + "1" + Repeat("]", Nesting) },
        { "objects", Repeat("{'a':", Nesting / 2) + "1" + Repeat("}", Nesting / 2) },
        { "negations", Repeat("-", Nesting) + "$" },
        { "conditionals", Repeat("1?", Nesting / 2) + "1" + Repeat(":2", Nesting / 2) },
        { "predicates", Repeat("$[", Nesting / 2) + "true" + Repeat("]", Nesting / 2) },
        { "sums", "1" + Repeat("+1", Nesting) },
        { "texts", "1" + Repeat("&1", Nesting) },
        { "calls", Repeat("$not(", Nesting / 2) + "1" + Repeat(")", Nesting / 2) },
        { "functions", Repeat("function(){", Nesting / 2) + "1" + Repeat("}", Nesting / 2) },
        { "chains", "1" + Repeat("~>$string", Nesting) },
        { "orders", Repeat("$^(", Nesting / 2) + "1" + Repeat(")", Nesting / 2) },
        { "steps", "$" + Repeat(".(a)", 5_000) },
        { "parents", Repeat("a.(", 80) + "b.%" + Repeat(")", 80) },
        { "transforms", Repeat("|$|", 80) + "{}" + Repeat("|", 80) },
    };

    [Theory]
    [MemberData(nameof(Nestings))]
    public void Nested_text_is_parsed_compiled_and_evaluated(string name, string expression)
    {
        Assert.NotEmpty(name);
        foreach ((int stack, JsonataLimits limits) in Stacks)
        {
            object? outcome = OnStack(stack, expression, JsonNumber.Of(1L), limits);
            Assert.True(outcome is null or JsonValue or JsonataException, outcome?.ToString());
        }
    }

    [Theory]
    [InlineData("(")]
    [InlineData("[")]
    [InlineData("-")]
    [InlineData("{'a':")]
    [InlineData("1?")]
    [InlineData("1+(")]
    [InlineData("$f(")]
    [InlineData("function(){")]
    [InlineData("|")]
    [InlineData("a[")]
    [InlineData("a^(")]
    [InlineData("a{'b':")]
    [InlineData("1?1:")]
    [InlineData("$x:=")]
    public void Text_nested_without_end_is_refused(string opening)
    {
        foreach ((int stack, JsonataLimits limits) in Stacks)
        {
            JsonataException error = Assert.IsType<JsonataException>(OnStack(stack, Repeat(opening, 100_000), null, limits));
            Assert.Equal(JsonataErrorCodes.NestingExceeded, error.Code);
        }
    }

    [Fact]
    public void Chain_of_operators_without_end_is_refused()
    {
        JsonataException error = Assert.IsType<JsonataException>(OnStack(256, "1" + Repeat("+1", 100_000), null, JsonataLimits.Default));
        Assert.Equal(JsonataErrorCodes.NestingExceeded, error.Code);
    }

    [Theory]
    [InlineData("**")]
    [InlineData("*")]
    [InlineData("$string($)")]
    [InlineData("$ = $$.b")]
    [InlineData("$a = $b")]
    [InlineData("$keys($)")]
    [InlineData("$spread($)")]
    [InlineData("$boolean($)")]
    [InlineData("a")]
    [InlineData("$ ~> |**|{'x':1}|")]
    [InlineData("$distinct([$, $])")]
    [InlineData("$lookup($, 'a')")]
    [InlineData("$ in [$]")]
    [InlineData("$sum($)")]
    [InlineData("[$, $sum]")]
    public void Deep_values_are_taken_apart_or_refused(string expression)
    {
        foreach (bool isArray in (bool[])[true, false])
        {
            JsonObject bindings = JsonObject.Of("a", Deep(isArray, 900)).With("b", Deep(isArray, 900));
            foreach ((int stack, JsonataLimits limits) in Stacks)
            {
                object? outcome = OnStack(stack, expression, Deep(isArray, 900), limits, bindings);
                Assert.True(outcome is null or JsonValue or JsonataException, outcome?.ToString());
            }
        }
    }

    [Theory]
    [InlineData("$string($reduce([1..5000], function($a, $i){ {'a': $a} }, {}))")]
    [InlineData("$string($reduce([1..5000], function($a, $i){ {'a': $a, 'f': $sum} }, {}))")]
    [InlineData("$reduce([1..5000], function($a, $i){ {'a': $a, 'f': $sum} }, {})")]
    [InlineData("$string($reduce([1..5000], function($a, $i){ [[$a]] }, []))")]
    [InlineData("$boolean($reduce([1..5000], function($a, $i){ [[$a], 0] }, []))")]
    [InlineData("$boolean($reduce([1..5000], function($a, $i){ [[$a, $sum], 0] }, []))")]
    [InlineData("$lookup($reduce([1..5000], function($a, $i){ [[$a], 0] }, []), 'a')")]
    [InlineData("$reduce([1..5000], function($a, $i){ [[$a], 0] }, []).a")]
    [InlineData("$reduce([1..5000], function($a, $i){ [[$a], 0] }, []).*")]
    [InlineData("[$reduce([1..5000], function($a, $i){ [[$a, $sum], 0] }, [])]")]
    public void Values_that_grow_deep_are_made_or_refused(string expression)
    {
        foreach ((int stack, JsonataLimits limits) in Stacks)
        {
            object? outcome = OnStack(stack, expression, null, limits);
            Assert.True(outcome is null or JsonValue or JsonataException, outcome?.ToString());
        }
    }

    [Fact]
    public void Recursion_is_deep_enough_for_ordinary_functions()
    {
        Assert.Equal("5050", JsonataExpression.Compile("($f := function($n){ $n = 0 ? 0 : $n + $f($n - 1) }; $f(100))").Evaluate(null)?.ToString());
        Assert.Equal(
            "100000", JsonataExpression.Compile("($f := function($n, $m){ $n = 0 ? $m : $f($n - 1, $m + 1) }; $f(100000, 0))").Evaluate(null)?.ToString());
    }

    private static (int Kibibytes, JsonataLimits Limits)[] Stacks =>
    [
        (LargeStack, JsonataLimits.Default),
        (256, JsonataLimits.Default with { MaxDepth = JsonataLimits.Default.MaxDepth / 4, MaxNesting = JsonataLimits.Default.MaxNesting / 4 }),
    ];

    private static string Repeat(string text, int count) => new StringBuilder(text.Length * count).Insert(0, text, count).ToString();

    private static JsonValue Deep(bool isArray, int depth)
    {
        JsonValue value = JsonNumber.Of(1L);
        for (int i = 0; i < depth; i++)
        {
            value = isArray ? JsonArray.Of(value) : JsonObject.Of("a", value);
        }

        return value;
    }

    /// <summary>What an expression gives, or how it fails, on a thread with so much stack.</summary>
    private static object? OnStack(int kibibytes, string expression, JsonValue? input, JsonataLimits limits, JsonObject? bindings = null)
    {
        object? outcome = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    JsonataExpression compiled = JsonataExpression.Compile(expression, new JsonataOptions { Limits = limits });
                    outcome = compiled.Evaluate(input, bindings ?? JsonObject.Empty, new JsonataContext(limits: limits));
                }
                catch (JsonataException error)
                {
                    outcome = error;
                }
            },
            kibibytes * 1024);
        thread.Start();
        thread.Join();
        return outcome;
    }
}
