using System.Collections.Immutable;
using System.Globalization;
using Lockstep.Asl.Diagnostics;
using Lockstep.Asl.Evaluation;
using Lockstep.Asl.Model;
using Lockstep.Asl.Queries;
using Lockstep.Json;

namespace Lockstep.Asl.Parsing;

/// <summary>Reads Choice states.</summary>
internal static class ChoiceReader
{
    public static ChoiceDefinition Read(string name, Fields fields)
    {
        fields.Allow(FieldSet.Choice);
        fields.Require("Choices");
        string? defaultState = fields.Text("Default");
        StateReader.CheckTarget(fields, "Default", defaultState);
        return StateReader.WithCommon(
            new ChoiceDefinition
            {
                Name = name,
                QueryLanguage = fields.Context.Language,
                Choices = ReadRules(fields),
                Default = defaultState,
            },
            fields);
    }

    private static ImmutableArray<ChoiceRuleDefinition> ReadRules(Fields fields)
    {
        JsonArray? array = fields.NonEmptyArray("Choices");
        if (array is null)
        {
            return [];
        }

        ReadContext context = fields.Context;
        var rules = ImmutableArray.CreateBuilder<ChoiceRuleDefinition>(array.Count);
        context.Problems.Enter("Choices");
        for (int i = 0; i < array.Count; i++)
        {
            context.Problems.Enter(i);
            if (array[i] is JsonObject json)
            {
                rules.Add(ReadRule(new Fields(json, context, string.Create(CultureInfo.InvariantCulture, $"Choices[{i}]/"))));
            }
            else
            {
                context.Problems.Error(DiagnosticCodes.WrongType, "Expected value of type Object");
            }

            context.Problems.Leave();
        }

        context.Problems.Leave();
        return rules.DrainToImmutable();
    }

    private static ChoiceRuleDefinition ReadRule(Fields rule)
    {
        ConditionExpression? condition = null;
        if (rule.Context.Language == QueryLanguage.Jsonata)
        {
            rule.Allow(FieldSet.JsonataRule);
            rule.Require("Condition", "Next");
            condition = QueryReader.ReadCondition(rule);
        }
        else
        {
            rule.Require("Next");
            condition = ConditionReader.Read(rule, isTopLevel: true);
        }

        string next = rule.NonEmptyText("Next");
        StateReader.CheckTarget(rule, "Next", next.Length == 0 ? null : next);
        return new ChoiceRuleDefinition(
            condition, next, TemplateReader.ReadAssign(rule, StatesMembers.None), QueryReader.ReadOutput(rule, StatesMembers.None));
    }
}
