namespace Lockstep.Json.Paths;

/// <summary>Why a text is not a path of the dialect.</summary>
public enum JsonPathErrorCode
{
    /// <summary>The text breaks the grammar.</summary>
    Syntax,

    /// <summary>The text exceeds <see cref="JsonPath.MaxTextLength"/>, or a pattern <see cref="JsonPath.MaxPatternLength"/>.</summary>
    TooLong,

    /// <summary>Filters are nested deeper than <see cref="JsonPath.MaxNesting"/>.</summary>
    TooDeep,

    /// <summary>There is no such function.</summary>
    UnknownFunction,

    /// <summary>A regular expression is invalid, or would need backtracking.</summary>
    RegularExpression,

    /// <summary>The path is valid, but not a reference path.</summary>
    NotAReferencePath,
}
