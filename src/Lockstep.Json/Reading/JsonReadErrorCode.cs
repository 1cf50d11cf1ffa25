namespace Lockstep.Json;

/// <summary>Why a text was refused.</summary>
public enum JsonReadErrorCode
{
    /// <summary>The text breaks the grammar of RFC 8259.</summary>
    Syntax,

    /// <summary>The text ends before its value does, or is empty.</summary>
    UnexpectedEnd,

    /// <summary>Something other than white space follows the value.</summary>
    TrailingText,

    /// <summary>The bytes are not UTF-8, or the string is not UTF-16.</summary>
    InvalidUnicode,

    /// <summary>An object has the same name twice.</summary>
    DuplicateKey,

    /// <summary>Nesting exceeds <see cref="JsonReadLimits.MaxDepth"/>.</summary>
    TooDeep,

    /// <summary>The text exceeds <see cref="JsonReadLimits.MaxBytes"/>.</summary>
    TooLarge,

    /// <summary>A number exceeds <see cref="JsonReadLimits.MaxNumberLength"/>.</summary>
    NumberTooLong,
}
