using System.Text;

namespace Lockstep.Json.Tests.Reading;

public sealed class JsonReaderTests
{
    [Theory]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("false")]
    [InlineData("0")]
    [InlineData("-0")]
    [InlineData("1.0")]
    [InlineData("1E5")]
    [InlineData("-12.50e-07")]
    [InlineData("123456789012345678")]
    [InlineData("1234567890123456789")]
    [InlineData("123456789012345678901234567890")]
    [InlineData("\"\"")]
    [InlineData("\"a\\\"\\\\\\b\\t\\n\\f\\r\\u0001é☺😀\"")]
    [InlineData("\"\\uD83D\"")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("[[],{},[[1]]]")]
    [InlineData("{\"b\":1,\"a\":{\"\":[null]},\"é\":\"x\"}")]
    public void Canonical_text_prints_as_it_was_read(string text)
    {
        JsonValue value = JsonValue.Parse(text);
        Assert.Equal(text, value.ToString());
        Assert.Equal(Encoding.UTF8.GetBytes(text), value.ToUtf8());
        Assert.Equal(Encoding.UTF8.GetByteCount(text), value.Utf8Length);
    }

    [Theory]
    [InlineData(" [ 1 , { \"a\" : 2 } ] ", "[1,{\"a\":2}]")]
    [InlineData("\uFEFF{}", "{}")]
    [InlineData("\"\\u00e9\\/\\ud83d\\ude00\"", "\"é/😀\"")]
    public void Other_spellings_are_read_alike(string text, string printed) =>
        Assert.Equal(printed, JsonValue.Parse(text).ToString());

    [Theory]
    [InlineData("", JsonReadErrorCode.UnexpectedEnd, 0, "")]
    [InlineData("{\"a\":[1,]}", JsonReadErrorCode.Syntax, 8, "/a/1")]
    [InlineData("{\"a\":1,}", JsonReadErrorCode.Syntax, 7, "")]
    [InlineData("{\"a\":{\"b\":1},\"c\":tru}", JsonReadErrorCode.Syntax, 17, "/c")]
    [InlineData("[1 2]", JsonReadErrorCode.Syntax, 3, "/1")]
    [InlineData("{\"a\" 1}", JsonReadErrorCode.Syntax, 5, "/a")]
    [InlineData("[1", JsonReadErrorCode.UnexpectedEnd, 2, "/1")]
    [InlineData("[1}", JsonReadErrorCode.Syntax, 2, "/1")]
    [InlineData("1 2", JsonReadErrorCode.TrailingText, 2, "")]
    [InlineData("{} x", JsonReadErrorCode.TrailingText, 3, "")]
    [InlineData("01", JsonReadErrorCode.Syntax, 0, "")]
    [InlineData("-", JsonReadErrorCode.Syntax, 0, "")]
    [InlineData("1.", JsonReadErrorCode.Syntax, 0, "")]
    [InlineData(".5", JsonReadErrorCode.Syntax, 0, "")]
    [InlineData("1e", JsonReadErrorCode.Syntax, 0, "")]
    [InlineData("+1", JsonReadErrorCode.Syntax, 0, "")]
    [InlineData("NaN", JsonReadErrorCode.Syntax, 0, "")]
    [InlineData("\"a", JsonReadErrorCode.UnexpectedEnd, 2, "")]
    [InlineData("\"a\\", JsonReadErrorCode.UnexpectedEnd, 3, "")]
    [InlineData("\"\\x\"", JsonReadErrorCode.Syntax, 1, "")]
    [InlineData("\"\\u12g4\"", JsonReadErrorCode.Syntax, 1, "")]
    [InlineData("\"\\u12\"", JsonReadErrorCode.Syntax, 1, "")]
    [InlineData("\"\t\"", JsonReadErrorCode.Syntax, 1, "")]
    [InlineData("{\"x\":{\"a\":1,\"b\":2,\"a\":3}}", JsonReadErrorCode.DuplicateKey, 18, "/x/a")]
    [InlineData("// no\n1", JsonReadErrorCode.Syntax, 0, "")]
    [InlineData("\0", JsonReadErrorCode.Syntax, 0, "")]
    public void What_is_not_json_is_refused_with_its_place(string text, JsonReadErrorCode code, int offset, string pointer)
    {
        JsonReadResult result = JsonReader.Read(text);
        Assert.False(result.IsSuccess);
        Assert.Null(result.Value);
        Assert.Equal((code, offset, pointer), (result.Error.Code, result.Error.ByteOffset, result.Error.Pointer));
        Assert.Throws<FormatException>(() => JsonValue.Parse(text));
    }

    [Fact]
    public void Lines_and_columns_count_characters_from_one()
    {
        JsonReadResult result = JsonReader.Read("\uFEFF{\n  \"é☺😀\": ?\n}");
        Assert.NotNull(result.Error);
        Assert.Equal((2, 10, "/é☺😀"), (result.Error.Line, result.Error.Column, result.Error.Pointer));
        Assert.Equal("(2,10): '?' where a value was expected.", result.Error.ToString());
    }

    [Theory]
    [InlineData(new byte[] { (byte)'"', 0xC3, 0x28, (byte)'"' }, 1)]
    [InlineData(new byte[] { (byte)'"', 0xED, 0xA0, 0x80, (byte)'"' }, 1)]
    [InlineData(new byte[] { (byte)'"', 0xC0, 0xAF, (byte)'"' }, 1)]
    [InlineData(new byte[] { (byte)'[', (byte)'"', 0xF0, 0x9F }, 2)]
    public void Bytes_that_are_not_utf8_are_refused(byte[] utf8, int offset)
    {
        JsonReadResult result = JsonReader.Read(utf8);
        Assert.Equal(JsonReadErrorCode.InvalidUnicode, result.Error?.Code);
        Assert.Equal(offset, result.Error?.ByteOffset);
    }

    [Fact]
    public void A_string_that_is_not_utf16_is_refused()
    {
        JsonReadError? error = JsonReader.Read("[\"\uD800\"]").Error;
        Assert.Equal((JsonReadErrorCode.InvalidUnicode, 2), (error?.Code, error?.ByteOffset));
    }

    [Fact]
    public void Depth_is_limited()
    {
        var limits = new JsonReadLimits { MaxDepth = 3 };
        Assert.True(JsonReader.Read("[{\"a\":[]}]", limits).IsSuccess);
        JsonReadError? error = JsonReader.Read("[{\"a\":[[]]}]", limits).Error;
        Assert.Equal((JsonReadErrorCode.TooDeep, 7, "/0/a/0"), (error?.Code, error?.ByteOffset, error?.Pointer));

        Assert.True(JsonReader.Read(Nested(1_000)).IsSuccess);
        Assert.Equal(JsonReadErrorCode.TooDeep, JsonReader.Read(Nested(1_001)).Error?.Code);
    }

    [Fact]
    public void Bytes_are_limited()
    {
        var limits = new JsonReadLimits { MaxBytes = 4 };
        Assert.True(JsonReader.Read("\"é\"", limits).IsSuccess);
        Assert.Equal(JsonReadErrorCode.TooLarge, JsonReader.Read("\"éa\"", limits).Error?.Code);
        Assert.Equal(JsonReadErrorCode.TooLarge, JsonReader.Read("12345"u8, limits).Error?.Code);
    }

    [Fact]
    public void Length_of_a_number_is_limited()
    {
        var limits = new JsonReadLimits { MaxNumberLength = 5 };
        Assert.Equal("12345", JsonReader.Read("12345", limits).Value?.ToString());
        Assert.Equal("1.2e5", JsonReader.Read("1.2e5", limits).Value?.ToString());
        Assert.Equal(JsonReadErrorCode.NumberTooLong, JsonReader.Read("123456", limits).Error?.Code);
        Assert.Equal(JsonReadErrorCode.NumberTooLong, JsonReader.Read("1.23e5", limits).Error?.Code);
    }

    [Fact]
    public void Duplicate_names_can_be_allowed_and_the_last_value_counts()
    {
        var limits = new JsonReadLimits { AllowDuplicateKeys = true };
        Assert.Equal("{\"a\":{\"c\":3},\"b\":2}", JsonReader.Read("{\"a\":1,\"b\":2,\"a\":{\"c\":3}}", limits).Value?.ToString());
    }

    [Fact]
    public void Duplicates_are_found_in_objects_of_any_size()
    {
        string names = string.Join(",", Enumerable.Range(0, 40).Select(i => $"\"n{i}\":{i}"));
        Assert.Equal(39, ((JsonNumber)((JsonObject)JsonValue.Parse($"{{{names}}}"))["n39"]!).ToDouble());
        Assert.Equal("/n7", JsonReader.Read($"{{{names},\"n7\":0}}").Error?.Pointer);
    }

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);
}
