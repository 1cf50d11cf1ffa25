namespace Lockstep.Jsonata.Pictures;

/// <summary>
/// One analysed sub-picture of $formatNumber: what it asks for in front of, in and behind the number. Built only from a picture that the
/// rules of XPath F&amp;O 3.1, 4.7.3 allow; sizes and positions are those of 4.7.4.
/// </summary>
internal sealed record NumberSubPicture
{
    /// <summary>Text in front of the number.</summary>
    public required string Prefix { get; init; }

    /// <summary>Text behind the number.</summary>
    public required string Suffix { get; init; }

    /// <summary>Powers of ten by which percent and per-mille multiply: 0, 2 or 3.</summary>
    public required int Shift { get; init; }

    /// <summary>Least digits of the integer part.</summary>
    public required int MinimumInteger { get; init; }

    /// <summary>Digits of the integer part of the mantissa, where there is an exponent.</summary>
    public required int ScalingFactor { get; init; }

    /// <summary>Least digits of the fraction.</summary>
    public required int MinimumFraction { get; init; }

    /// <summary>Most digits of the fraction.</summary>
    public required int MaximumFraction { get; init; }

    /// <summary>Least digits of the exponent; 0 without an exponent.</summary>
    public required int MinimumExponent { get; init; }

    /// <summary>Separators of the integer part, counted in digits from its right.</summary>
    public required DigitGrouping IntegerGrouping { get; init; }

    /// <summary>Separators of the fraction, counted in digits from its left.</summary>
    public required IReadOnlySet<int> FractionGroups { get; init; }

    /// <summary>Reads a sub-picture.</summary>
    /// <exception cref="JsonataException">D3081 to D3093: it breaks a rule; where it breaks several, the last of them is told.</exception>
    public static NumberSubPicture Parse(string picture, NumberPictureOptions options)
    {
        NumberSubPictureParts parts = NumberSubPictureParts.Split(picture, options);
        parts.Check();
        bool isDigit(char c) => c == options.Digit || options.IsMandatoryDigit(c);
        int integer = parts.Integer.Count(options.IsMandatoryDigit);
        int scaling = integer;
        int leastFraction = parts.Fraction.Count(options.IsMandatoryDigit);
        int mostFraction = parts.Fraction.Count(isDigit);
        bool exponent = parts.Exponent is not null;
        if (integer == 0 && mostFraction == 0)
        {
            (integer, leastFraction, mostFraction) = exponent ? (0, 1, 1) : (1, 0, 0);
        }

        if (exponent && integer == 0 && parts.Integer.Contains(options.Digit, StringComparison.Ordinal))
        {
            integer = 1;
        }

        if (integer == 0 && leastFraction == 0)
        {
            leastFraction = 1;
            mostFraction = Math.Max(mostFraction, 1);
        }

        return new NumberSubPicture
        {
            Prefix = parts.Prefix,
            Suffix = parts.Suffix,
            Shift = parts.PercentCount > 0 ? 2 : parts.PerMilleCount > 0 ? 3 : 0,
            MinimumInteger = integer,
            ScalingFactor = scaling,
            MinimumFraction = leastFraction,
            MaximumFraction = mostFraction,
            MinimumExponent = parts.Exponent?.Length ?? 0,
            IntegerGrouping = DigitGrouping.FromRight(parts.Integer, isDigit),
            FractionGroups = DigitGrouping.FromLeft(parts.Fraction, isDigit),
        };
    }
}
