using System.Collections.Frozen;
using Lockstep.Asl.Conditions;
using Lockstep.Asl.Diagnostics;
using Lockstep.Asl.Evaluation;
using Lockstep.Asl.Expressions;
using Lockstep.Json;

namespace Lockstep.Asl.Parsing;

/// <summary>Reads the condition of a Choice rule: a comparison, or <c>And</c>, <c>Or</c>, <c>Not</c> over others.</summary>
internal static class ConditionReader
{
    private const string Variable = "Variable";
    private const string PathSuffix = "Path";
    private const string StringMatches = "StringMatches";

    private static readonly FrozenDictionary<string, (ComparisonKind Kind, ComparisonOrder Order)> Comparisons = ComparisonTable();

    private static readonly FrozenDictionary<string, TypeQuestion> TypeTests = Enum.GetValues<TypeQuestion>()
        .ToFrozenDictionary(question => $"Is{question}", StringComparer.Ordinal);

    /// <summary>Reads the condition; null when there is none that makes sense, which has been reported.</summary>
    public static ConditionExpression? Read(Fields rule, bool isTopLevel)
    {
        string? found = null;
        DiagnosticBag problems = rule.Context.Problems;
        foreach (JsonProperty property in rule.Json)
        {
            switch (property.Name)
            {
                case Variable or "Comment":
                    break;
                case "Next" or "Assign":
                    if (!isTopLevel)
                    {
                        problems.Error(
                            DiagnosticCodes.UnknownField, $"The field '{property.Name}' is allowed only at the top level of a rule", property.Name);
                    }

                    break;
                case "Condition" or "Output":
                    problems.ErrorInField(
                        DiagnosticCodes.FieldNotInQueryLanguage,
                        $"The QueryLanguage is set to 'JSONPath', but field '{property.Name}' is only supported for the 'JSONata' QueryLanguage",
                        property.Name);
                    break;
                case string name when IsOperator(name):
                    if (found is not null)
                    {
                        problems.Error(DiagnosticCodes.ConflictingFields, $"A rule has one operator; '{found}' and '{name}' are two", name);
                    }

                    found ??= name;
                    break;
                default:
                    problems.ErrorInField(DiagnosticCodes.UnknownField, $"Field '{property.Name}' is not supported", property.Name);
                    break;
            }
        }

        if (found is null)
        {
            problems.Error(DiagnosticCodes.MissingField, "A rule needs a comparison operator, 'And', 'Or' or 'Not'");
            return null;
        }

        return ReadOperator(rule, found);
    }

    private static ConditionExpression? ReadOperator(Fields rule, string name)
    {
        switch (name)
        {
            case "And" or "Or":
                return ReadCombination(rule, name);
            case "Not":
                return rule.Object(name) is JsonObject operand && ReadNested(rule.Context, name, null, operand) is ConditionExpression negated
                    ? new Negation(negated)
                    : null;
            default:
                rule.Require(Variable);
                // Without a variable the comparison makes no sense, but its other half may have problems of its own.
                PathExpression variable = rule.Path(Variable, PathUseKind.Condition)
                    ?? new InputPath("$", null, new PathUse(PathUseKind.Condition, Variable));
                return ReadComparison(rule, name, variable);
        }
    }

    private static Combination? ReadCombination(Fields rule, string name)
    {
        JsonArray? array = rule.NonEmptyArray(name);
        if (array is null)
        {
            return null;
        }

        var operands = new List<ConditionExpression>(array.Count);
        for (int i = 0; i < array.Count; i++)
        {
            if (array[i] is not JsonObject json)
            {
                rule.Context.Problems.Error(DiagnosticCodes.WrongType, $"The elements of '{name}' must be objects", name);
            }
            else if (ReadNested(rule.Context, name, i, json) is ConditionExpression operand)
            {
                operands.Add(operand);
            }
        }

        return new Combination([.. operands], decisive: name == "Or");
    }

    private static ConditionExpression? ReadNested(ReadContext context, string name, int? index, JsonObject json)
    {
        context.Problems.Enter(name);
        if (index is int position)
        {
            context.Problems.Enter(position);
        }

        ConditionExpression? condition = Read(new Fields(json, context), isTopLevel: false);
        if (index is not null)
        {
            context.Problems.Leave();
        }

        context.Problems.Leave();
        return condition;
    }

    private static ConditionExpression? ReadComparison(Fields rule, string name, PathExpression variable)
    {
        if (TypeTests.TryGetValue(name, out TypeQuestion question))
        {
            return rule.Boolean(name) is bool expected ? new TypeTest(question, expected, variable) : null;
        }

        if (name == StringMatches)
        {
            return ReadPattern(rule, variable);
        }

        if (Comparisons.TryGetValue(name, out (ComparisonKind Kind, ComparisonOrder Order) comparison))
        {
            return ReadLiteral(rule, name, comparison.Kind) is JsonValue literal
                ? new Comparison(comparison.Kind, comparison.Order, variable, new LiteralExpression(literal))
                : null;
        }

        (ComparisonKind kind, ComparisonOrder order) = Comparisons[name[..^PathSuffix.Length]];
        return rule.Path(name, PathUseKind.Condition) is PathExpression operand ? new Comparison(kind, order, variable, operand) : null;
    }

    private static PatternMatch? ReadPattern(Fields rule, PathExpression variable)
    {
        if (rule.Text(StringMatches) is not string text)
        {
            return null;
        }

        if (!WildcardPattern.TryParse(text, out WildcardPattern pattern))
        {
            rule.Context.Problems.Error(
                DiagnosticCodes.InvalidValue, "In 'StringMatches' a backslash may stand only before '*' and another backslash", StringMatches);
        }

        return new PatternMatch(pattern, variable);
    }

    private static JsonValue? ReadLiteral(Fields rule, string name, ComparisonKind kind)
    {
        JsonValue? value = rule[name];
        string expected = kind switch
        {
            ComparisonKind.String => "String",
            ComparisonKind.Numeric => "Number",
            ComparisonKind.Boolean => "Boolean",
            _ => "Timestamp",
        };
        bool isValid = kind switch
        {
            ComparisonKind.String => value is JsonString,
            ComparisonKind.Numeric => value is JsonNumber,
            ComparisonKind.Boolean => value is JsonBoolean,
            _ => value is JsonString text && Rfc3339.TryParse(text.Value, out _),
        };
        if (isValid)
        {
            return value;
        }

        rule.WrongType(name, expected);
        return null;
    }

    private static bool IsOperator(string name) =>
        name is "And" or "Or" or "Not" or StringMatches
        || Comparisons.ContainsKey(name)
        || TypeTests.ContainsKey(name)
        || (name.EndsWith(PathSuffix, StringComparison.Ordinal) && Comparisons.ContainsKey(name[..^PathSuffix.Length]));

    private static FrozenDictionary<string, (ComparisonKind Kind, ComparisonOrder Order)> ComparisonTable()
    {
        var table = new Dictionary<string, (ComparisonKind Kind, ComparisonOrder Order)>(StringComparer.Ordinal);
        foreach (ComparisonKind kind in Enum.GetValues<ComparisonKind>())
        {
            foreach (ComparisonOrder order in Enum.GetValues<ComparisonOrder>())
            {
                // Booleans have no order.
                if (kind != ComparisonKind.Boolean || order == ComparisonOrder.Equals)
                {
                    table.Add($"{kind}{order}", (kind, order));
                }
            }
        }

        return table.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
