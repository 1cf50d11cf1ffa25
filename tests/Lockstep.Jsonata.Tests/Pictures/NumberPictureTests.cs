using Lockstep.Jsonata.Pictures;

namespace Lockstep.Jsonata.Tests.Pictures;

public sealed class NumberPictureTests
{
    [Theory]
    [InlineData(0, "#", "0")]
    [InlineData(0, "#.#", ".0")]
    [InlineData(0.5, "#.#", ".5")]
    [InlineData(0.5, "#", "0")]
    [InlineData(1.5, "#", "2")]
    [InlineData(2.5, "#", "2")]
    [InlineData(-0.4, "0", "-0")]
    [InlineData(1.005, "0.00", "1.00")]
    [InlineData(1.015, "0.00", "1.02")]
    [InlineData(2.675, "0.00", "2.68")]
    [InlineData(0.125, "0.00", "0.12")]
    [InlineData(4.35, "0.0", "4.4")]
    [InlineData(99.5, "#", "100")]
    [InlineData(0.006, "0.00", "0.01")]
    [InlineData(0.004, "0.00", "0.00")]
    [InlineData(0.6, "0", "1")]
    [InlineData(12345.6, "#,###.00", "12,345.60")]
    [InlineData(12345678.9, "9,999.99", "12,345,678.90")]
    [InlineData(1E20, "#,######", "100,000000,000000,000000")]
    [InlineData(1E21, "#,##0", "1,000,000,000,000,000,000,000")]
    [InlineData(123456789012345678, "0", "123456789012345680")]
    [InlineData(1E-7, "0.0000000000", "0.0000001000")]
    [InlineData(1E-300, "0.0e0", "10.0e-301")]
    [InlineData(5E-324, "0.#", "0")]
    [InlineData(0.14, "01%", "14%")]
    [InlineData(0.07, "0.##%", "7%")]
    [InlineData(1.1, "0.####‰", "1100‰")]
    [InlineData(-6, "000", "-006")]
    [InlineData(1234.5678, "00.000e0", "12.346e2")]
    [InlineData(1234.5678, "00.000e000", "12.346e002")]
    [InlineData(0.234, ".00e0", ".23e0")]
    [InlineData(0.2, "#.e9", "0.2e0")]
    [InlineData(0.2, "0.e0", "2e-1")]
    [InlineData(0.000123456, "0.00e00", "1.23e-04")]
    [InlineData(999999, "0.00e0", "10.00e5")]
    [InlineData(123456, "#.##e0", "0.12e6")]
    [InlineData(0, "0.00e0", "0.00e0")]
    [InlineData(-42, "0e0", "-4e1")]
    [InlineData(185.2812, "PREFIX##00.000###SUFFIX", "PREFIX185.2812SUFFIX")]
    [InlineData(-1, "0;(0)", "(1)")]
    [InlineData(1, "0;(0)", "1")]
    [InlineData(-12.3, "[000.0];<0.0>", "<12.3>")]
    [InlineData(1234567.89, "#,##0,00.00", "12,345,67.89")]
    [InlineData(1234567, "#,####,##0", "1234,567")]
    [InlineData(1234567.891234, "0.000,000", "1234567.891,234")]
    [InlineData(1.5, "0.", "2")]
    [InlineData(1, "0 e", "1 e")]
    [InlineData(1, "xe0", "xe1")]
    [InlineData(2, "000.000", "002.000")]
    public void Formats(double value, string picture, string expected) =>
        Assert.Equal(expected, NumberPicture.Format(value, picture, NumberPictureOptions.Default));

    [Theory]
    [InlineData("#;#;#", "D3080")]
    [InlineData("0.0.0", "D3081")]
    [InlineData("0%%", "D3082")]
    [InlineData("0‰‰", "D3083")]
    [InlineData("#0%‰", "D3084")]
    [InlineData("", "D3085")]
    [InlineData("x.y", "D3085")]
    [InlineData("0;", "D3085")]
    [InlineData("abc", "D3086")]
    [InlineData("%%", "D3086")]
    [InlineData("%‰", "D3086")]
    [InlineData("0a0", "D3086")]
    [InlineData("0%0", "D3086")]
    [InlineData("0,.e0", "D3087")]
    [InlineData("0.,0", "D3087")]
    [InlineData("0,", "D3088")]
    [InlineData("0,,0", "D3089")]
    [InlineData("0#.e0", "D3090")]
    [InlineData("#0.#0e0", "D3091")]
    [InlineData("#0.0e0%", "D3092")]
    [InlineData("#0.0e0,0", "D3093")]
    [InlineData("0e", "D3093")]
    [InlineData("0ex", "D3093")]
    public void Refuses_a_picture_that_breaks_a_rule(string picture, string code)
    {
        var error = Assert.Throws<JsonataException>(() => NumberPicture.Format(20, picture, NumberPictureOptions.Default));
        Assert.Equal(code, error.Code);
    }

    [Theory]
    [InlineData(0.14, "###pm", "per-mille", "pm", "140pm")]
    [InlineData(0.5, "0pct", "percent", "pct", "50pct")]
    [InlineData(2, "AAA.AAA", "zero-digit", "A", "AAC.AAA")]
    [InlineData(1234.5678, "①①.①①①e①", "zero-digit", "⑟", "①②.③④⑥e②")]
    [InlineData(12.34, "٠.٠٠", "zero-digit", "٠", "١٢.٣٤")]
    [InlineData(-1.5, "0.0", "minus-sign", "~", "~1.5")]
    [InlineData(12345, "0x0", "exponent-separator", "x", "1x4")]
    [InlineData(12345, "@@0", "digit", "@", "12345")]
    [InlineData(-12345, "0|<0>", "pattern-separator", "|", "<12345>")]
    [InlineData(1.5, "0,0", "decimal-separator", ",", "1,5")]
    [InlineData(1, "0", "unknown", "x", "1")]
    public void Takes_its_characters_from_the_options(double value, string picture, string name, string text, string expected)
    {
        NumberPictureOptions options = name == "decimal-separator"
            ? NumberPictureOptions.Default.With("grouping-separator", ".").With(name, text)
            : NumberPictureOptions.Default.With(name, text);
        Assert.Equal(expected, NumberPicture.Format(value, picture, options));
    }

    [Theory]
    [InlineData("zero-digit", "")]
    [InlineData("zero-digit", "00")]
    [InlineData("decimal-separator", "::")]
    [InlineData("percent", "")]
    public void Refuses_an_option_that_is_not_one_character(string name, string text) =>
        Assert.Equal("T0410", Assert.Throws<JsonataException>(() => NumberPictureOptions.Default.With(name, text)).Code);
}
