using System.Globalization;
using Lockstep.Json.Paths;

namespace Lockstep.Json.Tests.Paths;

public sealed class JsonPathLimitTests
{
    [Fact]
    public void Length_of_a_path_is_limited()
    {
        string longest = "$." + new string('a', JsonPath.MaxTextLength - 2);
        Assert.True(JsonPath.TryParse(longest, out _, out _));
        Assert.Equal(JsonPathErrorCode.TooLong, ErrorOf(longest + "a"));
    }

    [Theory]
    [InlineData("(", "@.a", ")")]
    [InlineData("!(", "@.a", ")")]
    [InlineData("@[?(", "@.a", ")]")]
    public void Nesting_of_filters_is_limited(string open, string inner, string close)
    {
        // The filter itself is the first level; one inside a filter comes with its parentheses.
        int levels = open.StartsWith('@') ? (JsonPath.MaxNesting - 1) / 2 : JsonPath.MaxNesting - 1;
        Assert.True(JsonPath.TryParse(Nest(levels), out _, out JsonPathError? error), error?.ToString());
        Assert.Equal(JsonPathErrorCode.TooDeep, ErrorOf(Nest(levels + 1)));
        Assert.Equal(JsonPathErrorCode.TooDeep, ErrorOf(Nest(1_000)));

        string Nest(int count) => "$[?" + Repeat(open, count) + inner + Repeat(close, count) + "]";
    }

    [Fact]
    public void Nesting_of_literals_is_limited()
    {
        Assert.True(JsonPath.TryParse(Nest(JsonPath.MaxNesting - 1), out _, out _));
        Assert.Equal(JsonPathErrorCode.TooDeep, ErrorOf(Nest(JsonPath.MaxNesting)));

        static string Nest(int count) => "$[?@.a == " + Repeat("[", count) + Repeat("]", count) + "]";
    }

    [Fact]
    public void Length_of_a_pattern_is_limited()
    {
        Assert.True(JsonPath.TryParse(Pattern(JsonPath.MaxPatternLength), out _, out _));
        Assert.Equal(JsonPathErrorCode.TooLong, ErrorOf(Pattern(JsonPath.MaxPatternLength + 1)));

        static string Pattern(int length) => $"$[?(@.a =~ /{new string('a', length)}/)]";
    }

    [Theory]
    [InlineData("$[*]", 100)]
    [InlineData("$[10:20]", 10)]
    [InlineData("$[0,0,1]", 3)]
    [InlineData("$..*", 201)]
    [InlineData("$[?(@.a)]", 100)]
    public void Work_of_indefinite_paths_is_limited(string text, int cost)
    {
        JsonArray document = JsonArray.Of([.. Enumerable.Range(0, 100).Select(i => JsonNumber.Of(i))]);
        Assert.True(JsonPath.TryParse(text, out JsonPath? path, out _));
        cost = text.Contains('?', StringComparison.Ordinal) ? 2 * cost : cost;

        JsonPathResult within = path.Evaluate(document, new JsonPathLimits { MaxVisitedNodes = cost });
        Assert.True(within.Found);
        Assert.False(within.LimitExceeded);

        JsonPathResult beyond = path.Evaluate(document, new JsonPathLimits { MaxVisitedNodes = cost - 1 });
        Assert.False(beyond.Found);
        Assert.True(beyond.LimitExceeded);
    }

    [Fact]
    public void Nested_searches_of_the_whole_document_end_at_the_limit()
    {
        var numbers = new JsonArrayBuilder();
        for (int i = 0; i < 3_000; i++)
        {
            numbers.Add(JsonObject.Of("n" + i.ToString(CultureInfo.InvariantCulture), JsonArray.Of(JsonNumber.Of(i))));
        }

        Assert.True(JsonPath.TryParse("$..[?($..[?($..[?(@ == $)])])]", out JsonPath? path, out _));
        Assert.True(path.Evaluate(numbers.ToArray(), new JsonPathLimits { MaxVisitedNodes = 1_000_000 }).LimitExceeded);
    }

    [Fact]
    public void Deep_documents_are_searched_without_recursion()
    {
        JsonValue value = JsonObject.Of("leaf", JsonBoolean.True);
        for (int i = 0; i < 200_000; i++)
        {
            value = JsonObject.Of("a", value);
        }

        Assert.True(JsonPath.TryParse("$..leaf", out JsonPath? path, out _));
        Assert.Equal("[true]", path.Evaluate(value).Value?.ToString());
    }

    [Fact]
    public void Definite_paths_allocate_nothing()
    {
        JsonValue document = JsonValue.Parse("{\"a\":[{\"b\":1}],\"c\":{\"a\":2}}");
        Assert.True(JsonPath.TryParse("$.a[0].b", out JsonPath? path, out _));
        Assert.True(path.Evaluate(document).Found);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
        {
            _ = path.Evaluate(document);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static JsonPathErrorCode? ErrorOf(string path)
    {
        Assert.False(JsonPath.TryParse(path, out _, out JsonPathError? error));
        return error.Code;
    }

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}
