namespace Lockstep.Jsonata.Tests.Language;

/// <summary>The concepts of the language, one by one, without the published test data.</summary>
public sealed class LanguageTests
{
    private const string Orders = """
        {"account":"A","orders":[
          {"id":"o1","items":[{"sku":"x","price":2.5,"qty":2},{"sku":"y","price":4,"qty":1}]},
          {"id":"o2","items":[{"sku":"x","price":3,"qty":5}]}]}
        """;

    [Theory]
    [InlineData("account", "\"A\"")]
    [InlineData("missing", null)]
    [InlineData("orders.id", """["o1","o2"]""")]
    [InlineData("orders[0].id", "\"o1\"")]
    [InlineData("orders[-1].id", "\"o2\"")]
    [InlineData("orders[id = 'o2'].items.sku", "\"x\"")]
    [InlineData("orders[id = 'o2'].items.sku[]", """["x"]""")]
    [InlineData("orders.items[0].sku", """["x","x"]""")]
    [InlineData("(orders.items)[0].sku", "\"x\"")]
    [InlineData("orders.items[[0, 1]].sku", """["x","y","x"]""")]
    [InlineData("orders.[id]", """[["o1"],["o2"]]""")]
    [InlineData("orders.*.sku", """["x","y","x"]""")]
    [InlineData("**.price", "[2.5,4,3]")]
    [InlineData("\"orders\".`id`", """["o1","o2"]""")]
    [InlineData("$.account & '/' & $$.account", "\"A/A\"")]
    public void Paths(string expression, string? expected) => Assert.Equal(expected, Evaluated.Text(expression, Orders));

    [Theory]
    [InlineData("orders.items.(price * qty)", "[5,4,15]")]
    [InlineData("$sum(orders.items.(price * qty))", "24")]
    [InlineData("orders.items.{'sku': sku, 'order': %.id}.order", """["o1","o1","o2"]""")]
    [InlineData("orders.items.%.%.account", """["A","A","A"]""")]
    [InlineData("orders@$o.$o.items[sku = 'x'].($o.id & price)", """["o12.5","o23"]""")]
    [InlineData("orders#$i.items.(sku & $i)", """["x0","y0","x1"]""")]
    [InlineData("orders.items#$i.(sku & $i)", """["x0","y1","x0"]""")]
    [InlineData("orders.items^(>price, sku).price", "[4,3,2.5]")]
    [InlineData("orders.items{sku: $sum(qty)}", """{"x":7,"y":1}""")]
    [InlineData("orders@$o.$o.items{$o.id: $count($)}", """{"o1":2,"o2":1}""")]
    [InlineData("$ ~> |orders.items|{'price': price * 2}, 'qty'| ~> $lookup('orders') ~> $map(function($o){$o.items[0]})", """[{"sku":"x","price":5},{"sku":"x","price":6}]""")]
    public void Streams(string expression, string? expected) => Assert.Equal(expected, Evaluated.Text(expression, Orders));

    [Theory]
    [InlineData("1 + 2 * 3 - 4 / 2", "5")]
    [InlineData("-7 % 3", "-1")]
    [InlineData("0.1 + 0.2", "0.30000000000000004")]
    [InlineData("$string(0.1 + 0.2)", "\"0.3\"")]
    [InlineData("1e21 + 1", "1e+21")]
    [InlineData("12345678901234567890", "12345678901234567000")]
    [InlineData("missing + 1", null)]
    [InlineData("'a' & 1 & true & null & missing & [1,'x'] & {'k': 1.50}", "\"a1truenull[1,\\\"x\\\"]{\\\"k\\\":1.5}\"")]
    [InlineData("1 = 1.0 and [1, {'a': 2}] = [1, {'a': 2}] and 'a' != 'b'", "true")]
    [InlineData("missing = 1 or missing != 1", "false")]
    [InlineData("'a' < 'b' and 2 >= 2 and not_there < 1", "false")]
    [InlineData("2 in [1, 2] and 'x' in 'x'", "true")]
    [InlineData("[1..3, 7, 5..4]", "[1,2,3,7]")]
    [InlineData("false ? 1", null)]
    [InlineData("0 ?: 'd'", "\"d\"")]
    [InlineData("null ?? 'd'", "null")]
    [InlineData("missing ?? 'd'", "\"d\"")]
    [InlineData("[[1], 2, [[3]]]", "[[1],2,[[3]]]")]
    [InlineData("{'a': missing, 'b': []}", """{"b":[]}""")]
    [InlineData("/* comment */ 5", "5")]
    public void Operators(string expression, string? expected) => Assert.Equal(expected, Evaluated.Text(expression, "{}"));

