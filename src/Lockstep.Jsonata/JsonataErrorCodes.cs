namespace Lockstep.Jsonata;

/// <summary>Codes of failures that no text of the reference describes, because they are limits of the host.</summary>
public static class JsonataErrorCodes
{
    /// <summary>Calls and values are nested deeper than <see cref="JsonataLimits.MaxDepth"/>.</summary>
    public const string DepthExceeded = "U1001";

    /// <summary>The evaluation costs more than its <see cref="Fuel"/>.</summary>
    public const string FuelExhausted = "U1002";

    /// <summary>The text of the expression is nested deeper than <see cref="JsonataLimits.MaxNesting"/>.</summary>
    public const string NestingExceeded = "U1003";

    /// <summary>A string or an array is longer than <see cref="JsonataLimits.MaxLength"/>.</summary>
    public const string LengthExceeded = "U1004";

    /// <summary>A regular expression needs backtracking (look-around, back-references) or is too large.</summary>
    public const string RegexRefused = "U1010";

    /// <summary>A date and time picture is too long or a component of it too wide.</summary>
    public const string PictureTooLarge = "U1011";

    /// <summary>An argument of one of the functions of states is of the right type but means nothing.</summary>
    public const string ArgumentRefused = "D9001";
}
