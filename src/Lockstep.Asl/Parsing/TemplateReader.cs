using System.Collections.Immutable;
using Lockstep.Asl.Compiled;
using Lockstep.Asl.Diagnostics;
using Lockstep.Asl.Evaluation;
using Lockstep.Asl.Expressions;
using Lockstep.Asl.Queries;
using Lockstep.Json;

namespace Lockstep.Asl.Parsing;

/// <summary>
/// Reads payload templates (States Language, "Payload Template"). A part without expressions stays the value it is and is shared by all evaluations.
/// </summary>
internal static class TemplateReader
{
    private const string ExpressionSuffix = ".$";

    /// <summary>Reads a field that is a payload template; null when absent. In a JSONata state its strings may be expressions.</summary>
    /// <param name="fields">The object that holds it.</param>
    /// <param name="name">The field.</param>
    /// <param name="available">The members of <c>$states</c> that are there in it.</param>
    public static ValueExpression? Read(Fields fields, string name, StatesMembers available = StatesMembers.None)
    {
        JsonValue? value = fields[name];
        if (value is null)
        {
            return null;
        }

        if (fields.Context.Language == QueryLanguage.Jsonata)
        {
            return QueryReader.ReadTemplate(fields, name, available);
        }

        fields.Context.Problems.Enter(name);
        ValueExpression? template = Read(value, fields.Context);
        fields.Context.Problems.Leave();
        return template ?? new LiteralExpression(value);
    }

    /// <summary>Reads the <c>Assign</c> field; null when absent.</summary>
    /// <param name="fields">The object that holds it.</param>
    /// <param name="available">The members of <c>$states</c> that are there in it.</param>
    public static AssignTemplate? ReadAssign(Fields fields, StatesMembers available)
    {
        const string Name = "Assign";
        if (fields.Object(Name) is not JsonObject assign)
        {
            return null;
        }

        ReadContext context = fields.Context;
        bool isJsonPath = context.Language == QueryLanguage.JsonPath;
        var names = ImmutableArray.CreateBuilder<string>(assign.Count);
        context.Problems.Enter(Name);
        foreach (JsonProperty property in assign)
        {
            string name = isJsonPath && IsExpression(property.Name) ? NameOf(property.Name) : property.Name;
            context.Problems.Enter(property.Name);
            CheckName(name, context);
            context.NoteVariableAssigned(name);
            context.Problems.Leave();
            names.Add(name);
        }

        context.Problems.Leave();
        ValueExpression template = Read(fields, Name, available) ?? new LiteralExpression(assign);
        return new AssignTemplate(template, names.DrainToImmutable());
    }

    /// <summary>An expression for a value with expressions in it; null when it has none.</summary>
    private static ValueExpression? Read(JsonValue value, ReadContext context) => value switch
    {
        JsonObject json => ReadObject(json, context),
        JsonArray array => ReadArray(array, context),
        _ => null,
    };

    private static ObjectTemplate? ReadObject(JsonObject json, ReadContext context)
    {
        ValueExpression[]? values = null;
        string[]? names = null;
        for (int i = 0; i < json.Count; i++)
        {
            JsonProperty property = json[i];
            bool isExpression = IsExpression(property.Name);
            ValueExpression? expression = null;
            if (isExpression)
            {
                expression = ReadExpression(json, property, context);
            }
            else if (property.Value.Depth > 0)
            {
                context.Problems.Enter(property.Name);
                expression = Read(property.Value, context);
                context.Problems.Leave();
            }

            if (expression is not null && values is null)
            {
                values = new ValueExpression[json.Count];
                names = new string[json.Count];
                for (int before = 0; before < i; before++)
                {
                    names[before] = json[before].Name;
                    values[before] = new LiteralExpression(json[before].Value);
                }
            }

            if (values is not null && names is not null)
            {
                names[i] = isExpression ? NameOf(property.Name) : property.Name;
                values[i] = expression ?? new LiteralExpression(property.Value);
            }
        }

        return values is null || names is null ? null : new ObjectTemplate(names, values);
    }

    private static ArrayTemplate? ReadArray(JsonArray array, ReadContext context)
    {
        ValueExpression[]? items = null;
        for (int i = 0; i < array.Count; i++)
        {
            ValueExpression? expression = null;
            if (array[i].Depth > 0)
            {
                context.Problems.Enter(i);
                expression = Read(array[i], context);
                context.Problems.Leave();
            }

            if (expression is not null && items is null)
            {
                items = new ValueExpression[array.Count];
                for (int before = 0; before < i; before++)
                {
                    items[before] = new LiteralExpression(array[before]);
                }
            }

            if (items is not null)
            {
                items[i] = expression ?? new LiteralExpression(array[i]);
            }
        }

        return items is null ? null : new ArrayTemplate(items);
    }

    private static ValueExpression ReadExpression(JsonObject holder, JsonProperty property, ReadContext context)
    {
        if (holder.Contains(NameOf(property.Name)))
        {
            context.Problems.Error(
                DiagnosticCodes.ConflictingFields,
                $"The fields '{NameOf(property.Name)}' and '{property.Name}' cannot be used together",
                property.Name);
        }

        string? reason = "the value is not a string";
        ValueExpression? expression = null;
        context.Problems.Enter(property.Name);
        bool parsed = property.Value is JsonString text
            && context.Expressions.TryExpression(
                text.Value, new PathUse(PathUseKind.TemplateField, property.Name), out expression, out reason);
        context.Problems.Leave();
        if (!parsed || expression is null)
        {
            Refuse(property.Name, reason, context);
        }

        return expression ?? new LiteralExpression(property.Value);
    }

    private static void Refuse(string name, string? reason, ReadContext context)
    {
        string holder = context.Problems.Pointer();
        context.Problems.Add(new Diagnostic(
            context.Expressions.WasTooDeep ? DiagnosticCodes.IntrinsicTooDeep : DiagnosticCodes.InvalidExpression,
            DiagnosticSeverity.Error,
            $"The value for the field '{name}' must be a valid JSONPath or a valid intrinsic function call",
            context.Problems.Pointer(name))
        {
            Detail = reason,
            ServiceLocation = holder,
        });
    }

    private static void CheckName(string name, ReadContext context)
    {
        bool isValid = name.Length > 0 && name.Length <= context.Options.Limits.MaxVariableNameLength && (char.IsLetter(name[0]) || name[0] == '_')
            && name.All(character => char.IsLetterOrDigit(character) || character == '_');
        if (!isValid || name == "states")
        {
            context.Problems.Error(
                DiagnosticCodes.InvalidVariableName,
                $"'{name}' is not a valid variable name: use 1 to {context.Options.Limits.MaxVariableNameLength} letters, digits and underscores, "
                    + "not starting with a digit; 'states' is reserved");
        }
    }

    /// <summary>The name of a variable that a field of <c>Assign</c> is about: what stands before <c>.$</c>, if that is there.</summary>
    public static string NameWithoutMark(string name) => IsExpression(name) ? NameOf(name) : name;

    private static bool IsExpression(string name) => name.EndsWith(ExpressionSuffix, StringComparison.Ordinal);

    private static string NameOf(string name) => name[..^ExpressionSuffix.Length];
}
