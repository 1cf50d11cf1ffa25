using System.Globalization;
using Lockstep.Jsonata.Pictures;

namespace Lockstep.Jsonata.Tests.Pictures;

public sealed class IntegerPictureTests
{
    [Theory]
    [InlineData(0, "0", "0")]
    [InlineData(-0.4, "0", "-1")]
    [InlineData(1.9, "0", "1")]
    [InlineData(1E21, "0", "1000000000000000000000")]
    [InlineData(123456789012345678, "0", "123456789012345680")]
    [InlineData(0, "I", "")]
    [InlineData(-5, "I", "-V")]
    [InlineData(4999, "i", "mmmmcmxcix")]
    [InlineData(0, "A", "")]
    [InlineData(-27, "a", "-aa")]
    [InlineData(703, "a", "aaa")]
    [InlineData(300, "A", "KN")]
    [InlineData(123456, "A", "FZPH")]
    [InlineData(26, "a", "z")]
    [InlineData(0, "w", "zero")]
    [InlineData(-5, "w", "-five")]
    [InlineData(34, "w", "thirty-four")]
    [InlineData(99, "W", "NINETY-NINE")]
    [InlineData(100, "w", "one hundred")]
    [InlineData(555, "Ww", "Five Hundred and Fifty-Five")]
    [InlineData(1001, "w", "one thousand and one")]
    [InlineData(1100, "w", "one thousand, one hundred")]
    [InlineData(4327730, "w", "four million, three hundred and twenty-seven thousand, seven hundred and thirty")]
    [InlineData(1000000000001, "w", "one trillion and one")]
    [InlineData(1000000000000000, "w", "one thousand trillion")]
    [InlineData(1.5E24, "w", "one trillion, five hundred billion trillion")]
    [InlineData(1E46, "w", "ten billion trillion trillion trillion")]
    [InlineData(0, "w;o", "zeroth")]
    [InlineData(12, "w;o", "twelfth")]
    [InlineData(20, "w;o", "twentieth")]
    [InlineData(34, "w;o", "thirty-fourth")]
    [InlineData(99, "W;o", "NINETY-NINTH")]
    [InlineData(21, "Ww;o", "Twenty-First")]
    [InlineData(100, "w;o", "one hundredth")]
    [InlineData(1000000000001, "w;o", "one trillion and first")]
    [InlineData(1, "0;o", "1st")]
    [InlineData(11, "0;o", "11th")]
    [InlineData(12, "0;o", "12th")]
    [InlineData(13, "0;o", "13th")]
    [InlineData(22, "0;o", "22nd")]
    [InlineData(23, "0;o", "23rd")]
    [InlineData(112, "0;o", "112th")]
    [InlineData(-1, "0;o", "-1st")]
    [InlineData(1, "0;c", "1")]
    [InlineData(1, "0;x", "1")]
    [InlineData(12, "0;o(-en)", "12th")]
    [InlineData(-3, "0000", "-0003")]
    [InlineData(1, "0#", "1")]
    [InlineData(1, "0,", "1,")]
    [InlineData(1, "0,,0", "0,,1")]
    [InlineData(123, "0a0", "1a2a3")]
    [InlineData(12345, "#-#0", "1-23-45")]
    [InlineData(12345, "#.#-#0", "12.3-45")]
    [InlineData(1234567890, "#,##0", "1,234,567,890")]
    [InlineData(1234567890, "##,##,##0", "12345,67,890")]
    [InlineData(1234567, "#;##0;o", "1;234;567th")]
    [InlineData(7, "00;00", "07")]
    [InlineData(7, "000,000", "000,007")]
    [InlineData(12340, "###０", "１２３４０")]
    [InlineData(12, "٠", "١٢")]
    [InlineData(1234567, "0😀000", "1😀234😀567")]
    public void Formats(double value, string picture, string expected) => Assert.Equal(expected, IntegerPicture.Format(value, picture));

