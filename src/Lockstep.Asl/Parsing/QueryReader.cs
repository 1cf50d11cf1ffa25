using System.Globalization;
using Lockstep.Asl.Diagnostics;
using Lockstep.Asl.Evaluation;
using Lockstep.Asl.Expressions;
using Lockstep.Asl.Queries;
using Lockstep.Json;

namespace Lockstep.Asl.Parsing;

/// <summary>
/// Reads the fields of JSONata states: strings with an expression, at any depth of objects and arrays. A part without expressions stays the
/// value it is.
/// </summary>
internal static class QueryReader
{
    /// <summary>Reads a field of any shape; null when absent or when the state is not a JSONata state.</summary>
    /// <param name="fields">The object that holds it.</param>
    /// <param name="name">The field.</param>
    /// <param name="available">The members of <c>$states</c> that are there in it.</param>
    /// <param name="expected">What the field takes when it is an expression as a whole.</param>
    public static ValueExpression? ReadTemplate(Fields fields, string name, StatesMembers available, QueryResultType? expected = null)
    {
        JsonValue? value = fields[name];
        if (value is null || fields.Context.Language != QueryLanguage.Jsonata)
        {
            return null;
        }

        var reader = new TemplateWalk(fields.Context, available);
        fields.Context.Problems.Enter(name);
        ValueExpression? template = reader.Read(value, fields.Location + name, expected ?? QueryResultType.Any);
        fields.Context.Problems.Leave();
        return template ?? new LiteralExpression(value);
    }

    /// <summary>
    /// Reads <c>Output</c>; null when absent.
    /// </summary>
    public static ValueExpression? ReadOutput(Fields fields, StatesMembers available) => ReadTemplate(fields, "Output", available);

    /// <summary>Reads a field that is an expression as a whole, or not at all.</summary>
    /// <returns>Whether the field is one, be it a valid one or not; then it is done with.</returns>
    public static bool TryExpression(Fields fields, string name, QueryResultType expected, out ValueExpression? expression)
    {
        expression = null;
        if (fields.Context.Language != QueryLanguage.Jsonata || !QueryString.TryRead(fields[name], out _, out _))
        {
            return false;
        }

        expression = ReadTemplate(fields, name, StatesMembers.None, expected);
        return true;
    }

    /// <summary>Reads <c>Condition</c> of a Choice rule; null when there is none that makes sense, which has been reported.</summary>
    public static ConditionExpression? ReadCondition(Fields rule)
    {
        const string Name = "Condition";
        if (TryExpression(rule, Name, QueryResultType.Boolean, out ValueExpression? expression))
        {
            return expression is null ? null : new QueryCondition(expression);
        }

        if (rule[Name] is JsonBoolean constant)
        {
            return new QueryCondition(new LiteralExpression(constant));
        }

        if (rule.Has(Name))
        {
            rule.Context.Problems.Error(
                DiagnosticCodes.WrongType, "The field 'Condition' must be a JSONata expression between '{%' and '%}', or a boolean", Name);
        }

        return null;
    }

    /// <summary>One walk over the value of a field.</summary>
    private sealed class TemplateWalk(ReadContext context, StatesMembers available)
    {
        /// <summary>An expression for a value with expressions in it; null when it has none.</summary>
        public ValueExpression? Read(JsonValue value, string location, QueryResultType expected) => value switch
        {
            JsonObject json => ReadObject(json, location),
            JsonArray array => ReadArray(array, location),
            _ => QueryString.TryRead(value, out string text, out int offset) ? ReadExpression(value, text, offset, location, expected) : null,
        };

        private ValueExpression ReadExpression(JsonValue value, string text, int offset, string location, QueryResultType expected) =>
            context.Queries.TryRead(text, offset, available, out Query? query)
                ? new QueryExpression(query, location, expected)
                : new LiteralExpression(value);

        private ObjectTemplate? ReadObject(JsonObject json, string location)
        {
            var parts = new ValueExpression?[json.Count];
            for (int i = 0; i < parts.Length; i++)
            {
                context.Problems.Enter(json[i].Name);
                parts[i] = Read(json[i].Value, $"{location}/{json[i].Name}", QueryResultType.Any);
                context.Problems.Leave();
            }

            return Array.TrueForAll(parts, part => part is null)
                ? null
                : new ObjectTemplate([.. json.Select(property => property.Name)], [.. parts.Select((part, i) => part ?? new LiteralExpression(json[i].Value))]);
        }

        private ArrayTemplate? ReadArray(JsonArray array, string location)
        {
            var parts = new ValueExpression?[array.Count];
            for (int i = 0; i < parts.Length; i++)
            {
                context.Problems.Enter(i);
                parts[i] = Read(array[i], string.Create(CultureInfo.InvariantCulture, $"{location}[{i}]"), QueryResultType.Any);
                context.Problems.Leave();
            }

            return Array.TrueForAll(parts, part => part is null)
                ? null
                : new ArrayTemplate([.. parts.Select((part, i) => part ?? new LiteralExpression(array[i]))]);
        }
    }
}
