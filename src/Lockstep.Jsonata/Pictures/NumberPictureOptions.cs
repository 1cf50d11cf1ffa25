namespace Lockstep.Jsonata.Pictures;

/// <summary>The characters that stand for the parts of a number in its picture and in the result: the decimal format of XPath F&amp;O 3.1, 4.7.</summary>
internal sealed record NumberPictureOptions
{
    /// <summary>The format used where the call gives no options.</summary>
    public static NumberPictureOptions Default { get; } = new();

    /// <summary>Between integer and fraction.</summary>
    public char DecimalSeparator { get; init; } = '.';

    /// <summary>Between groups of digits.</summary>
    public char GroupingSeparator { get; init; } = ',';

    /// <summary>Between mantissa and exponent.</summary>
    public char ExponentSeparator { get; init; } = 'e';

    /// <summary>Before a negative number, and before a negative exponent.</summary>
    public string MinusSign { get; init; } = "-";

    /// <summary>Shows the number multiplied by 100.</summary>
    public string Percent { get; init; } = "%";

    /// <summary>Shows the number multiplied by 1000.</summary>
    public string PerMille { get; init; } = "\u2030";

    /// <summary>A digit that is always shown; the nine characters after it are the digits 1 to 9.</summary>
    public char ZeroDigit { get; init; } = '0';

    /// <summary>A digit that is shown when it matters.</summary>
    public char Digit { get; init; } = '#';

    /// <summary>Between the picture of positive and the picture of negative numbers.</summary>
    public char PatternSeparator { get; init; } = ';';

    /// <summary>These options with one more, as the third argument of $formatNumber names it. Unknown names are ignored, as in the reference.</summary>
    /// <exception cref="JsonataException">T0410: the value is not one character, or empty where text is allowed.</exception>
    public NumberPictureOptions With(string name, string value) => name switch
    {
        "decimal-separator" => this with { DecimalSeparator = Single(name, value) },
        "grouping-separator" => this with { GroupingSeparator = Single(name, value) },
        "exponent-separator" => this with { ExponentSeparator = Single(name, value) },
        "minus-sign" => this with { MinusSign = value },
        "percent" => this with { Percent = NotEmpty(name, value) },
        "per-mille" => this with { PerMille = NotEmpty(name, value) },
        "zero-digit" => this with { ZeroDigit = Single(name, value) },
        "digit" => this with { Digit = Single(name, value) },
        "pattern-separator" => this with { PatternSeparator = Single(name, value) },
        _ => this,
    };

    /// <summary>Whether the character is one of the ten digits.</summary>
    public bool IsMandatoryDigit(char c) => c >= ZeroDigit && c <= ZeroDigit + 9;

    private static char Single(string name, string value) =>
        value.Length == 1 ? value[0] : throw Refused(name, "exactly one character");

    private static string NotEmpty(string name, string value) => value.Length > 0 ? value : throw Refused(name, "at least one character");

    private static JsonataException Refused(string name, string expected) =>
        new("T0410", $"Argument 3 of function \"formatNumber\" does not match function signature: the option \"{name}\" has to be {expected}.");
}
