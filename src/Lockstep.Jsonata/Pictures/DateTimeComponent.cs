using System.Globalization;

namespace Lockstep.Jsonata.Pictures;

/// <summary>
/// One variable marker of a date and time picture, such as [MNn,3-3]: the component specifier, the presentation modifiers and the width of
/// XPath F&amp;O 3.1, 9.8.4.
/// </summary>
internal sealed record DateTimeComponent
{
    /// <summary>Largest width that a marker may ask for.</summary>
    public const int MaxWidth = 1000;

    private const string Specifiers = "YMDdFWwXxHhPmsfZzCE";

    /// <summary>The component: one of Y M D d F W w X x H h P m s f Z z C E.</summary>
    public required char Specifier { get; init; }

    /// <summary>How it is written as a number.</summary>
    public required IntegerFormat Integer { get; init; }

    /// <summary>The case of its name; null when it is written as a number.</summary>
    public LetterCase? Name { get; init; }

    /// <summary>Whether UTC is written as Z.</summary>
    public bool Traditional { get; init; }

    /// <summary>Least characters.</summary>
    public int? MinWidth { get; init; }

    /// <summary>Most characters.</summary>
    public int? MaximumWidth { get; init; }

    /// <summary>Digits that a year is cut and filled to, or null for all of it.</summary>
    public int? YearDigits =>
        MaximumWidth ?? (MinWidth is >= 2 ? MinWidth : Integer.Digits >= 2 ? Integer.Digits : null);

    /// <summary>Whether it is read and written as decimal digits.</summary>
    public bool IsDigits => Name is null && Integer.Form == IntegerForm.Decimal && Specifier is not ('Z' or 'z' or 'C' or 'E' or 'P');

    /// <summary>Reads what stands between the brackets.</summary>
    /// <exception cref="JsonataException">
    /// D3132: no such component; D3133: it has no name; D3134: an offset with other than one to four digits; D3130, D3131: the number's
    /// form; U1011: wider than <see cref="MaxWidth"/>.
    /// </exception>
    public static DateTimeComponent Parse(string marker)
    {
        string text = string.Concat(marker.Where(c => !char.IsWhiteSpace(c)));
        if (text.Length == 0 || !Specifiers.Contains(text[0], StringComparison.Ordinal))
        {
            string specifier = text.Length == 0 ? "" : text[..1];
            throw new JsonataException("D3132", $"Unknown component specifier \"{specifier}\" in date/time picture string", token: specifier);
        }

        int comma = text.LastIndexOf(',');
        string presentation = comma < 0 ? text[1..] : text[1..comma];
        (int? min, int? max) = comma < 0 ? (null, null) : Width(text[(comma + 1)..]);
        char modifier = presentation.Length > 1 && presentation[^1] is 'a' or 't' or 'c' or 'o' ? presentation[^1] : 'c';
        if (presentation.Length > 1 && presentation[^1] == modifier)
        {
            presentation = presentation[..^1];
        }

        return Create(text[0], presentation.Length == 0 ? DefaultPresentation(text[0]) : presentation, modifier) with
        {
            MinWidth = min,
            MaximumWidth = max,
        };
    }

    private static DateTimeComponent Create(char specifier, string presentation, char modifier)
    {
        bool named = presentation[0] is 'N' or 'n' || specifier is 'P' or 'C' or 'E';
        if (named && specifier is not ('M' or 'F' or 'x' or 'P' or 'C' or 'E'))
        {
            throw Unnamed(specifier);
        }

        LetterCase? name = !named ? null
            : presentation == "N" ? LetterCase.Upper
            : presentation.StartsWith("Nn", StringComparison.Ordinal) && specifier != 'P' ? LetterCase.Title
            : LetterCase.Lower;
        var component = new DateTimeComponent
        {
            Specifier = specifier,
            Integer = named ? IntegerFormat.Parse("1") : IntegerOf(specifier, presentation, modifier == 'o'),
            Name = name,
            Traditional = modifier == 't',
        };
        return component;
    }

    private static IntegerFormat IntegerOf(char specifier, string presentation, bool ordinal)
    {
        if (specifier is not ('Z' or 'z'))
        {
            return IntegerFormat.Parse(presentation, ordinal);
        }

        IntegerFormat? format = presentation.Any(c => DigitFamily.ZeroOf(c) is not null) ? IntegerFormat.Parse(presentation, false) : null;
        return format is { MandatoryDigits: <= 4 }
            ? format
            : throw new JsonataException("D3134", "The timezone integer format specifier cannot have more than four digits");
    }

    private static (int? Min, int? Max) Width(string text)
    {
        int dash = text.IndexOf('-', StringComparison.Ordinal);
        return dash < 0 ? (Bound(text), null) : (Bound(text[..dash]), Bound(text[(dash + 1)..]));
    }

    private static int? Bound(string text)
    {
        if (text.Length == 0 || !text.All(char.IsAsciiDigit))
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int width) && width <= MaxWidth
            ? width == 0 ? null : width
            : throw new JsonataException(JsonataErrorCodes.PictureTooLarge, $"A component of a picture may be at most {MaxWidth} characters wide.");
    }

    private static string DefaultPresentation(char specifier) => specifier switch
    {
        'F' or 'P' or 'C' or 'E' => "n",
        'm' or 's' => "01",
        'Z' or 'z' => "01:01",
        _ => "1",
    };

    private static JsonataException Unnamed(char specifier) =>
        new("D3133", $"The 'name' modifier can only be applied to months and days in the date/time picture string, not \"{specifier}\"", token: specifier.ToString());
}
