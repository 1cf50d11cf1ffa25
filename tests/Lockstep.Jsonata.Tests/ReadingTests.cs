using Lockstep.Jsonata.Analysis;

namespace Lockstep.Jsonata.Tests;

/// <summary>What an expression reads from outside itself, and what a host is told of its result.</summary>
public sealed class ReadingTests
{
    private static readonly JsonataOptions Options = new() { Functions = JsonataFunctionSet.Asl };

    [Theory]
    [InlineData("1 + 2", "")]
    [InlineData("phone", "phone@5")]
    [InlineData("a.b[c = 1]", "a@1")]
    [InlineData("$sum(a.b) & c", "a@6 c@13")]
    [InlineData("$", "$@1")]
    [InlineData("$v.($ + x)", "")]
    [InlineData("$v[$ > 1]", "")]
    [InlineData("$v.($$.a)", "$$@6")]
    [InlineData("*", "*@1")]
    [InlineData("**.x", "**@2")]
    [InlineData("{'k': a, b: 1}", "a@7 b@10")]
    [InlineData("($x := a; $x.b)", "a@8")]
    [InlineData("$map($v, function($i){ $i.a + b })", "")]
    [InlineData("$v ~> |a|{'b': c}|", "")]
    [InlineData("$v^(a, >b)", "")]
    [InlineData("$v{a: $sum(b)}", "")]
    [InlineData("a ? b : c", "a@1 b@5 c@9")]
    [InlineData("-a", "a@2")]
    [InlineData("[a, [b]]", "a@2 b@6")]
    public void Reads_of_the_document_are_those_that_nothing_gives_another_context(string text, string expected) =>
        Assert.Equal(expected, string.Join(' ', DocumentReads.Find(text).Select(read => FormattableString.Invariant($"{read.Text}@{read.Position}"))));

    [Theory]
    [InlineData("$states.input.a", "input.a")]
    [InlineData("$states.input[0].a", "input.a")]
    [InlineData("$states.result.(a)", "result")]
    [InlineData("$states", "")]
    [InlineData("$states[0].a", "a")]
    [InlineData("$states.*", "")]
    public void The_names_behind_a_variable_are_told(string text, string expected)
    {
        JsonataReference reference = Assert.Single(JsonataExpression.Compile(text, Options).References, reference => reference.Name == "states");

        Assert.Equal(expected, string.Join('.', reference.Fields));
        Assert.True(reference.IsFree);
    }

    [Theory]
    [InlineData("$sum", true, null)]
    [InlineData("function($x){$x}", true, null)]
    [InlineData("$f := function($x){$x}", true, null)]
    [InlineData("$missing", false, null)]
    [InlineData("null", false, "null")]
    [InlineData("1 + 1", false, "2")]
    public void A_function_is_told_from_a_value_and_from_nothing(string text, bool isFunction, string? value)
    {
        JsonataResult result = JsonataExpression.Compile(text, Options).EvaluateResult(null, null, new JsonataContext());

        Assert.Equal((isFunction, value), (result.IsFunction, result.Value?.ToString()));
    }
}
