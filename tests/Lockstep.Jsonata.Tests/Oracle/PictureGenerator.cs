using System.Globalization;

namespace Lockstep.Jsonata.Tests.Oracle;

/// <summary>
/// Calls of the functions that take a picture (numbers, integers, times), with pictures put together of every part that there is, each where it belongs:
/// what the package makes of others is no rule.
/// </summary>
internal sealed class PictureGenerator(Choices choices)
{
    /// <summary>An expression.</summary>
    public string Next() => choices.Below(6) switch
    {
        0 or 1 => $"$formatNumber({Number()}, {Quoted(NumberPicture())}{Options()})",
        2 => $"$formatInteger({Integer()}, {Quoted(IntegerPicture(isRead: false))})",
        3 => IntegerRoundTrip(),
        4 => $"$fromMillis({Millis()}, {Quoted(TimePicture())}{Zone()})",
        _ => TimeRoundTrip(),
    };

    private static string Quoted(string text) => "'" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal) + "'";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private string Number() => choices.Below(5) switch
    {
        0 => choices.Of("0", "-0.5", "0.005", "1e-7", "1e15", "1000", "10", "123456789.987654", "-1", "0.999", "99.995"),
        1 => Text(choices.Below(2_000_000) - 1_000_000),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(choices.OneIn(3) ? "-" : "")}{choices.Below(100_000)}.{choices.Below(10_000)}"),
    };

    private string Integer() => choices.Below(4) switch
    {
        0 => Text(choices.Below(40)),
        1 => choices.Of("-1", "-21", "0", "100", "1000", "1000000", "1001", "1.5", "-0.4", "2026", "3999", "1000000000", "12345678901"),
        _ => Text(choices.Below(100_000)),
    };

    private string NumberPicture()
    {
        string integer = choices.Of("#", "0", "#0", "00", "#,##0", "0,00", "##,#00", "000", "#,###,##0");
        string fraction = choices.Of("", "", ".0", ".00", ".0#", ".##", ".000", ".#");

        // Before an exponent the package takes nothing for a prefix.
        string picture = choices.OneIn(4)
            ? choices.Of("0", "00", "#0") + choices.Of("", ".0", ".0#", ".00") + choices.Of("e0", "e00")
            : choices.Of("", "", "", "$", "x ", "-") + integer + fraction + choices.Of("", "", "", "%", "\u2030", " y");
        return choices.OneIn(4) ? $"{picture};({integer}{fraction})" : picture;
    }

    private string Options() => choices.Below(8) switch
    {
        0 => ", {'minus-sign': '~', 'percent': '%%', 'infinity': 'oo'}",
        1 => ", {'per-mille': 'pm', 'pattern-separator': '|'}",
        _ => "",
    };

    private string IntegerPicture(bool isRead) =>
        choices.Of("w", "W", "Ww", "i", "I", "a", "A", "0", "1", "000", "#0", "#,##0", "0,000", "00")
        + (isRead ? "" : choices.Of("", "", "", ";o", ";c", "", ""));

    private string IntegerRoundTrip()
    {
        string picture = Quoted(IntegerPicture(isRead: true));
        return choices.OneIn(4)
            ? $"$parseInteger({choices.Of("'12'", "'1234'", "'007'")}, {Quoted(choices.Of("0", "#0", "000"))})"
            : $"$parseInteger($formatInteger({Text(1 + choices.Below(3999))}, {picture}), {picture})";
    }

    private string Millis() => choices.Below(4) switch
    {
        0 => choices.Of("0", "-1", "1521801216617", "951782399999", "951782400000", "-9000000000000", "253402300799999", "86399999"),
        _ => $"{Text(choices.Below(1_900_000_000))}{Text(100 + choices.Below(900))}",
    };

    private string Zone() => choices.Of("", "", "", ", '+0530'", ", '-0800'", ", '0000'", ", '+0100'", ", '-1100'");

    private string TimePicture()
    {
        var parts = new List<string>();
        for (int count = 1 + choices.Below(4); count > 0; count--)
        {
            parts.Add($"[{Component()}]");
        }

        return choices.Of("", "", "at ", "[[") + string.Join(choices.Of("-", " ", ":", ""), parts) + choices.Of("", "", "]]", "!");
    }

    private string Component() => choices.Below(6) switch
    {
        0 => choices.Of("M", "F", "P") + choices.Of("N", "n", "Nn") + choices.Of("", "", ",3-3", ",*-3", ",2-4", ",12"),
        1 => choices.Of("Z", "z") + choices.Of("", "0", "01", "0101", "01:01", "0101t", "01:01t"),
        2 => choices.Of("Y", "M", "D", "d", "F", "W", "w", "X", "x", "H", "h", "m", "s") + choices.Of("", "0", "1", "01", "001", "0001"),
        3 => choices.Of("Y", "D", "M", "d", "W", "X") + choices.Of("I", "i", "w", "W", "Ww", "a", "A", "1o", "wo", "Wwo"),
        4 => choices.Of("f001", "f01", "f1", "C", "E", "Y,2", "Y01", "Y0001,4", "M,2", "D,2", "H,2", "Y,*-2", "D01,2-2"),
        _ => choices.Of("Y", "Y0001", "M01", "D01", "H01", "h", "m01", "s01", "MNn", "FNn", "D1o", "P"),
    };

    private string TimeRoundTrip()
    {
        string picture = Quoted(Dated());
        return $"$toMillis($fromMillis({Millis()}, {picture}{Zone()}), {picture})";
    }

    // The package reads back neither weeks of the year nor days of the year with a time, nor names of months in capitals.
    private string Dated()
    {
        string day = choices.Of("[Y]-[M]-[D]", "[D1o] [MNn] [Y0001]", "[M01]/[D01]/[Y0001]", "[FNn], [DWwo] of [MNn,3-3] [YI]", "[Y]", "[Yw] [M] [Da]", "[MNn] [Y,2]");
        string time = choices.Of("", "", " [H01]:[m01]", " [h]:[m01] [PN]", " [h01]:[m01]:[s01] [Pn] [Z]", "T[H01]:[m01]:[s01].[f001][Z01:01]");
        return day + time;
    }
}