    [Theory]
    [InlineData("($x := 1; ($y := $x; $x := 2; $y + $x))", "3")]
    [InlineData("($x := 1; ($x := 2); $x)", "1")]
    [InlineData("($f := function($n){ $n < 2 ? $n : $f($n - 1) + $f($n - 2) }; $f(15))", "610")]
    [InlineData("($add := function($a, $b){ $a + $b }; $inc := $add(?, 1); $map([1, 2], $inc))", "[2,3]")]
    [InlineData("($fs := [1..3].( $i := $; function(){ $i } ); $map($fs, function($f){ $f() }))", "[1,2,3]")]
    [InlineData("($f := $uppercase ~> $trim; $f(' a '))", "\"A\"")]
    [InlineData("($even := function($n){ $n = 0 ? true : $odd($n - 1) }; $odd := function($n){ $n = 0 ? false : $even($n - 1) }; $even(50000))", "true")]
    [InlineData("(function($x)<n-:n>{ $x + 1 })(2)", "3")]
    [InlineData("[7].(function($x)<n-:n>{ $x + 1 })()", "8")]
    [InlineData("($sum := 5; $sum)", "5")]
    [InlineData("($x := 5; $f := function(){ $x }; $x := 6; $f())", "6")]
    [InlineData("[1..3].($x := $; $x * 2)", "[2,4,6]")]
    [InlineData("[$sum, 1][1]", "1")]
    [InlineData("{'f': function(){ 42 }}.f()", "42")]
    [InlineData("$string([$sum])", "\"[\\\"\\\"]\"")]
    public void Functions(string expression, string? expected) => Assert.Equal(expected, Evaluated.Text(expression, "{}"));

    [Theory]
    [InlineData("1 +", "S0207", 3)]
    [InlineData("(1", "S0203", 2)]
    [InlineData("[1)", "S0202", 3)]
    [InlineData("1 2", "S0201", 3)]
    [InlineData("'a", "S0101", 2)]
    [InlineData("\"\\q\"", "S0103", 2)]
    [InlineData("a.1", "S0213", 3)]
    [InlineData("1 := 2", "S0212", 1)]
    [InlineData("/a", "S0302", 2)]
    [InlineData("$x{b:c}[0]", "S0209", 8)]
    [InlineData("a{b:c}{d:e}", "S0210", 7)]
    [InlineData("/* a", "S0106", 0)]
    [InlineData("1..3", "S0201", 3)]
    [InlineData("%", "S0217", 1)]
    [InlineData("a.1.", "S0213", 3)]
    [InlineData("(/a/)", "S0211", 2)]
    [InlineData("function($x)<(n", "S0203", 15)]
    [InlineData("1 + 'a'", "T2002", 3)]
    [InlineData("-'a'", "D1002", 1)]
    [InlineData("foo()", "T1006", 4)]
    [InlineData("sum(1)", "T1005", 4)]
    [InlineData("$sum('a')", "T0412", 5)]
    [InlineData("$substring()", "T0410", 11)]
    [InlineData("1 ~> 2", "T2006", 4)]
    [InlineData("[2, 'a']^($)", "T2007", 9)]
    [InlineData("[{}, {}]^($)", "T2008", 9)]
    [InlineData("{1: 2}", "T1003", 1)]
    [InlineData("1/0", "D1001", 2)]
    [InlineData("[1..1e8]", "D2014", 4)]
    public void Errors_have_the_codes_of_the_reference_and_a_place(string expression, string code, int position)
    {
        JsonataException error = Evaluated.Error(expression, "{}");
        Assert.Equal((code, position), (error.Code, error.Position));
        Assert.False(error.IsLimit);
        Assert.NotEmpty(error.Message);
    }

    [Fact]
    public void Input_that_is_an_array_is_one_context()
    {
        Assert.Equal("1", Evaluated.Text("a[0]", """[{"a":1},{"a":2}]"""));
        Assert.Equal("""{"a":1}""", Evaluated.Text("$[0]", """[{"a":1},{"a":2}]"""));
        Assert.Equal("2", Evaluated.Text("$count($)", """[{"a":1},{"a":2}]"""));
        Assert.Equal("""[{"a":1},{"a":2}]""", Evaluated.Text("$", """[{"a":1},{"a":2}]"""));
    }

    [Fact]
    public void Numbers_that_are_not_touched_keep_their_text() =>
        Assert.Equal("""{"x":1.50,"y":12345678901234567890}""", Evaluated.Text("{'x': a, 'y': b}", """{"a":1.50,"b":12345678901234567890}"""));
}
