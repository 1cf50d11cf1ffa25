namespace Lockstep.Json.Paths;

/// <summary>Why a text is not a path of the dialect.</summary>
public enum JsonPathErrorCode
{
    /// <summary>The text breaks the grammar.</summary>
    Syntax,

    /// <summary>The text exceeds <see cref="JsonPath.MaxTextLength"/>.</summary>
    TooLong,

    /// <summary>The path has more steps, or a filter is nested deeper, than allowed.</summary>
    TooComplex,

    /// <summary>A regular expression is invalid, or would need backtracking.</summary>
    RegularExpression,

    /// <summary>The path is valid, but not a reference path.</summary>
    NotAReferencePath,
}
