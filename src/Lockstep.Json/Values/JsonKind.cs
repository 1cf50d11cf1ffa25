namespace Lockstep.Json;

/// <summary>The six kinds of JSON value (RFC 8259, section 3).</summary>
public enum JsonKind
{
    /// <summary>The literal <c>null</c>.</summary>
    Null,

    /// <summary>The literals <c>true</c> and <c>false</c>.</summary>
    Boolean,

    /// <summary>A number, kept as it was written.</summary>
    Number,

    /// <summary>A string.</summary>
    String,

    /// <summary>An ordered list of values.</summary>
    Array,

    /// <summary>A list of uniquely named values in the order of the text.</summary>
    Object,
}
