using Lockstep.Json.Paths;

namespace Lockstep.Json.Tests.Paths;

public sealed class JsonPathTests
{
    private const string Store = """
        {"store":{"book":[
          {"category":"reference","author":"Rees","title":"Sayings","price":8.95,"tags":["a","b"]},
          {"category":"fiction","author":"Waugh","title":"Honour","price":12.99,"tags":[]},
          {"category":"fiction","author":"Melville","title":"Moby","isbn":"0-553","price":8.99,"tags":["b","c"]},
          {"category":"fiction","author":"Tolkien","title":"Rings","isbn":"0-395","price":22.99}],
         "bicycle":{"color":"red","price":19.95}},
         "expensive":10,"kinds":["reference","poetry"],"k-e y":{"x.y":1}}
        """;

    [Theory]
    [InlineData("$.expensive", "10")]
    [InlineData("$['store'].bicycle[\"color\"]", "\"red\"")]
    [InlineData("$.store.['bicycle'].color", "\"red\"")]
    [InlineData("$['k-e y']['x.y']", "1")]
    [InlineData("$.kinds[0]", "\"reference\"")]
    [InlineData("$.kinds[-1]", "\"poetry\"")]
    [InlineData("$.store.bicycle['color','price']", "{\"color\":\"red\",\"price\":19.95}")]
    [InlineData("$.store.bicycle['color','absent']", "{\"color\":\"red\"}")]
    [InlineData("$.kinds.length()", "2")]
    [InlineData("$.kinds[0].length()", "9")]
    [InlineData("$.store.bicycle.length()", "2")]
    [InlineData("$.store.bicycle.keys()", "[\"color\",\"price\"]")]
    [InlineData("$.store.book[*].price.sum()", "53.92")]
    [InlineData("$.store.book[*].price.min()", "8.95")]
    [InlineData("$.store.book[*].price.max()", "22.99")]
    [InlineData("$.store.book[*].price.avg()", "13.48")]
    [InlineData("$.store.book[0,0].price.stddev()", "0")]
    [InlineData("$.store.book[*].title.first()", "\"Sayings\"")]
    [InlineData("$.store.book[*].title.last()", "\"Rings\"")]
    public void Definite_paths_give_their_node(string path, string expected)
    {
        JsonPath parsed = Parse(path);
        Assert.True(parsed.IsDefinite);
        Assert.Equal(expected, parsed.Evaluate(JsonValue.Parse(Store)).Value?.ToString());
    }

