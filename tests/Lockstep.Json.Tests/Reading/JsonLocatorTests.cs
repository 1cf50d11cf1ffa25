using System.Text;

namespace Lockstep.Json.Tests.Reading;

public sealed class JsonLocatorTests
{
    private const string Text = """
        {
          "a": [1, {"b/c": "x\"]"},
            "é☺"],
          "t~": {"": null}
        }
        """;

    [Theory]
    [InlineData("", 1, 1)]
    [InlineData("/a", 2, 8)]
    [InlineData("/a/0", 2, 9)]
    [InlineData("/a/1", 2, 12)]
    [InlineData("/a/1/b~1c", 2, 20)]
    [InlineData("/a/2", 3, 5)]
    [InlineData("/t~0", 4, 9)]
    [InlineData("/t~0/", 4, 14)]
    public void Finds_values(string pointer, int line, int column)
    {
        Assert.True(JsonLocator.TryLocate(Encoding.UTF8.GetBytes(Text), pointer, out JsonPosition position));
        Assert.Equal((line, column), (position.Line, position.Column));
    }

    [Theory]
    [InlineData("/a", 2, 3)]
    [InlineData("/a/1/b~1c", 2, 13)]
    [InlineData("/a/1", 2, 12)]
    [InlineData("/t~0/", 4, 10)]
    public void Finds_names(string pointer, int line, int column)
    {
        Assert.True(JsonLocator.TryLocate(Encoding.UTF8.GetBytes(Text), pointer, out JsonPosition position, key: true));
        Assert.Equal((line, column), (position.Line, position.Column));
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 3)]
    [InlineData(2, 5)]
    [InlineData(3, 11)]
    [InlineData(4, 12)]
    [InlineData(6, 13)]
    [InlineData(7, 14)]
    [InlineData(99, 14)]
    public void Finds_places_in_strings(int offset, int column)
    {
        byte[] text = Encoding.UTF8.GetBytes("""["a\"\u00e9é😀x"]""");

        Assert.True(JsonLocator.TryLocateInString(text, "/0", offset, out JsonPosition position));
        Assert.Equal((1, column + 1), (position.Line, position.Column));
    }

    [Theory]
    [InlineData("/a/0")]
    [InlineData("/b")]
    public void Says_when_there_is_no_such_string(string pointer) =>
        Assert.False(JsonLocator.TryLocateInString(Encoding.UTF8.GetBytes(Text), pointer, 0, out _));

    [Theory]
    [InlineData("/b")]
    [InlineData("/a/3")]
    [InlineData("/a/x")]
    [InlineData("/a/-1")]
    [InlineData("/a/0/0")]
    [InlineData("/t~0/b")]
    public void Says_when_there_is_no_such_value(string pointer) =>
        Assert.False(JsonLocator.TryLocate(Encoding.UTF8.GetBytes(Text), pointer, out _));

    [Fact]
    public void Offsets_count_bytes_and_columns_characters()
    {
        byte[] utf8 = Encoding.UTF8.GetBytes("\uFEFF[\"é☺😀\", 1]");
        Assert.True(JsonLocator.TryLocate(utf8, "/1", out JsonPosition position));
        Assert.Equal(new JsonPosition(1, 9, 3 + 1 + 11 + 2), position);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"a")]
    [InlineData("{\"a\"")]
    [InlineData("{\"a\":")]
    [InlineData("[")]
    [InlineData("[[")]
    [InlineData("{\"b\":[{\"x")]
    public void Survives_what_is_not_json(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        Assert.False(JsonLocator.TryLocate(utf8, "/a", out _));
        Assert.False(JsonLocator.TryLocate(utf8, "/1", out _));
    }
}
