namespace Lockstep.Json.Tests.Values;

public sealed class JsonNumberTests
{
    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(1.0, "1")]
    [InlineData(-1.5, "-1.5")]
    [InlineData(0.1, "0.1")]
    [InlineData(100.0, "100")]
    [InlineData(1e20, "100000000000000000000")]
    [InlineData(123456789012345680000.0, "123456789012345680000")]
    [InlineData(1e21, "1e+21")]
    [InlineData(1.5e300, "1.5e+300")]
    [InlineData(0.000001, "0.000001")]
    [InlineData(0.0000001, "1e-7")]
    [InlineData(-1.25e-9, "-1.25e-9")]
    [InlineData(9007199254740993.0, "9007199254740992")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(1.7976931348623157e308, "1.7976931348623157e+308")]
    public void Doubles_print_as_ecmascript_prints_them(double value, string text)
    {
        JsonNumber number = JsonNumber.Of(value);
        Assert.Equal(text, number.Text);
        Assert.Equal(text.Length, number.Utf8Length);
        Assert.Equal(text, number.ToString());
    }

    [Fact]
    public void Negative_zero_prints_as_zero() => Assert.Equal("0", JsonNumber.Of(double.NegativeZero).Text);

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void There_is_no_number_that_is_none(double value) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => JsonNumber.Of(value));

    [Theory]
    [InlineData(0L)]
    [InlineData(-1L)]
    [InlineData(-2L)]
    [InlineData(9L)]
    [InlineData(10L)]
    [InlineData(1023L)]
    [InlineData(1024L)]
    [InlineData(999999999999999999L)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void Integers_know_their_text_and_its_length(long value)
    {
        JsonNumber number = JsonNumber.Of(value);
        Assert.Equal(FormattableString.Invariant($"{value}"), number.ToString());
        Assert.Equal(number.Text.Length, number.Utf8Length);
        Assert.True(number.TryGetInt64(out long back));
        Assert.Equal(value, back);
        Assert.True(number.IsIntegerText);
        Assert.Equal(number, JsonValue.Parse(number.Text));
    }

    [Theory]
    [InlineData("1.0", 1L)]
    [InlineData("1e2", 100L)]
    [InlineData("-0", 0L)]
    [InlineData("0.0e5", 0L)]
    [InlineData("12.50e1", 125L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData("9223372036854775807.000", long.MaxValue)]
    public void Integers_are_found_by_value(string text, long expected)
    {
        Assert.True(JsonNumber.FromText(text).TryGetInt64(out long value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("1e-1")]
    [InlineData("9223372036854775808")]
    [InlineData("-9223372036854775809")]
    [InlineData("1e19")]
    [InlineData("1e999999999999999999999")]
    public void What_is_no_64_bit_integer_is_not_found(string text) => Assert.False(JsonNumber.FromText(text).TryGetInt64(out _));

    [Theory]
    [InlineData("1", "1.0", 0)]
    [InlineData("1E2", "100", 0)]
    [InlineData("0", "-0.0e7", 0)]
    [InlineData("0.1", "0.10", 0)]
    [InlineData("1e1000000000000000000000", "10e999999999999999999999", 0)]
    [InlineData("1e1000000000000000000000", "1e999999999999999999999", 1)]
    [InlineData("123456789012345678901234567890", "123456789012345678901234567891", -1)]
    [InlineData("0.1", "0.1000000000000000000000000000001", -1)]
    [InlineData("-2", "-10", 1)]
    [InlineData("-1e-99999", "0", -1)]
    [InlineData("9007199254740993", "9007199254740992.0", 1)]
    public void Comparison_is_exact(string left, string right, int expected)
    {
        JsonNumber a = JsonNumber.FromText(left);
        JsonNumber b = JsonNumber.FromText(right);
        Assert.Equal(expected, Math.Sign(a.CompareTo(b)));
        Assert.Equal(-expected, Math.Sign(b.CompareTo(a)));
        Assert.Equal(expected == 0, a.Equals(b));
        Assert.True(expected != 0 || a.GetHashCode() == b.GetHashCode());
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("123456789012345678901234567890", true)]
    [InlineData("1.0", false)]
    [InlineData("1e2", false)]
    public void Spelling_of_integers_is_known(string text, bool expected) =>
        Assert.Equal(expected, JsonNumber.FromText(text).IsIntegerText);

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("+1")]
    [InlineData("01")]
    [InlineData("1.")]
    [InlineData(".1")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("0x1")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("NaN")]
    [InlineData("١")]
    public void Other_texts_are_no_numbers(string text)
    {
        Assert.False(JsonNumber.TryFromText(text, out _));
        Assert.Throws<FormatException>(() => JsonNumber.FromText(text));
    }

    [Fact]
    public void Out_of_range_doubles_are_infinite() =>
        Assert.Equal(double.NegativeInfinity, JsonNumber.FromText("-1e999").ToDouble());
}
