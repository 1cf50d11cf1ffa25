using Lockstep.Json.Paths;

namespace Lockstep.Json.Tests.Paths;

public sealed class ReferencePathTests
{
    [Theory]
    [InlineData("{\"a\":1}", "$", "7")]
    [InlineData("{\"a\":1}", "$.a", "{\"a\":7}")]
    [InlineData("{\"a\":1}", "$.b", "{\"a\":1,\"b\":7}")]
    [InlineData("{\"a\":1}", "$.b.c['d e']", "{\"a\":1,\"b\":{\"c\":{\"d e\":7}}}")]
    [InlineData("{\"a\":[1,{\"b\":2}]}", "$.a[1].b", "{\"a\":[1,{\"b\":7}]}")]
    [InlineData("{\"a\":[1,2]}", "$.a[0]", "{\"a\":[7,2]}")]
    public void Sets_the_place(string root, string path, string expected)
    {
        Assert.True(ReferencePath.TryParse(path, out ReferencePath? parsed, out _));
        Assert.Equal(expected, parsed.Set(JsonValue.Parse(root), JsonNumber.Of(7)).Value?.ToString());
    }

    [Theory]
    [InlineData("[]", "$.a")]
    [InlineData("\"text\"", "$.a")]
    [InlineData("null", "$.a")]
    [InlineData("{\"a\":1}", "$.a.b")]
    [InlineData("{\"a\":[1]}", "$.a[1]")]
    [InlineData("{\"a\":{}}", "$.a[0]")]
    [InlineData("{}", "$.a[0]")]
    public void Refuses_a_place_that_cannot_be(string root, string path)
    {
        Assert.True(ReferencePath.TryParse(path, out ReferencePath? parsed, out _));
        ReferencePathSetResult result = parsed.Set(JsonValue.Parse(root), JsonNumber.Of(7));
        Assert.False(result.IsSuccess);
        Assert.NotEmpty(result.Problem);
    }

    [Theory]
    [InlineData("$[-1]")]
    public void Refuses_other_paths(string path)
    {
        Assert.False(ReferencePath.TryParse(path, out _, out JsonPathError? error));
        Assert.Equal(JsonPathErrorCode.NotAReferencePath, error.Code);
    }

    [Fact]
    public void Shares_what_it_does_not_change()
    {
        var root = (JsonObject)JsonValue.Parse("{\"big\":{\"x\":1},\"small\":{}}");
        Assert.True(ReferencePath.TryParse("$.small.y", out ReferencePath? path, out _));
        var changed = (JsonObject)path.Set(root, JsonNull.Instance).Value!;
        Assert.Same(root["big"], changed["big"]);
    }
}
