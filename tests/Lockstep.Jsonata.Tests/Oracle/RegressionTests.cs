namespace Lockstep.Jsonata.Tests.Oracle;

/// <summary>Differences from the JSONata package that DifferentialTests has found, with what the package gives.</summary>
public sealed class RegressionTests
{
    [Theory]
    [InlineData("$@$v0.(($v1 := 1; 'b'; [$v1, nothing]))[0.5]", "{}", "1")]
    [InlineData("*@$v.[$number((($x := $; 10)))].$[0]", "{\"a\":1}", "10")]
    [InlineData("*", "{\"a\":[],\"id\":null}", "[null]")]
    [InlineData("*", "{\"a\":[1]}", "[1]")]
    [InlineData("*", "{\"a\":[]}", "[]")]
    [InlineData("*", "{\"a\":{\"b\":1}}", "{\"b\":1}")]
    [InlineData("$$.*", "{\"name\":10,\"items\":[]}", "[10]")]
    [InlineData("a.*", "{\"a\":[{\"b\":[]},{\"b\":1}]}", "1")]
    [InlineData("*[0]", "{\"a\":[],\"b\":1}", "1")]
    [InlineData("[[1,2,3][$>1]]", "{}", "[[2,3]]")]
    [InlineData("[[1,2,3][[0]]]", "{}", "[1]")]
    [InlineData("[a[[0..1]]]", "{\"a\":[1,2,3]}", "[1,2]")]
    [InlineData("[([1,2,3])[[0..1]]]", "{}", "[1,2]")]
    [InlineData("a[[0,-3]]", "{\"a\":[1,2,3]}", "[1,1]")]
    [InlineData("a[[0,-1]]", "{\"a\":5}", "[5,5]")]
    [InlineData("$split('a1b2c3d', /\\d/, 1.5)", "{}", "[\"a\",\"b\"]")]
    [InlineData("$split('a1b2c3d', '1', 1.5)", "{}", "[\"a\"]")]
    [InlineData("$spread([{'k':1}])", "{}", "[{\"k\":1}]")]
    [InlineData("$spread({'k':1})", "{}", "{\"k\":1}")]
    [InlineData("$string($match('x', /(x)(y)?/))", "{}", "\"{\\\"match\\\":\\\"x\\\",\\\"index\\\":0,\\\"groups\\\":[\\\"x\\\",null]}\"")]
    [InlineData("function($x,$x){$x}(1,2)", "{}", "2")]
    [InlineData("function($x,$y)<n+a->{[$x,$y]}(1,2,nothing)", "{}", "[1,2]")]
    [InlineData("$map([7,8],function($a,$a,$b,$b){[$a,$b]})", "{}", "[[0],[1]]")]
    [InlineData("b.[a] ~> $append(1)", "{\"b\":[{\"a\":2}]}", "[2,1]")]
    [InlineData("$append($.[$]^(a), 1)", "{\"a\":1}", "[{\"a\":1},1]")]
    [InlineData("*[]", "{\"a\":\"x\"}", "[\"x\"]")]
    [InlineData("*[0][]", "{\"a\":[{\"b\":1}]}", "[{\"b\":1}]")]
    [InlineData("*[][0]", "{\"a\":[{\"b\":1}]}", "[{\"b\":1}]")]
    public void Gives_what_the_package_gives(string expression, string document, string expected)
    {
        OracleAnswer ours = OracleAnswer.Ours(new DifferentialCase(expression, document));
        Assert.True(ours.Agrees(new OracleAnswer(expected, null, null)), $"found {ours}");
    }

    [Theory]
    [InlineData("$toMillis('1st 2 1','[f1o] [M] [Y]')")]
    [InlineData("function($x,$x){$x}(1)")]
    public void Gives_nothing_where_the_package_does(string expression) => Assert.Null(JsonataExpression.Compile(expression).Evaluate(null));

    [Fact]
    public void Many_parameters_of_one_or_more_arguments_are_matched_in_bounded_time()
    {
        string signature = string.Concat(Enumerable.Repeat("n+", 20));
        string arguments = string.Join(',', Enumerable.Repeat("1", 60));
        JsonataExpression call = JsonataExpression.Compile($"function($x)<{signature}b:n>{{ 1 }}({arguments})");
        Assert.Equal("T0410", Assert.Throws<JsonataException>(() => call.Evaluate(null)).Code);
    }

    [Fact]
    public void Long_pictures_of_integers_are_read_in_linear_space()
    {
        JsonataExpression picture = JsonataExpression.Compile($"$formatInteger(12, '0{new string('-', 200_000)}0')");
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(200_002 + 2, picture.Evaluate(null)?.ToString().Length);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 20_000_000);
    }

    [Fact]
    public void A_picture_that_is_too_large_an_automaton_is_refused()
    {
        JsonataExpression picture = JsonataExpression.Compile("$toMillis('', '[DW][Yw][Yw]')");
        Assert.Equal(JsonataErrorCodes.PictureTooLarge, Assert.Throws<JsonataException>(() => picture.Evaluate(null)).Code);
    }

    [Fact]
    public void Positions_of_a_predicate_cost_fuel()
    {
        const string Expression = "($n := [0..2000]; $count($n[$n]))";
        var limits = new JsonataLimits { MaxFuel = 1_000_000 };
        var error = Assert.Throws<JsonataException>(() => JsonataExpression.Compile(Expression).Evaluate(null, context: new JsonataContext(limits: limits)));
        Assert.Equal(JsonataErrorCodes.FuelExhausted, error.Code);
    }
}
