using System.Globalization;
using Lockstep.Jsonata.Pictures;

namespace Lockstep.Jsonata.Tests.Pictures;

public sealed class DateTimePictureTests
{
    // 2026-11-22T16:51:05.436Z
    private const long Now = 1795366265436;

    [Theory]
    [InlineData(0, null, null, "1970-01-01T00:00:00.000Z")]
    [InlineData(-1, null, null, "1969-12-31T23:59:59.999Z")]
    [InlineData(0, null, "+0530", "1970-01-01T05:30:00.000+05:30")]
    [InlineData(0, null, "0530", "1970-01-01T05:30:00.000+05:30")]
    [InlineData(0, null, "-0530", "1969-12-31T18:30:00.000-05:30")]
    [InlineData(0, null, "+0000", "1970-01-01T00:00:00.000Z")]
    [InlineData(1521801216617, "Hello", null, "Hello")]
    [InlineData(1521801216617, "", null, "")]
    [InlineData(1521801216617, "[[Year]]: [[[Y0001]]]", null, "[Year]: [2018]")]
    [InlineData(1521801216617, "Y]", null, "Y]")]
    [InlineData(1521801216617, "a]]b", null, "a]b")]
    [InlineData(1521801216617, "[Y]]", null, "2018]")]
    [InlineData(1521801216617, "[D#1]/[M#1]/[Y0001]", null, "23/3/2018")]
    [InlineData(1522616700000, "[F0] [FNn]", null, "7 Sunday")]
    [InlineData(1522703100000, "[F0] [FNn]", null, "1 Monday")]
    [InlineData(1521801216617, "[Y]-[ M01]-[D 01]T[H01 ]:[ m   ]:[s].[f0  01][Z01:\n 01t]", null, "2018-03-23T10:33:36.617Z")]
    [InlineData(1521801216617, "[Y]-[M01]-[D01]T[H01]:[m]:[s].[f001][Z0101t]", "+0100", "2018-03-23T11:33:36.617+0100")]
    [InlineData(1531310400000, "[H01]:[m]:[s][Z]", "-0500", "07:00:00-05:00")]
    [InlineData(1531310400000, "[H01][Z0]", "-0500", "07-5")]
    [InlineData(1521801216617, "[D#1,2]/[M1,2]/[Y,2]", null, "23/03/18")]
    [InlineData(1521801216617, "[D#1,2]/[M1,2]/[Y##01,2-2]", null, "23/03/18")]
    [InlineData(1521801216617, "[Y,1-6] [Y,2-4] [Y,*-6] [Y,1] [Y,1-1] [Y,2-3] [Y001,2-3] [Y#001] [Y1,2-3]", null, "002018 2018 002018 2018 8 018 018 2018 018")]
    [InlineData(1521801216617, "[Y01] [Y1] [Y001] [YI] [YA] [YWwo] [Y0001c]", null, "18 2018 018 MMXVIII BYP Two Thousand and Eighteenth 2018")]
    [InlineData(1521801216617, "[Y٠٠٠٠]", null, "٢٠١٨")]
    [InlineData(1521801216617, "[MN] [Mn] [MNn] [MNn,3-3] [MNn,4] [MNn,2-2] [MNn,*-4] [FN,2-2] [FNn,7-7] [F]", null, "MARCH march March Mar March Ma Marc FR Friday friday")]
    [InlineData(1521801216617, "[M,2] [M,x] [M,0] [D,3] [D1,3-3] [D001,2] [m,1-1]", null, "03 3 3 023 023 023 33")]
    [InlineData(1521801216617, "[DI] [Di] [Da] [DA] [Dw] [DWw] [DWwo] [D1o]", null, "XXIII xxiii w W twenty-three Twenty-Three Twenty-Third 23rd")]
    [InlineData(1514808000000, "[dwo] day of the year", null, "first day of the year")]
    [InlineData(1546257600000, "[d] [d001]", null, "365 365")]
    [InlineData(46800000, "[H]:[h]:[P]:[PN]:[Pn]:[PNn]:[P1]", null, "13:1:pm:PM:pm:pm:pm")]
    [InlineData(0, "[H]:[H01]:[h]:[m]:[m1]:[s]:[s1]:[P]", null, "0:00:12:00:0:00:0:am")]
    [InlineData(1521801216017, "[f] [f1] [f001]", null, "17 17 017")]
    [InlineData(1521801216617, "[C]|[E]|[CN]", null, "ISO|ISO|ISO")]
    [InlineData(0, "[Z]|[z]|[Z0]|[Z00]|[Z0:00]|[Z0000]|[Z000]|[Z0001t]|[Z01:01t]|[z0000]", "+0000", "+00:00|GMT+00:00|+0|+00|+0:00|+0000|+000|Z|Z|GMT+0000")]
    [InlineData(0, "[Z]|[z]|[Z0]|[Z00]|[Z0:00]|[Z0000]|[Z000]|[Z0001t]|[Z01:01t]|[z0000]", "+0530", "+05:30|GMT+05:30|+5:30|+05:30|+5:30|+0530|+530|+0530|+05:30|GMT+0530")]
    [InlineData(0, "[Z0.00] [Z#0:00] [z]", "-0530", "-5.30 -5:30 GMT-05:30")]
    [InlineData(1515326400000, "[W] [X]", null, "1 2018")]
    [InlineData(1545739200000, "[W]", null, "52")]
    [InlineData(1419854400000, "[W] [X]", null, "1 2015")]
    [InlineData(1451563200000, "[W]", null, "53")]
    [InlineData(1359633600000, "[w] of [xNn]", null, "5 of January")]
    [InlineData(1483272000000, "[w] of [xNn]", null, "5 of December")]
    [InlineData(1419940800000, "[w] of [xNn]", null, "1 of January")]
    [InlineData(1104624000000, "[X0001]-W[W01]-[F1]", null, "2004-W53-7")]
    [InlineData(1199059200000, "[X0001]-W[W01]-[F1]", null, "2008-W01-1")]
    [InlineData(-62167219200000, "[Y]-[M]-[D] [Y0001]", null, "0-1-1 0000")]
    [InlineData(-62198755200000, "[Y]-[M]-[D] [Y0001]", null, "-1-1-1 -0001")]
    [InlineData(253402300800000, "[Y]-[M]-[D]", null, "10000-1-1")]
    [InlineData(8640000000000000, "[Y]-[M]-[D]", null, "275760-9-13")]
    [InlineData(-8640000000000000, "[Y]-[M]-[D]", null, "-271821-4-20")]
    public void Formats(long millis, string? picture, string? timezone, string expected) =>
        Assert.Equal(expected, DateTimePicture.Format(millis, picture, timezone));

