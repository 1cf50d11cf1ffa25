using System.Buffers;
using System.Text;

namespace Lockstep.Json.Tests.Values;

public sealed class JsonValueTests
{
    [Theory]
    [InlineData("null", JsonKind.Null)]
    [InlineData("true", JsonKind.Boolean)]
    [InlineData("1", JsonKind.Number)]
    [InlineData("\"\"", JsonKind.String)]
    [InlineData("[]", JsonKind.Array)]
    [InlineData("{}", JsonKind.Object)]
    public void Kinds_are_those_of_json(string text, JsonKind kind) => Assert.Equal(kind, JsonValue.Parse(text).Kind);

    [Theory]
    [InlineData("{\"a\":1,\"b\":[2,{}]}", "{\"b\":[2.0,{}],\"a\":1e0}", true)]
    [InlineData("{\"a\":1}", "{\"a\":1,\"b\":1}", false)]
    [InlineData("{\"a\":1}", "{\"b\":1}", false)]
    [InlineData("[1,2]", "[2,1]", false)]
    [InlineData("[1,[2]]", "[1,[3]]", false)]
    [InlineData("[]", "{}", false)]
    [InlineData("1", "\"1\"", false)]
    [InlineData("null", "false", false)]
    [InlineData("\"é\"", "\"\\u00e9\"", true)]
    public void Equality_is_that_of_the_data_model(string left, string right, bool expected)
    {
        JsonValue a = JsonValue.Parse(left);
        JsonValue b = JsonValue.Parse(right);
        Assert.Equal(expected, a.Equals(b));
        Assert.Equal(expected, b.Equals((object)a));
        Assert.True(!expected || a.GetHashCode() == b.GetHashCode());
        Assert.False(a.Equals(null));
    }

    [Fact]
    public void Every_way_of_printing_gives_the_same_text()
    {
        JsonValue value = JsonValue.Parse("{\"a\":[1,\"é\"],\"b\":{}}");
        var bytes = new ArrayBufferWriter<byte>();
        var text = new StringBuilder("> ");
        value.WriteTo(bytes);
        value.WriteTo(text);
        Assert.Equal(value.ToUtf8(), bytes.WrittenSpan.ToArray());
        Assert.Equal("> " + value, text.ToString());
    }

    [Fact]
    public void Depth_counts_levels_of_nesting()
    {
        Assert.Equal(0, JsonValue.Parse("1").Depth);
        Assert.Equal(1, JsonValue.Parse("[]").Depth);
        Assert.Equal(3, JsonValue.Parse("{\"a\":[{}],\"b\":1}").Depth);
    }

    [Fact]
    public void Nothing_overflows_the_stack_however_deep_a_value_is()
    {
        const int Levels = 200_000;
        JsonValue left = Nested(Levels);
        JsonValue right = Nested(Levels);
        Assert.Equal(Levels, left.Depth);
        Assert.Equal(left, right);
        Assert.Equal(left.GetHashCode(), right.GetHashCode());
        Assert.Equal(left.Utf8Length, left.ToString().Length);
        Assert.True(JsonReader.Read(left.ToUtf8(), new JsonReadLimits { MaxDepth = Levels }).IsSuccess);
        Assert.Equal(JsonReadErrorCode.TooDeep, JsonReader.Read(left.ToUtf8()).Error?.Code);
    }

    [Fact]
    public void Length_of_shared_structure_saturates()
    {
        JsonValue value = JsonString.Of("0123456789");
        for (int i = 0; i < 40; i++)
        {
            value = JsonArray.Of(value, value);
        }

        Assert.Equal(int.MaxValue, value.Utf8Length);
        Assert.Throws<InvalidOperationException>(() => value.ToString());
        Assert.Throws<InvalidOperationException>(value.ToUtf8);
    }

    [Fact]
    public void Arrays_change_by_copying()
    {
        JsonArray array = JsonArray.Of(JsonNumber.Of(1), JsonNumber.Of(2));
        Assert.Equal("[1,null]", array.With(1, JsonNull.Instance).ToString());
        Assert.Equal("[1,2]", array.ToString());
        Assert.Throws<ArgumentOutOfRangeException>(() => array.With(2, JsonNull.Instance));
        Assert.Throws<ArgumentOutOfRangeException>(() => array.With(-1, JsonNull.Instance));
        Assert.Same(JsonArray.Empty, JsonArray.Of());
        Assert.Equal([JsonNumber.Of(1), JsonNumber.Of(2)], array);
    }

    [Fact]
    public void Builders_can_go_on_after_building()
    {
        var items = new JsonArrayBuilder();
        JsonArray first = items.Add(JsonBoolean.True).ToArray();
        JsonArray second = items.Add(JsonBoolean.False).ToArray();
        Assert.Equal("[true][true,false]", $"{first}{second}");

        var members = new JsonObjectBuilder();
        JsonObject one = members.Add("a", JsonNull.Instance).Build();
        JsonObject two = members.Set("a", JsonBoolean.True).Set("b", JsonBoolean.False).Build();
        Assert.Equal("{\"a\":null}{\"a\":true,\"b\":false}", $"{one}{two}");
        Assert.Throws<ArgumentException>(() => members.Add("b", JsonNull.Instance));
    }

    [Fact]
    public void Members_are_found_by_name_and_by_position()
    {
        JsonObject json = JsonObject.Of(new JsonProperty("a", JsonNull.Instance), new JsonProperty("b", JsonBoolean.True));
        Assert.Same(JsonNull.Instance, json["a"]);
        Assert.Null(json["c"]);
        Assert.False(json.TryGet("c", out _));
        Assert.True(json.Contains("b"));
        Assert.Equal(new JsonProperty("b", JsonBoolean.True), json[1]);
        Assert.Equal(["a", "b"], json.Select(member => member.Name));
        Assert.Same(json, json.With("b", JsonBoolean.True));
        Assert.Same(json, json.Without("c"));
        Assert.Equal(JsonObject.Empty, json.Without("a").Without("b"));
        Assert.Throws<ArgumentException>(() => JsonObject.Of(new JsonProperty("a", json), new JsonProperty("a", json)));
    }

    private static JsonValue Nested(int levels)
    {
        JsonValue value = JsonNumber.Of(1);
        for (int i = 0; i < levels; i++)
        {
            value = i % 2 == 0 ? JsonArray.Of(value) : JsonObject.Of("a", value);
        }

        return value;
    }

    [Fact]
    public void New_values_take_the_names_of_an_object()
    {
        var shape = (JsonObject)JsonValue.Parse("""{"a":1,"b":[2]}""");
        Assert.Equal("""{"a":null,"b":"x"}""", shape.WithValues(JsonNull.Instance, JsonString.Of("x")).ToString());
        Assert.Throws<ArgumentException>(() => shape.WithValues(JsonNull.Instance));
    }
}
