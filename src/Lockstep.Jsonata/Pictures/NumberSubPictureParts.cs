using Lockstep.Json;

namespace Lockstep.Jsonata.Pictures;

/// <summary>A sub-picture of $formatNumber cut into its parts, and the rules of XPath F&amp;O 3.1, 4.7.3 that it has to keep.</summary>
internal sealed record NumberSubPictureParts
{
    /// <summary>The decimal format that the characters belong to.</summary>
    public required NumberPictureOptions Options { get; init; }

    /// <summary>The whole sub-picture.</summary>
    public required string Text { get; init; }

    /// <summary>What stands before the first digit or separator.</summary>
    public required string Prefix { get; init; }

    /// <summary>What stands behind the last digit or separator.</summary>
    public required string Suffix { get; init; }

    /// <summary>Digits and separators before the exponent separator.</summary>
    public required string Mantissa { get; init; }

    /// <summary>What follows the exponent separator, or null.</summary>
    public required string? Exponent { get; init; }

    /// <summary>Whether other characters stand between digits and separators, or nothing but other characters.</summary>
    public required bool PassiveInside { get; init; }

    /// <summary>The mantissa before its decimal separator.</summary>
    public string Integer => Mantissa.Split(Options.DecimalSeparator)[0];

    /// <summary>The mantissa behind its decimal separator.</summary>
    public string Fraction => Mantissa.Split(Options.DecimalSeparator, 2) is [_, string fraction] ? fraction : "";

    /// <summary>How often the percent sign occurs.</summary>
    public int PercentCount => Occurrences(Options.Percent);

    /// <summary>How often the per-mille sign occurs.</summary>
    public int PerMilleCount => Occurrences(Options.PerMille);

    /// <summary>Cuts a sub-picture; nothing is checked yet.</summary>
    public static NumberSubPictureParts Split(string text, NumberPictureOptions options)
    {
        bool isActive(char c) =>
            c == options.Digit || c == options.DecimalSeparator || c == options.GroupingSeparator || options.IsMandatoryDigit(c);
        int start = 0;
        while (start < text.Length && !isActive(text[start]))
        {
            start++;
        }

        int end = start;
        while (end < text.Length && (isActive(text[end]) || text[end] == options.ExponentSeparator))
        {
            end++;
        }

        // A passive character between active ones breaks a rule; the active part goes on behind it nevertheless, and may break others.
        bool passiveInside = text.Length > 0 && (start == text.Length || text[end..].Any(isActive));
        for (int at = end; at < text.Length; at++)
        {
            end = isActive(text[at]) ? at + 1 : end;
        }

        string active = text[start..end];
        int exponent = active.IndexOf(options.ExponentSeparator, StringComparison.Ordinal);
        return new NumberSubPictureParts
        {
            Options = options,
            Text = text,
            Prefix = text[..start],
            Suffix = text[end..],
            Mantissa = exponent < 0 ? active : active[..exponent],
            Exponent = exponent < 0 ? null : active[(exponent + 1)..],
            PassiveInside = passiveInside,
        };
    }

    /// <summary>Throws for the last rule that is broken: where several are, the reference names the last.</summary>
    public void Check()
    {
        if (Exponent is not null && (Exponent.Length == 0 || !Exponent.All(Options.IsMandatoryDigit)))
        {
            throw Broken("D3093", "The exponent part of the sub-picture must comprise only of one or more characters that are members of the 'decimal digit family'");
        }

        if (Exponent is not null && PercentCount + PerMilleCount > 0)
        {
            throw Broken("D3092", "A sub-picture that contains a 'percent' or 'per-mille' character must not contain a character treated as an 'exponent-separator'");
        }

        if (Follows(Fraction, c => c == Options.Digit, Options.IsMandatoryDigit))
        {
            throw Broken("D3091", "The fractional part of the sub-picture must not contain an instance of the 'optional digit character' that is followed by a member of the 'decimal digit family'");
        }

        if (Follows(Integer, Options.IsMandatoryDigit, c => c == Options.Digit))
        {
            throw Broken("D3090", "The integer part of the sub-picture must not contain a member of the 'decimal digit family' that is followed by an instance of the 'optional digit character'");
        }

        CheckSeparators();
        if (PassiveInside)
        {
            throw Broken("D3086", "The sub-picture must not contain a passive character that is preceded by an active character and that is followed by another active character");
        }

        if (!Mantissa.Any(c => c == Options.Digit || Options.IsMandatoryDigit(c)))
        {
            throw Broken("D3085", "The mantissa part of a sub-picture must contain at least one character that is either an 'optional digit character' or a member of the 'decimal digit family'");
        }

        CheckSigns();
    }

    private void CheckSeparators()
    {
        string twoGroups = new(Options.GroupingSeparator, 2);
        if (Mantissa.Contains(twoGroups, StringComparison.Ordinal))
        {
            throw Broken("D3089", "The sub-picture must not contain two adjacent instances of the 'grouping-separator' character");
        }

        bool hasDecimal = Mantissa.Contains(Options.DecimalSeparator, StringComparison.Ordinal);
        if (!hasDecimal && Mantissa.EndsWith(Options.GroupingSeparator))
        {
            throw Broken("D3088", "The sub-picture must not contain a 'grouping-separator' at the end of the integer part");
        }

        if (hasDecimal && (Integer.EndsWith(Options.GroupingSeparator) || Fraction.StartsWith(Options.GroupingSeparator)))
        {
            throw Broken("D3087", "The sub-picture must not contain a 'grouping-separator' character that appears adjacent to a 'decimal-separator' character");
        }
    }

    private void CheckSigns()
    {
        if (PercentCount > 0 && PerMilleCount > 0)
        {
            throw Broken("D3084", "The sub-picture must not contain both a 'percent' and a 'per-mille' character");
        }

        if (PerMilleCount > 1)
        {
            throw Broken("D3083", "The sub-picture must not contain more than one instance of the 'per-mille' character");
        }

        if (PercentCount > 1)
        {
            throw Broken("D3082", "The sub-picture must not contain more than one instance of the 'percent' character");
        }

        if (Text.Count(c => c == Options.DecimalSeparator) > 1)
        {
            throw Broken("D3081", "The sub-picture must not contain more than one instance of the 'decimal-separator' character");
        }
    }

    private static bool Follows(string part, Func<char, bool> first, Func<char, bool> second)
    {
        bool seen = false;
        foreach (char c in part)
        {
            if (seen && second(c))
            {
                return true;
            }

            seen |= first(c);
        }

        return false;
    }

    private int Occurrences(string sign)
    {
        int count = 0;
        for (int at = Text.IndexOf(sign, StringComparison.Ordinal); at >= 0; at = Text.IndexOf(sign, at + sign.Length, StringComparison.Ordinal))
        {
            count++;
        }

        return count;
    }

    private JsonataException Broken(string code, string rule) => new(code, rule, value: JsonString.Of(Text));
}
