namespace Lockstep.Asl.Conditions;

/// <summary>What a comparison operator compares; both sides must be of that kind, or the comparison is false.</summary>
internal enum ComparisonKind
{
    String,
    Numeric,
    Boolean,
    Timestamp,
}

/// <summary>How a comparison operator orders its sides.</summary>
internal enum ComparisonOrder
{
    Equals,
    LessThan,
    GreaterThan,
    LessThanEquals,
    GreaterThanEquals,
}

/// <summary>The question that a type test asks of a value.</summary>
internal enum TypeQuestion
{
    Present,
    Null,
    Boolean,
    Numeric,
    String,
    Timestamp,
}
