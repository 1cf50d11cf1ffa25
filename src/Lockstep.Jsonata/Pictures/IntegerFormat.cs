using Lockstep.Json;

namespace Lockstep.Jsonata.Pictures;

/// <summary>How an integer picture writes a number.</summary>
internal enum IntegerForm
{
    /// <summary>Decimal digits.</summary>
    Decimal,

    /// <summary>Letters, A to Z.</summary>
    Letters,

    /// <summary>Roman numerals.</summary>
    Roman,

    /// <summary>English words.</summary>
    Words,
}

/// <summary>The case of letters.</summary>
internal enum LetterCase
{
    /// <summary>All small.</summary>
    Lower,

    /// <summary>All capital.</summary>
    Upper,

    /// <summary>A capital at the start of every word but "and".</summary>
    Title,
}

/// <summary>A read integer picture: the primary format token and the modifier of format-integer in XPath F&amp;O 3.1, 4.6.1.</summary>
internal sealed record IntegerFormat
{
    /// <summary>Digits, letters, numerals or words.</summary>
    public required IntegerForm Form { get; init; }

    /// <summary>The case of letters, numerals and words.</summary>
    public LetterCase Case { get; init; }

    /// <summary>Whether 1 is "1st" or "first".</summary>
    public bool Ordinal { get; init; }

    /// <summary>The digit that means zero, of <see cref="IntegerForm.Decimal"/>.</summary>
    public char Zero { get; init; } = '0';

    /// <summary>Least digits shown, of <see cref="IntegerForm.Decimal"/>.</summary>
    public int MandatoryDigits { get; init; }

    /// <summary>Optional and mandatory digits of the picture, of <see cref="IntegerForm.Decimal"/>.</summary>
    public int Digits { get; init; }

    /// <summary>The separators, of <see cref="IntegerForm.Decimal"/>.</summary>
    public DigitGrouping Grouping { get; init; } = DigitGrouping.FromRight("", _ => true);

    /// <summary>Whether the picture has separators.</summary>
    public bool IsGrouped => Grouping.Separators.Any();

    /// <summary>Reads a picture: everything before the last semicolon is the token, what follows the modifier.</summary>
    /// <exception cref="JsonataException">D3130: no such form; D3131: digits of several scripts.</exception>
    public static IntegerFormat Parse(string picture)
    {
        int modifier = picture.LastIndexOf(';');
        return modifier < 0
            ? Parse(picture, ordinal: false)
            : Parse(picture[..modifier], picture.AsSpan(modifier + 1).StartsWith("o"));
    }

    /// <summary>Reads a primary format token.</summary>
    /// <exception cref="JsonataException">As <see cref="Parse(string)"/>.</exception>
    public static IntegerFormat Parse(string token, bool ordinal) => token switch
    {
        "A" => new IntegerFormat { Form = IntegerForm.Letters, Case = LetterCase.Upper, Ordinal = ordinal },
        "a" => new IntegerFormat { Form = IntegerForm.Letters, Ordinal = ordinal },
        "I" => new IntegerFormat { Form = IntegerForm.Roman, Case = LetterCase.Upper, Ordinal = ordinal },
        "i" => new IntegerFormat { Form = IntegerForm.Roman, Ordinal = ordinal },
        "W" => new IntegerFormat { Form = IntegerForm.Words, Case = LetterCase.Upper, Ordinal = ordinal },
        "Ww" => new IntegerFormat { Form = IntegerForm.Words, Case = LetterCase.Title, Ordinal = ordinal },
        "w" => new IntegerFormat { Form = IntegerForm.Words, Ordinal = ordinal },
        _ => DigitPattern(token, ordinal),
    };

    private static IntegerFormat DigitPattern(string token, bool ordinal)
    {
        char[] zeros = [.. token.Select(DigitFamily.ZeroOf).OfType<char>()];
        if (zeros.Length == 0)
        {
            throw new JsonataException(
                "D3130",
                $"Formatting or parsing an integer as a sequence starting with {JsonString.Of(token)} is not supported by this implementation");
        }

        if (zeros.Any(zero => zero != zeros[0]))
        {
            throw new JsonataException("D3131", "In a decimal digit pattern, all digits must be from the same decimal group");
        }

        bool isDigit(char c) => c == '#' || DigitFamily.ZeroOf(c) is not null;
        return new IntegerFormat
        {
            Form = IntegerForm.Decimal,
            Ordinal = ordinal,
            Zero = zeros[0],
            MandatoryDigits = zeros.Length,
            Digits = token.Count(isDigit),
            Grouping = DigitGrouping.FromRight(token, isDigit),
        };
    }
}