    [Theory]
    [InlineData("$.store.book[*].author", "[\"Rees\",\"Waugh\",\"Melville\",\"Tolkien\"]")]
    [InlineData("$..author", "[\"Rees\",\"Waugh\",\"Melville\",\"Tolkien\"]")]
    [InlineData("$.store..price", "[8.95,12.99,8.99,22.99,19.95]")]
    [InlineData("$..book[2].title", "[\"Moby\"]")]
    [InlineData("$..book[-1:].title", "[\"Rings\"]")]
    [InlineData("$..book[0,1].title", "[\"Sayings\",\"Honour\"]")]
    [InlineData("$..book[:2].title", "[\"Sayings\",\"Honour\"]")]
    [InlineData("$.store.book[1:3].title", "[\"Honour\",\"Moby\"]")]
    [InlineData("$.store.book[1:-1].title", "[\"Honour\",\"Moby\"]")]
    [InlineData("$.store.book[*].isbn", "[\"0-553\",\"0-395\"]")]
    [InlineData("$.store.bicycle.*", "[\"red\",19.95]")]
    [InlineData("$.expensive.*", "[]")]
    [InlineData("$..absent", "[]")]
    [InlineData("$.kinds[7][*]", "[]")]
    [InlineData("$['expensive','store'].bicycle.color", "[\"red\"]")]
    [InlineData("$..book[?(@.isbn)].title", "[\"Moby\",\"Rings\"]")]
    [InlineData("$..book[?(!@.isbn)].title", "[\"Sayings\",\"Honour\"]")]
    [InlineData("$.store.book[?(@.price < $.expensive)].title", "[\"Sayings\",\"Moby\"]")]
    [InlineData("$.store.book[?(@['price'] >= 12.99 && @.category == 'fiction')].title", "[\"Honour\",\"Rings\"]")]
    [InlineData("$.store.book[?(@.price < 9 || (@.isbn && @.price > 20))].title", "[\"Sayings\",\"Moby\",\"Rings\"]")]
    [InlineData("$.store.book[?(@.author =~ /.*ee./i)].title", "[\"Sayings\"]")]
    [InlineData("$.store.book[?(@.author =~ /REES/)].title", "[]")]
    [InlineData("$.store.book[?(@.author =~ /ees/)].title", "[]")]
    [InlineData("$.store.book[?(@.price =~ /8\\.9\\d/)].title", "[\"Sayings\",\"Moby\"]")]
    [InlineData("$.store.book[?(@.tags =~ /[ac]/)].title", "[\"Sayings\",\"Moby\"]")]
    [InlineData("$.store.book[?(@.category in ['reference', \"x\"])].title", "[\"Sayings\"]")]
    [InlineData("$.store.book[?(@.category in $.kinds)].title", "[\"Sayings\"]")]
    [InlineData("$.store.book[?(@.category nin ['fiction'])].title", "[\"Sayings\"]")]
    [InlineData("$.store.book[?(@.tags subsetof ['a','b','z'])].title", "[\"Sayings\",\"Honour\"]")]
    [InlineData("$.store.book[?(@.tags anyof ['c'])].title", "[\"Moby\"]")]
    [InlineData("$.store.book[?(@.tags noneof ['a','c'])].title", "[\"Honour\",\"Rings\"]")]
    [InlineData("$.store.book[?(@.tags all ['b'])].title", "[\"Sayings\",\"Moby\"]")]
    [InlineData("$.store.book[?(@.tags contains 'c')].title", "[\"Moby\"]")]
    [InlineData("$.store.book[?(@.title contains 'in')].title", "[\"Sayings\",\"Rings\"]")]
    [InlineData("$.store.book[?(@.tags size 2)].title", "[\"Sayings\",\"Moby\"]")]
    [InlineData("$.store.book[?(@.tags empty true)].title", "[\"Honour\"]")]
    [InlineData("$.store.book[?(@.tags empty false)].title", "[\"Sayings\",\"Moby\"]")]
    [InlineData("$.store.book[?(@.tags.length() > 1)].title", "[\"Sayings\",\"Moby\"]")]
    [InlineData("$.store.book[?(@.tags == ['b','c'])].title", "[\"Moby\"]")]
    [InlineData("$.store[?(@.color == 'red')].price", "[]")]
    [InlineData("$.store.bicycle[?(@.color == 'red')].price", "[19.95]")]
    [InlineData("$..[?(@.color)].color", "[\"red\"]")]
    [InlineData("$.kinds[?(@ == 'poetry')]", "[]")]
    [InlineData("$.store.book[?(@.price == '8.95')]", "[]")]
    [InlineData("$.store.book[?(@.absent != 1)].title", "[\"Sayings\",\"Honour\",\"Moby\",\"Rings\"]")]
    [InlineData("$.store.book[?(@.absent == null)]", "[]")]
    [InlineData("$.store.book[?(@.tags[?(@.x)])]", "[]")]
    [InlineData("$.store.book[?(@.price == 8.950)][0]", "[]")]
    [InlineData("$.store.book[?(@ == {\"no\" : [1, true, null]})]", "[]")]
    public void Indefinite_paths_give_all_matches_in_order(string path, string expected)
    {
        JsonPath parsed = Parse(path);
        Assert.False(parsed.IsDefinite);
        Assert.False(parsed.IsReferencePath);
        Assert.Equal(expected, parsed.Evaluate(JsonValue.Parse(Store)).Value?.ToString());
    }

    [Theory]
    [InlineData("$.absent")]
    [InlineData("$.expensive.x")]
    [InlineData("$.kinds.x")]
    [InlineData("$.kinds[2]")]
    [InlineData("$.kinds[-3]")]
    [InlineData("$.store[0]")]
    [InlineData("$.absent[*]")]
    [InlineData("$.absent..x")]
    [InlineData("$.expensive[0,1]")]
    [InlineData("$.expensive[1:]")]
    [InlineData("$.expensive[?(@.x)]")]
    [InlineData("$.expensive.length()")]
    [InlineData("$.absent.length()")]
    [InlineData("$.kinds.sum()")]
    [InlineData("$.kinds.keys()")]
    [InlineData("$.store.book[?(@.no)].first()")]
    public void What_does_not_exist_is_not_found(string path)
    {
        JsonPathResult result = Parse(path).Evaluate(JsonValue.Parse(Store));
        Assert.False(result.Found);
        Assert.False(result.LimitExceeded);
    }

