using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Lockstep.Jsonata.Pictures;

/// <summary>Reads a text by the parts of a picture: first a regular expression finds the components, then their values make the moment.</summary>
internal static class DateTimeReader
{
    /// <summary>Most components of a picture that texts are read by.</summary>
    public const int MaxComponents = 32;

    private const string NumberWordSeparator = "[ ,-]+";

    private static readonly string NumberWord = "(?:" + string.Join('|', EnglishNumerals.Words) + ")";

    /// <summary>The moment in milliseconds, or null when the text is not of the picture's form or the picture has no component.</summary>
    /// <exception cref="JsonataException">D3110, D3136: see <see cref="DateTimePicture.Parse"/>.</exception>
    public static long? Read(string text, List<DateTimePart> parts, CivilTime now)
    {
        DateTimeComponent[] components = [.. parts.Select(part => part.Component).OfType<DateTimeComponent>()];
        if (components.Length == 0)
        {
            return null;
        }

        if (components.Length > MaxComponents)
        {
            throw new JsonataException(JsonataErrorCodes.PictureTooLarge, $"A picture that times are read by may have at most {MaxComponents} components.");
        }

        Match match = Compiled(Pattern(parts)).Match(text);
        if (!match.Success)
        {
            return null;
        }

        var values = new DateTimeValues(now);
        for (int i = 0; i < components.Length; i++)
        {
            Set(values, components[i], match.Groups[i + 1].Value);
        }

        return values.ToMillis();
    }

    private static Regex Compiled(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
        }
        catch (NotSupportedException tooLarge)
        {
            // Numbers in words take many states each; beyond some thousands the automaton is not made.
            throw new JsonataException(
                JsonataErrorCodes.PictureTooLarge, $"The picture has too many components for texts to be read by it: {tooLarge.Message}");
        }
    }

    private static string Pattern(List<DateTimePart> parts)
    {
        var pattern = new StringBuilder("\\A");
        for (int i = 0; i < parts.Count; i++)
        {
            if (parts[i].Component is { } component)
            {
                bool digitsFollow = i + 1 < parts.Count && parts[i + 1].Component is { IsDigits: true };
                pattern.Append('(').Append(Pattern(component, digitsFollow)).Append(')');
            }
            else
            {
                pattern.Append(Regex.Escape(parts[i].Literal));
            }
        }

        return pattern.Append("\\z").ToString();
    }

    private static string Pattern(DateTimeComponent component, bool digitsFollow)
    {
        if (component.Specifier is 'Z' or 'z')
        {
            return OffsetPattern(component);
        }

        if (component.Name is not null)
        {
            return "[a-z]+";
        }

        return component.Integer.Form switch
        {
            IntegerForm.Letters => "[a-z]+",
            IntegerForm.Roman => "[mdclxvi]+",
            IntegerForm.Words => $"{NumberWord}(?:{NumberWordSeparator}{NumberWord})*",
            _ => DigitsPattern(component, digitsFollow),
        };
    }

    private static string DigitsPattern(DateTimeComponent component, bool digitsFollow)
    {
        IntegerFormat format = component.Integer;
        string digit = $"[{format.Zero}-{(char)(format.Zero + 9)}]";
        string suffix = format.Ordinal && component.Specifier != 'f' ? "(?:st|nd|rd|th)" : "";
        if (format.IsGrouped)
        {
            return $"(?:{string.Join('|', format.Grouping.Separators.Append("").Distinct().Where(s => s.Length > 0).Select(Regex.Escape))}|{digit})+{suffix}";
        }

        // Only where digits follow at once does it matter how many belong to this component.
        int width = component.MaximumWidth ?? component.MinWidth ?? (format.Digits > 1 || component.Specifier is not ('Y' or 'X') ? format.Digits : 4);
        return digitsFollow ? $"{digit}{{{width}}}{suffix}" : $"{digit}+{suffix}";
    }

    private static string OffsetPattern(DateTimeComponent component)
    {
        IntegerFormat format = component.Integer;
        string digit = $"[{format.Zero}-{(char)(format.Zero + 9)}]";
        string digits = format.IsGrouped
            ? $"{digit}{{1,2}}{Regex.Escape(format.Grouping.Separators.First())}{digit}{{2}}"
            : format.MandatoryDigits > 2 ? $"{digit}{{3,4}}" : $"{digit}{{1,2}}(?::?{digit}{{2}})?";
        string offset = (component.Specifier == 'z' ? "GMT" : "") + "[+-]" + digits;
        return component.Traditional ? $"Z|{offset}" : offset;
    }

    private static void Set(DateTimeValues values, DateTimeComponent component, string text)
    {
        switch (component.Specifier)
        {
            case 'Z' or 'z':
                values.OffsetMinutes = Offset(text, component.Integer.Zero);
                break;
            case 'C' or 'E':
                break;
            case 'P':
                values.Set('P', text.ToLowerInvariant() switch { "am" => 0, "pm" => 1, _ => null });
                break;
            case 'f':
                string ascii = string.Concat(DigitFamily.ToAscii(text, component.Integer.Zero).Where(char.IsAsciiDigit));
                values.Set('f', component.Integer.Form == IntegerForm.Decimal
                    ? int.Parse(ascii.PadRight(3, '0').AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture)
                    : IntegerPicture.Parse(text, component.Integer));
                break;
            default:
                values.Set(component.Specifier, component.Name is null
                    ? IntegerPicture.Parse(text, component.Integer)
                    : DateTimeNames.Find(component, text));
                break;
        }
    }

    private static int Offset(string text, char zero)
    {
        string digits = string.Concat(DigitFamily.ToAscii(text, zero).Where(char.IsAsciiDigit));
        if (digits.Length == 0)
        {
            return 0;
        }

        int number = int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        int minutes = digits.Length > 2 ? number / 100 * 60 + number % 100 : number * 60;
        return text.Contains('-', StringComparison.Ordinal) ? -minutes : minutes;
    }
}
