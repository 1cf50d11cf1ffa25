using System.Text.RegularExpressions;

namespace Lockstep.Json.Paths.Filters;

/// <summary>A test of one node. A closed hierarchy; its nesting is limited by <see cref="JsonPath.MaxNesting"/>.</summary>
internal abstract record FilterExpression;

/// <summary><c>a &amp;&amp; b</c>.</summary>
internal sealed record AllOf(FilterExpression[] Terms) : FilterExpression;

/// <summary><c>a || b</c>.</summary>
internal sealed record AnyOf(FilterExpression[] Terms) : FilterExpression;

/// <summary><c>!a</c>.</summary>
internal sealed record Not(FilterExpression Term) : FilterExpression;

/// <summary>A path alone: it leads to something, be it null.</summary>
internal sealed record Exists(PathOperand Path) : FilterExpression;

/// <summary>Two operands and what must hold between them.</summary>
internal sealed record Relation(FilterOperand Left, FilterOperator Operator, FilterOperand Right) : FilterExpression;

/// <summary>One side of a relation. A closed hierarchy.</summary>
internal abstract record FilterOperand;

/// <summary>A path from the current node (<c>@</c>) or from the root (<c>$</c>).</summary>
internal sealed record PathOperand(JsonPath Path, bool FromRoot) : FilterOperand;

/// <summary>A number, string, literal, list or object.</summary>
internal sealed record LiteralOperand(JsonValue Value) : FilterOperand;

/// <summary>A regular expression, which the whole text must match.</summary>
internal sealed record PatternOperand(Regex Pattern) : FilterOperand;
