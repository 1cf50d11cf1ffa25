namespace Lockstep.Json.Paths.Filters;

/// <summary>What can hold between two operands of a filter.</summary>
internal enum FilterOperator
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,

    /// <summary>The text matches the pattern as a whole; of a list, one item does.</summary>
    Matches,

    /// <summary>The left value is in the right list.</summary>
    In,

    /// <summary>The left value is not in the right list.</summary>
    NotIn,

    /// <summary>Each item of the left list is in the right one.</summary>
    SubsetOf,

    /// <summary>Some item of the left list is in the right one.</summary>
    AnyOf,

    /// <summary>No item of the left list is in the right one.</summary>
    NoneOf,

    /// <summary>The left list has each item of the right one.</summary>
    All,

    /// <summary>The left list has the right value, or the left string has the right one within it.</summary>
    Contains,

    /// <summary>The left list or string has so many items or characters.</summary>
    Size,

    /// <summary>The left list, object or string is empty, or is not.</summary>
    Empty,
}