    [Theory]
    [InlineData("$", true)]
    [InlineData("$.a['b'][0]", true)]
    [InlineData("$.a[-1]", false)]
    [InlineData("$['a','b']", false)]
    [InlineData("$.a.length()", false)]
    public void Knows_reference_paths(string path, bool expected) => Assert.Equal(expected, Parse(path).IsReferencePath);

    [Theory]
    [InlineData("", 0)]
    [InlineData("a", 0)]
    [InlineData("$a", 1)]
    [InlineData("$.", 2)]
    [InlineData("$..", 3)]
    [InlineData("$...a", 3)]
    [InlineData("$.a b", 3)]
    [InlineData("$[", 2)]
    [InlineData("$[]", 2)]
    [InlineData("$['a'", 5)]
    [InlineData("$['a", 4)]
    [InlineData("$[1", 3)]
    [InlineData("$[1,]", 4)]
    [InlineData("$[01]", 2)]
    [InlineData("$[?]", 3)]
    [InlineData("$[?()]", 4)]
    [InlineData("$[?(@.a]", 7)]
    [InlineData("$[?(@.a == )]", 11)]
    [InlineData("$[?(1)]", 4)]
    [InlineData("$[?(@.a === 1)]", 10)]
    [InlineData("$[?(@.a == /x/)]", 14)]
    [InlineData("$[?(@.a =~ 'x')]", 14)]
    [InlineData("$[?(@.a == [1,])]", 14)]
    [InlineData("$[?(@.a == {1})]", 12)]
    [InlineData("$[?(@.a == 01)]", 11)]
    [InlineData("$.length().a", 10)]
    [InlineData("$.length(1)", 9)]
    public void Malformed_paths_are_refused_with_their_place(string path, int offset)
    {
        Assert.False(JsonPath.TryParse(path, out JsonPath? parsed, out JsonPathError? error));
        Assert.Null(parsed);
        Assert.Equal((JsonPathErrorCode.Syntax, offset), (error.Code, error.Offset));
        Assert.StartsWith($"at character {offset}: ", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$[?(@.a =~ /(/)]")]
    [InlineData("$[?(@.a =~ /a)(b/)]")]
    [InlineData("$[?(@.a =~ /(?=x)/)]")]
    [InlineData("$[?(@.a =~ /(x)\\1/)]")]
    [InlineData("$[?(@.a =~ /((a{900}){900}){900}/)]")]
    [InlineData("$[?(@.a =~ /x/q)]")]
    [InlineData("$[?(@.a =~ /x)]")]
    public void Patterns_that_are_wrong_or_need_backtracking_are_refused(string path)
    {
        Assert.False(JsonPath.TryParse(path, out _, out JsonPathError? error));
        Assert.Equal(JsonPathErrorCode.RegularExpression, error.Code);
    }

    [Theory]
    [InlineData("$.a.shuffle()")]
    [InlineData("$..length()")]
    public void Unknown_functions_are_refused(string path)
    {
        Assert.False(JsonPath.TryParse(path, out _, out JsonPathError? error));
        Assert.Equal(JsonPathErrorCode.UnknownFunction, error.Code);
    }

    [Fact]
    public void What_follows_another_root_parses_alike()
    {
        Assert.True(JsonPath.TryParseAfterRoot(".Execution['Id']", out JsonPath? path, out _));
        Assert.Equal("$.Execution['Id']", path.Text);
        Assert.Equal("7", path.Evaluate(JsonValue.Parse("{\"Execution\":{\"Id\":7}}")).Value?.ToString());
        Assert.True(JsonPath.TryParseAfterRoot("", out JsonPath? root, out _));
        Assert.Equal("$", root.Text);
        Assert.False(JsonPath.TryParseAfterRoot("x", out _, out _));
    }

    [Fact]
    public void Numbers_compare_exactly_in_filters()
    {
        JsonValue document = JsonValue.Parse("[{\"n\":9007199254740993},{\"n\":9007199254740992},{\"n\":1.10e1}]");
        Assert.Equal("[{\"n\":9007199254740993}]", Parse("$[?(@.n == 9007199254740993)]").Evaluate(document).Value?.ToString());
        Assert.Equal("[{\"n\":1.10e1}]", Parse("$[?(@.n == 11)]").Evaluate(document).Value?.ToString());
    }

    private static JsonPath Parse(string path)
    {
        Assert.True(JsonPath.TryParse(path, out JsonPath? parsed, out JsonPathError? error), error?.ToString());
        Assert.Null(error);
        Assert.Equal(path, parsed.Text);
        return parsed;
    }
}
