using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Lockstep.Json.Paths.Filters;

/// <summary>
/// Evaluates filters. A path that leads nowhere makes every relation false but the negative ones (<c>!=</c>, <c>nin</c>, <c>noneof</c>).
/// Values of different kinds are unequal and not ordered; numbers compare exactly, strings by UTF-16 code units.
/// </summary>
internal sealed class FilterEvaluation(JsonValue root, PathBudget budget)
{
    public bool Passes(FilterExpression test, JsonValue current) => test switch
    {
        AllOf all => PassesAll(all.Terms, current),
        AnyOf any => PassesAny(any.Terms, current),
        Not not => !Passes(not.Term, current),
        Exists exists => Leads(exists.Path, current),
        Relation relation => Holds(relation, current),
        _ => throw new UnreachableException(),
    };

    private bool PassesAll(FilterExpression[] terms, JsonValue current)
    {
        foreach (FilterExpression term in terms)
        {
            if (!Passes(term, current))
            {
                return false;
            }
        }

        return true;
    }

    private bool PassesAny(FilterExpression[] terms, JsonValue current)
    {
        foreach (FilterExpression term in terms)
        {
            if (Passes(term, current))
            {
                return true;
            }
        }

        return false;
    }

    private bool Leads(PathOperand path, JsonValue current) =>
        Find(path, current) is JsonValue value && (path.Path.IsDefinite || value is JsonArray { Count: > 0 });

    private bool Holds(Relation relation, JsonValue current)
    {
        if (relation.Operator == FilterOperator.Matches)
        {
            return relation.Right is PatternOperand pattern
                ? Matches(Value(relation.Left, current), pattern.Pattern)
                : relation.Left is PatternOperand reversed && Matches(Value(relation.Right, current), reversed.Pattern);
        }

        JsonValue? left = Value(relation.Left, current);
        JsonValue? right = Value(relation.Right, current);
        return relation.Operator switch
        {
            FilterOperator.Equal => AreEqual(left, right),
            FilterOperator.NotEqual => !AreEqual(left, right),
            FilterOperator.Less => Compare(left, right) < 0,
            FilterOperator.LessOrEqual => Compare(left, right) <= 0,
            FilterOperator.Greater => Compare(left, right) > 0,
            FilterOperator.GreaterOrEqual => Compare(left, right) >= 0,
            FilterOperator.In => IsIn(left, right),
            FilterOperator.NotIn => !IsIn(left, right),
            FilterOperator.SubsetOf => IsSubset(left, right),
            FilterOperator.AnyOf => HasAny(left, right),
            FilterOperator.NoneOf => !HasAny(left, right),
            FilterOperator.All => IsSubset(right, left),
            FilterOperator.Contains => Contains(left, right),
            FilterOperator.Size => right is JsonNumber size && Size(left) is int count && AreEqual(JsonNumber.Of(count), size),
            FilterOperator.Empty => right is JsonBoolean empty && Size(left) is int items && items == 0 == empty.Value,
            _ => throw new UnreachableException(),
        };
    }

    private JsonValue? Value(FilterOperand operand, JsonValue current) => operand switch
    {
        LiteralOperand literal => literal.Value,
        PathOperand path => Find(path, current),
        PatternOperand => null,
        _ => throw new UnreachableException(),
    };

    private JsonValue? Find(PathOperand path, JsonValue current)
    {
        // Step Functions, "Reference paths": '@' matches objects (and arrays), never scalars.
        if (!budget.Spend() || (!path.FromRoot && current.Depth == 0))
        {
            return null;
        }

        return path.Path.Evaluate(path.FromRoot ? root : current, root, budget).Value;
    }

    private bool AreEqual(JsonValue? left, JsonValue? right)
    {
        if (left is null || right is null)
        {
            return false;
        }

        return budget.SpendBytes(Math.Min(left.Utf8Length, right.Utf8Length)) && left.Equals(right);
    }

    /// <summary>Null when the two have no order; comparisons with null are false.</summary>
    private int? Compare(JsonValue? left, JsonValue? right) => (left, right) switch
    {
        (JsonNumber a, JsonNumber b) => a.CompareTo(b),
        (JsonString a, JsonString b) when budget.SpendBytes(Math.Min(a.Value.Length, b.Value.Length)) =>
            string.CompareOrdinal(a.Value, b.Value),
        _ => null,
    };

    private bool Matches(JsonValue? value, Regex pattern)
    {
        switch (value)
        {
            case JsonArray array:
                foreach (JsonValue item in array)
                {
                    if (budget.Spend() && item.Depth == 0 && Matches(item, pattern))
                    {
                        return true;
                    }
                }

                return false;
            case JsonString text:
                return budget.SpendBytes(text.Value.Length) && pattern.IsMatch(text.Value);
            case JsonNumber or JsonBoolean:
                return pattern.IsMatch(value.ToString());
            default:
                return false;
        }
    }

    private bool IsIn(JsonValue? item, JsonValue? list)
    {
        if (item is null || list is not JsonArray array)
        {
            return false;
        }

        foreach (JsonValue other in array)
        {
            if (budget.Spend() && AreEqual(item, other))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsSubset(JsonValue? left, JsonValue? right)
    {
        if (left is not JsonArray items || right is not JsonArray)
        {
            return false;
        }

        foreach (JsonValue item in items)
        {
            if (budget.IsExhausted || !IsIn(item, right))
            {
                return false;
            }
        }

        return true;
    }

    private bool HasAny(JsonValue? left, JsonValue? right)
    {
        if (left is not JsonArray items)
        {
            return false;
        }

        foreach (JsonValue item in items)
        {
            if (!budget.IsExhausted && IsIn(item, right))
            {
                return true;
            }
        }

        return false;
    }

    private bool Contains(JsonValue? left, JsonValue? right) => (left, right) switch
    {
        (JsonArray, not null) => IsIn(right, left),
        (JsonString whole, JsonString part) => budget.SpendBytes((long)whole.Value.Length * Math.Max(1, part.Value.Length / 8))
            && whole.Value.Contains(part.Value, StringComparison.Ordinal),
        _ => false,
    };

    private static int? Size(JsonValue? value) => value switch
    {
        JsonArray array => array.Count,
        JsonObject json => json.Count,
        JsonString text => text.Value.Length,
        _ => null,
    };
}