    [Theory]
    [InlineData("123", "000", 123)]
    [InlineData("-123", "0", -123)]
    [InlineData("+5", "0", 5)]
    [InlineData("123rd", "000;o", 123)]
    [InlineData("1234th", "###0;o", 1234)]
    [InlineData("1,234,567,890", "#,##0", 1234567890)]
    [InlineData("1234:567,890", "#:###,##0", 1234567890)]
    [InlineData("１２", "０", 12)]
    [InlineData("١٢", "٠", 12)]
    [InlineData("", "I", 0)]
    [InlineData("MCMLXXXIV", "I", 1984)]
    [InlineData("iv", "I", 4)]
    [InlineData("IIX", "I", 8)]
    [InlineData("FIVE HUNDRED AND FIFTY-FIVE", "W", 555)]
    [InlineData("three hundred and twenty-seven thousand, seven hundred and thirty", "w", 327730)]
    [InlineData("one hundred and one thousand and one", "w", 101001)]
    [InlineData("one thousand, two hundred and thirty-four trillion, five hundred", "w", 1234000000000500)]
    [InlineData("one trillion, five hundred billion trillion", "w", 1.5E24)]
    [InlineData("ten billion trillion trillion trillion", "w", 1E46)]
    [InlineData("four million, three hundred and twenty-seven thousand, seven hundred and thirty-second", "w;o", 4327732)]
    [InlineData("one trillion and first", "w;o", 1000000000001)]
    [InlineData("zero", "w", 0)]
    [InlineData("first", "w", 1)]
    [InlineData("l", "a", 12)]
    [InlineData("AA", "A", 27)]
    [InlineData("12abc", "0", 12)]
    public void Parses(string text, string picture, double expected) => Assert.Equal(expected, IntegerPicture.Parse(text, picture));

    [Theory]
    [InlineData("abc", "0")]
    [InlineData("", "0")]
    [InlineData("-", "0")]
    [InlineData("12", "٠")]
    [InlineData("minus five", "w")]
    [InlineData("", "w")]
    [InlineData("million", "w")]
    [InlineData("XYZ", "I")]
    [InlineData("a1", "a")]
    public void What_is_no_number_of_the_picture_is_not_a_number(string text, string picture) =>
        Assert.Equal(double.NaN, IntegerPicture.Parse(text, picture));

    [Fact]
    public void A_number_beyond_all_doubles_is_not_a_number() =>
        Assert.Equal(double.NaN, IntegerPicture.Parse(new string('9', 400), "0"));

    [Theory]
    [InlineData("", "D3130")]
    [InlineData("#", "D3130")]
    [InlineData(";o", "D3130")]
    [InlineData("x", "D3130")]
    [InlineData("iI", "D3130")]
    [InlineData("α", "D3130")]
    [InlineData("①", "D3130")]
    [InlineData("0٠", "D3131")]
    public void Refuses_a_picture(string picture, string code)
    {
        Assert.Equal(code, Assert.Throws<JsonataException>(() => IntegerPicture.Format(1, picture)).Code);
        Assert.Equal(code, Assert.Throws<JsonataException>(() => IntegerPicture.Parse("1", picture)).Code);
    }

    [Fact]
    public void Roman_numerals_end_at_their_limit()
    {
        Assert.Equal(1000, IntegerPicture.Format(RomanNumerals.Largest, "I").Length);
        Assert.Equal("D3130", Assert.Throws<JsonataException>(() => IntegerPicture.Format(RomanNumerals.Largest + 1, "I")).Code);
    }

    [Theory]
    [InlineData("w")]
    [InlineData("Ww;o")]
    [InlineData("I")]
    [InlineData("a")]
    [InlineData("#,##0;o")]
    [InlineData("٠٠")]
    public void What_is_written_reads_back(string picture)
    {
        for (int i = 1; i < 200_000; i += 1 + i / 7)
        {
            string text = IntegerPicture.Format(i, picture);
            Assert.True(IntegerPicture.Parse(text, picture) == i, string.Create(CultureInfo.InvariantCulture, $"{i} as {text}"));
        }
    }

    [Fact]
    public void Words_read_back_at_every_size()
    {
        for (double value = 1; value < 1e15; value = Math.Floor(value * 3.7) + 1)
        {
            Assert.Equal(value, IntegerPicture.Parse(IntegerPicture.Format(value, "w"), "w"));
        }
    }
}
