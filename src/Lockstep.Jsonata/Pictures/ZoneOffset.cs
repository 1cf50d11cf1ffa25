namespace Lockstep.Jsonata.Pictures;

/// <summary>Offsets from UTC: the third argument of $fromMillis, and the components Z and z of a picture.</summary>
internal static class ZoneOffset
{
    /// <summary>Reads ±HHMM or HHMM, in minutes. Null and the absent argument mean UTC.</summary>
    /// <exception cref="JsonataException">D3134: anything else.</exception>
    public static int Parse(string? text)
    {
        if (text is null)
        {
            return 0;
        }

        ReadOnlySpan<char> digits = text.AsSpan(text.Length > 0 && text[0] is '+' or '-' ? 1 : 0);
        if (digits.Length != 4 || digits.ContainsAnyExceptInRange('0', '9') || digits[2] > '5')
        {
            throw new JsonataException("D3134", $"The timezone \"{text}\" has to be an offset from UTC such as +0530 or -0800.", token: text);
        }

        int minutes = ((digits[0] - '0') * 10 + digits[1] - '0') * 60 + (digits[2] - '0') * 10 + digits[3] - '0';
        return text[0] == '-' ? -minutes : minutes;
    }

    /// <summary>Writes an offset as a component asks for it.</summary>
    public static string Format(int minutes, DateTimeComponent component)
    {
        if (component.Traditional && minutes == 0)
        {
            return "Z";
        }

        IntegerFormat format = component.Integer;
        int hours = Math.Abs(minutes) / 60;
        int rest = Math.Abs(minutes) % 60;
        string text;
        if (format.IsGrouped || format.MandatoryDigits > 2)
        {
            text = IntegerPicture.Format(hours * 100 + rest, format);
        }
        else
        {
            IntegerFormat twoDigits = format with { MandatoryDigits = 2 };
            text = IntegerPicture.Format(hours, format) + (rest > 0 ? ":" + IntegerPicture.Format(rest, twoDigits) : "");
        }

        return (component.Specifier == 'z' ? "GMT" : "") + (minutes < 0 ? "-" : "+") + text;
    }
}
