using System.Numerics;

namespace Lockstep.Jsonata.Pictures;

/// <summary>Writes the components of a moment: format-dateTime of XPath F&amp;O 3.1, 9.8, as far as JSONata has it.</summary>
internal static class DateTimeFormatter
{
    /// <summary>One component of a moment.</summary>
    public static string Format(CivilTime time, DateTimeComponent component) => component.Specifier switch
    {
        'Z' or 'z' => ZoneOffset.Format(time.OffsetMinutes, component),
        'C' or 'E' => "ISO",
        'P' => InCase(time.Hour < 12 ? "am" : "pm", component),
        'Y' => Year(time.Date.Year, component),
        _ when component.Name is not null => InCase(DateTimeNames.Of(component, Number(time, component.Specifier)), component),
        _ => IntegerPicture.Format(Number(time, component.Specifier), AtLeast(component, component.MinWidth ?? 0)),
    };

    private static int Number(CivilTime time, char specifier)
    {
        long thursday = CivilDate.ThursdayOf(time.Day);
        CivilDate ofWeek = CivilDate.OfDay(thursday);
        return specifier switch
        {
            'Y' => time.Date.Year,
            'M' => time.Date.Month,
            'D' => time.Date.Day,
            'd' => (int)(time.Day - CivilDate.FirstDayOf(time.Date.Year)) + 1,
            'F' => CivilDate.Weekday(time.Day),
            'W' => (int)(thursday - CivilDate.FirstDayOf(ofWeek.Year)) / 7 + 1,
            'w' => (ofWeek.Day - 1) / 7 + 1,
            'X' => ofWeek.Year,
            'x' => ofWeek.Month,
            'H' => time.Hour,
            'h' => (time.Hour + 11) % 12 + 1,
            'm' => time.Minute,
            's' => time.Second,
            'f' => time.Millisecond,
            _ => throw new InvalidOperationException($"Unknown component {specifier}."),
        };
    }

    private static string Year(int year, DateTimeComponent component)
    {
        BigInteger shown = year;
        IntegerFormat format = component.Integer;
        if (component.YearDigits is int digits && format.Form == IntegerForm.Decimal)
        {
            shown %= BigInteger.Pow(10, digits);
            format = component.MinWidth is null && component.MaximumWidth is null ? format : AtLeast(component, digits);
        }

        return IntegerPicture.Format(shown, format);
    }

    private static IntegerFormat AtLeast(DateTimeComponent component, int digits) =>
        component.Integer with { MandatoryDigits = Math.Max(component.Integer.MandatoryDigits, digits) };

    private static string InCase(string name, DateTimeComponent component) => component.Name switch
    {
        LetterCase.Upper => name.ToUpperInvariant(),
        LetterCase.Lower => name.ToLowerInvariant(),
        _ => name,
    };
}