    [Theory]
    [InlineData("[Y", "D3135")]
    [InlineData("[", "D3135")]
    [InlineData("[]", "D3132")]
    [InlineData("[q]", "D3132")]
    [InlineData("[N]", "D3132")]
    [InlineData("[YN]", "D3133")]
    [InlineData("[dN]", "D3133")]
    [InlineData("[Y#]", "D3130")]
    [InlineData("[Mo]", "D3130")]
    [InlineData("[f###]", "D3130")]
    [InlineData("[ZN]", "D3133")]
    [InlineData("[ZZ]", "D3134")]
    [InlineData("[ZI]", "D3134")]
    [InlineData("[Z00000]", "D3134")]
    [InlineData("[Y,1001]", "U1011")]
    public void Refuses_a_picture(string picture, string code) =>
        Assert.Equal(code, Assert.Throws<JsonataException>(() => DateTimePicture.Format(0, picture, null)).Code);

    [Theory]
    [InlineData("")]
    [InlineData("Z")]
    [InlineData("EST")]
    [InlineData("+05:30")]
    [InlineData("+5")]
    [InlineData("+0560")]
    public void Refuses_a_timezone_that_is_no_offset(string timezone) =>
        Assert.Equal("D3134", Assert.Throws<JsonataException>(() => DateTimePicture.Format(0, null, timezone)).Code);

    [Theory]
    [InlineData(CivilTime.MaxMillis + 1)]
    [InlineData(-CivilTime.MaxMillis - 1)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void Refuses_a_time_without_a_date(long millis) =>
        Assert.Equal("D3110", Assert.Throws<JsonataException>(() => DateTimePicture.Format(millis, null, null)).Code);

    [Theory]
    [InlineData("2018-03-27T14:03:00.123Z", "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001]Z", 1522159380123)]
    [InlineData("201802", "[Y0001][M01]", 1517443200000)]
    [InlineData("201802", "[Y,*-4][M01]", 1517443200000)]
    [InlineData("201802", "[Y][M01]", 1517443200000)]
    [InlineData("20181", "[Y0001][M01]", 1514764800000)]
    [InlineData("2018101", "[Y0001][M1][D01]", 1514764800000)]
    [InlineData("20240101123849", "[Y0000][M00][D00][H00][m00][s00]", 1704112729000)]
    [InlineData("21st 12 1881", "[D1o] [M01] [Y0001]", -2777932800000)]
    [InlineData("w C mmxviii", "[Da] [MA] [Yi]", 1521763200000)]
    [InlineData("27th April 2008", "[D1o] [MNn] [Y0001]", 1209254400000)]
    [InlineData("2 Feb 2012", "[D1] [MNn,3-3] [Y0001]", 1328140800000)]
    [InlineData("one thousand, nine hundred and eighty-four", "[Yw]", 441763200000)]
    [InlineData("Twentieth of August, two thousand and seventeen", "[DW] of [MNn], [Yw]", 1503187200000)]
    [InlineData("three hundred and sixty-fifth day of 2018", "[dwo] day of [Y]", 1546214400000)]
    [InlineData("4/4/2018 12:06 am", "[D1]/[M1]/[Y0001] [h]:[m] [P]", 1522800360000)]
    [InlineData("4/4/2018 11:30 pm", "[D1]/[M1]/[Y0001] [h]:[m] [P]", 1522884600000)]
    [InlineData("2018-05-10 2 PM", "[Y]-[M]-[D] [h] [P]", 1525960800000)]
    [InlineData("Wednesday, 14th November 2018", "[FNn], [D1o] [MNn] [Y]", 1542153600000)]
    [InlineData("Xri 2018-01-01", "[FNn,3-3] [Y]-[M]-[D]", 1514764800000)]
    [InlineData("2020-09-09 08:00:00 +02:00", "[Y0001]-[M01]-[D01] [H01]:[m01]:[s01] [Z]", 1599631200000)]
    [InlineData("2020-09-09 08:00:00 GMT-05:00", "[Y0001]-[M01]-[D01] [H01]:[m01]:[s01] [z]", 1599656400000)]
    [InlineData("2020-09-09 12:00:00 +0530", "[Y0001]-[M01]-[D01] [H01]:[m01]:[s01] [Z0001]", 1599633000000)]
    [InlineData("2018-01-01 -05:30", "[Y]-[M]-[D] [Z]", 1514784600000)]
    [InlineData("2018-01-01 Z", "[Y]-[M]-[D] [Z01:01t]", 1514764800000)]
    [InlineData("2018-01-01 -5", "[Y]-[M]-[D] [Z0]", 1514782800000)]
    [InlineData("2018-01-01 -0530", "[Y]-[M]-[D] [Z0]", 1514784600000)]
    [InlineData("2018-01-01 GMT+1", "[Y]-[M]-[D] [z0]", 1514761200000)]
    [InlineData("2018-01-01 05:06:07.1", "[Y]-[M]-[D] [H]:[m]:[s].[f]", 1514783167100)]
    [InlineData("2018-01-01 05:06:07.1239", "[Y]-[M]-[D] [H]:[m]:[s].[f1]", 1514783167123)]
    [InlineData("2018-02-30", "[Y]-[M]-[D]", 1519948800000)]
    [InlineData("2018-13-01", "[Y]-[M]-[D]", 1546300800000)]
    [InlineData("18", "[Y]", -1640995200000)]
    [InlineData("2018-32", "[Y]-[d]", 1517443200000)]
    [InlineData("2018-W1-1", "[X]-W[W]-[F1]", 1514764800000)]
    [InlineData("2004-W53-7", "[X]-W[W]-[F1]", 1104624000000)]
    [InlineData("2018.01", "[Y].[M]", 1514764800000)]
    [InlineData("2018(01)", "[Y]([M])", 1514764800000)]
    [InlineData("[2018]", "[[[Y]]]", 1514764800000)]
    [InlineData("hello 2018", "Hello [Y]", 1514764800000)]
    [InlineData("٢٠١٨", "[Y٠٠٠١]", 1514764800000)]
    [InlineData("2018 ISO", "[Y] [C]", 1514764800000)]
    [InlineData("5", "[M]", 1777593600000)]
    [InlineData("5", "[D]", 1793836800000)]
    [InlineData("5", "[H]", 1795323600000)]
    [InlineData("5 pm", "[h] [P]", 1795366800000)]
    [InlineData("12 am", "[h] [P]", 1795305600000)]
    [InlineData("5", "[h]", 1795323600000)]
    [InlineData("5", "[m]", 1795363500000)]
    [InlineData("5", "[s]", 1795366265000)]
    [InlineData("5", "[f]", 1795366265500)]
    [InlineData("32", "[d]", 1769904000000)]
    [InlineData("1st January", "[D1o] [MNn]", 1767225600000)]
    public void Reads(string text, string picture, long expected) => Assert.Equal(expected, DateTimePicture.Parse(text, picture, Now));

    [Theory]
    [InlineData("Hello", "Hello")]
    [InlineData("irrelevant", "[Y]-[M]-[D]")]
    [InlineData("x2018-01-01", "[Y]-[M]-[D]")]
    [InlineData("2018-01-01x", "[Y]-[M]-[D]")]
    [InlineData("2018x01", "[Y].[M]")]
    [InlineData("", "[Y]")]
    [InlineData("2018-01-01 +0100", "[Y]-[M]-[D] [Z]")]
    [InlineData("1", "[D1o]")]
    [InlineData("-2018", "[Y]")]
    [InlineData("2018\n", "[Y]")]
    public void A_text_of_another_form_is_no_time(string text, string picture) => Assert.Null(DateTimePicture.Parse(text, picture, Now));

    [Theory]
    [InlineData("2018-05-22", "[Y]-[M]-[q]", "D3132")]
    [InlineData("2018-22", "[Y]-[D]", "D3136")]
    [InlineData("5-22 23:59", "[M]-[D] [m]:[s]", "D3136")]
    [InlineData("2018 5", "[Y] [H]", "D3136")]
    [InlineData("2018 5:3", "[Y] [H]:[s]", "D3136")]
    [InlineData("2018 pm", "[Y] [P]", "D3136")]
    [InlineData("2018-05-10 14", "[Y]-[M]-[D] [h]", "D3136")]
    [InlineData("2018-05-10 2 xm", "[Y]-[M]-[D] [h] [P]", "D3136")]
    [InlineData("2018-Mar-5", "[Y]-[MNn]-[D]", "D3136")]
    [InlineData("2018", "[YN]", "D3133")]
    [InlineData("12", "[W]", "D3136")]
    [InlineData("300000", "[Y]", "D3110")]
    [InlineData("99999999999999999999", "[Y]", "D3110")]
    public void Refuses_to_guess(string text, string picture, string code) =>
        Assert.Equal(code, Assert.Throws<JsonataException>(() => DateTimePicture.Parse(text, picture, Now)).Code);

    [Theory]
    [InlineData("1970-01-01T00:00:00.001Z", 1)]
    [InlineData("2018-02-01T09:42:13.123+0000", 1517478133123)]
    [InlineData("2017-10-30T15:28:34Z", 1509377314000)]
    [InlineData("2018", 1514764800000)]
    [InlineData("2018Z", 1514764800000)]
    [InlineData("2018-03", 1519862400000)]
    [InlineData("2018-03-04", 1520121600000)]
    [InlineData("2018-03-04Z", 1520121600000)]
    [InlineData("2018-03-04T05:06:07", 1520139967000)]
    [InlineData("2018T05:06:07", 1514783167000)]
    [InlineData("2018-03-04T05:06:07.1Z", 1520139967100)]
    [InlineData("2018-03-04T05:06:07.123456789Z", 1520139967123)]
    [InlineData("2018-03-04T05:06:07+01:00", 1520136367000)]
    [InlineData("2018-03-04T05:06:07-0530", 1520159767000)]
    [InlineData("2018-02-30", 1519948800000)]
    [InlineData("2018-03-04T24:00:00Z", 1520208000000)]
    [InlineData("0000-01-01", -62167219200000)]
    [InlineData("9999-12-31T23:59:59.999Z", 253402300799999)]
    public void Reads_ISO_8601(string text, long expected) => Assert.Equal(expected, DateTimePicture.Parse(text, null, Now));

    [Theory]
    [InlineData("foo")]
    [InlineData("")]
    [InlineData(" 2018")]
    [InlineData("2018 ")]
    [InlineData("01-02-2018")]
    [InlineData("18")]
    [InlineData("20181")]
    [InlineData("2018-3-4")]
    [InlineData("2018-03-04T")]
    [InlineData("2018-03-04T05:06Z")]
    [InlineData("2018-03-04 05:06:07Z")]
    [InlineData("2018-03-04t05:06:07z")]
    [InlineData("2018-13-01")]
    [InlineData("2018-00-01")]
    [InlineData("2018-01-00")]
    [InlineData("2018-01-32")]
    [InlineData("2018-03-04T25:00:00Z")]
    [InlineData("2018-03-04T24:00:01Z")]
    [InlineData("2018-03-04T23:60:00Z")]
    [InlineData("2018-03-04T23:59:60Z")]
    [InlineData("2018-03-04T05:06:07+01")]
    [InlineData("2018-03-04T05:06:07+25:00")]
    [InlineData("２０１８")]
    public void Refuses_what_is_not_ISO_8601(string text) =>
        Assert.Equal("D3110", Assert.Throws<JsonataException>(() => DateTimePicture.Parse(text, null, Now)).Code);

    [Fact]
    public void A_picture_is_at_most_so_long()
    {
        Assert.Equal(DateTimePictureParts.MaxLength, DateTimePicture.Format(0, new string('x', DateTimePictureParts.MaxLength), null).Length);
        AssertTooLarge(() => DateTimePicture.Format(0, new string('x', DateTimePictureParts.MaxLength + 1), null));
    }

    [Fact]
    public void A_component_is_at_most_so_wide()
    {
        Assert.Equal(DateTimeComponent.MaxWidth, DateTimePicture.Format(0, "[D,1000]", null).Length);
        AssertTooLarge(() => DateTimePicture.Format(0, "[D,1001]", null));
        AssertTooLarge(() => DateTimePicture.Format(0, "[D,99999999999999999999]", null));
    }

    [Fact]
    public void A_picture_to_read_by_has_at_most_so_many_components()
    {
        string picture = string.Concat(Enumerable.Repeat("[Y]-", DateTimeReader.MaxComponents));
        string text = string.Concat(Enumerable.Repeat("2018-", DateTimeReader.MaxComponents));
        Assert.Equal(1514764800000, DateTimePicture.Parse(text, picture, Now));
        AssertTooLarge(() => DateTimePicture.Parse(text, picture + "[Y]", Now));
    }

    [Fact]
    public void The_calendar_is_that_of_the_framework()
    {
        DateTime last = DateTime.UnixEpoch.AddDays(-719_162);
        for (int day = -719_162; day < 2_932_896; day += 97)
        {
            DateTime date = DateTime.UnixEpoch.AddDays(day);
            string expected = $"{date:yyyy-MM-dd} {date.DayOfYear} {ISOWeek.GetYear(date)} {ISOWeek.GetWeekOfYear(date)}";
            Assert.Equal(expected, DateTimePicture.Format(day * 86_400_000L, "[Y0001]-[M01]-[D01] [d] [X] [W]", null));
            Assert.Equal(day * 86_400_000L, DateTimePicture.Parse($"{date:yyyy-MM-dd}", null, Now));
            last = date;
        }

        Assert.Equal(9999, last.Year);
    }

    private static void AssertTooLarge(Action action) =>
        Assert.Equal(JsonataErrorCodes.PictureTooLarge, Assert.Throws<JsonataException>(action).Code);
}
