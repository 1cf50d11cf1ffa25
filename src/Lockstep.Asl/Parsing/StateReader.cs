using System.Collections.Immutable;
using Lockstep.Asl.Compiled;
using Lockstep.Asl.Diagnostics;
using Lockstep.Asl.Evaluation;
using Lockstep.Asl.Expressions;
using Lockstep.Asl.Model;
using Lockstep.Asl.Queries;
using Lockstep.Json;
using Lockstep.Json.Paths;

namespace Lockstep.Asl.Parsing;

/// <summary>Reads one state: what all types share here, the rest in the reader of its type.</summary>
internal static class StateReader
{
    /// <summary>Reads a state; null when its type is unknown.</summary>
    public static StateDefinition? Read(string name, JsonObject json, ReadContext context)
    {
        QueryLanguage outerLanguage = context.Language;
        ImmutableArray<string> outerVariables = context.BeginVariables();
        var fields = new Fields(json, context);
        context.Language = QueryLanguageReader.Read(fields, context.MachineLanguage, isMachine: false);
        StateDefinition? state = fields.Require("Type") ? ReadType(name, fields) : null;
        ImmutableArray<string> variables = context.EndVariables(outerVariables);
        context.Language = outerLanguage;
        return state is null || variables.IsEmpty ? state : state with { VariableReferences = variables };
    }

    /// <summary>Reports a transition that leads nowhere.</summary>
    public static void CheckTarget(Fields fields, string field, string? target)
    {
        if (target is not null && fields.Context.Scope is GroupScope scope && !scope.TryAddTransition(target))
        {
            fields.Context.Problems.Error(DiagnosticCodes.MissingTransitionTarget, $"Missing '{field}' target: {target}", field);
        }
    }

    private static StateDefinition? ReadType(string name, Fields fields)
    {
        switch (fields.Text("Type"))
        {
            case "Pass":
                return ReadPass(name, fields);
            case "Task":
                return TaskReader.Read(name, fields);
            case "Choice":
                return ChoiceReader.Read(name, fields);
            case "Wait":
                return ReadWait(name, fields);
            case "Succeed":
                fields.Allow(FieldSet.Succeed);
                return WithCommon(new SucceedDefinition { Name = name, QueryLanguage = fields.Context.Language }, fields);
            case "Fail":
                return ReadFail(name, fields);
            case "Parallel":
                return ParallelReader.Read(name, fields);
            case "Map":
                return MapReader.Read(name, fields);
            case null:
                return null;
            case string other:
                fields.Context.Problems.Error(
                    DiagnosticCodes.InvalidValue,
                    $"'{other}' is not a state type: use Pass, Task, Choice, Wait, Succeed, Fail, Parallel or Map",
                    "Type");
                return null;
        }
    }

    private static PassDefinition ReadPass(string name, Fields fields)
    {
        fields.Allow(FieldSet.Pass);
        return WithCommon(
            new PassDefinition
            {
                Name = name,
                QueryLanguage = fields.Context.Language,
                Next = ReadNext(fields),
                Parameters = fields.Context.Language == QueryLanguage.Jsonata ? null : TemplateReader.Read(fields, "Parameters"),
                Result = fields["Result"],
                ResultPath = ReadResultPath(fields),
            },
            fields);
    }

    private static WaitDefinition ReadWait(string name, Fields fields)
    {
        fields.Allow(FieldSet.Wait);
        int given = 0;
        foreach (string field in (ReadOnlySpan<string>)["Seconds", "SecondsPath", "Timestamp", "TimestampPath"])
        {
            given += fields.Has(field) ? 1 : 0;
        }

        if (given != 1)
        {
            fields.Context.Problems.Error(
                given == 0 ? DiagnosticCodes.MissingField : DiagnosticCodes.ConflictingFields,
                fields.Context.Language == QueryLanguage.Jsonata
                    ? "A Wait state must have exactly one of the fields 'Seconds' and 'Timestamp'"
                    : "A Wait state must have exactly one of the fields 'Seconds', 'SecondsPath', 'Timestamp' and 'TimestampPath'");
        }

        return WithCommon(
            new WaitDefinition
            {
                Name = name,
                QueryLanguage = fields.Context.Language,
                Next = ReadNext(fields),
                Seconds = given == 1 ? fields.IntegerOrPath("Seconds", 0, Fields.MaxSeconds) : null,
                Timestamp = given == 1 ? ReadTimestamp(fields) : null,
            },
            fields);
    }

    private static ValueExpression? ReadTimestamp(Fields fields)
    {
        const string Name = "Timestamp";
        if (QueryReader.TryExpression(fields, Name, QueryResultType.Timestamp, out ValueExpression? query))
        {
            return query;
        }

        if (fields.Text(Name) is string text)
        {
            if (!Rfc3339.TryParse(text, out _))
            {
                fields.Context.Problems.Error(
                    DiagnosticCodes.InvalidValue, "String does not match RFC3339 timestamp", Name);
            }

            return new LiteralExpression(JsonString.Of(text));
        }

        return fields.ReferencePath("TimestampPath") is PathExpression path ? new TimestampField("TimestampPath", path) : null;
    }

    private static FailDefinition ReadFail(string name, Fields fields)
    {
        fields.Allow(FieldSet.Fail);
        return WithCommon(
            new FailDefinition
            {
                Name = name,
                QueryLanguage = fields.Context.Language,
                Error = ReadTextOrPath(fields, "Error"),
                Cause = ReadTextOrPath(fields, "Cause"),
            },
            fields);
    }

    private static ValueExpression? ReadTextOrPath(Fields fields, string name)
    {
        string pathName = name + "Path";
        fields.Exclusive(name, pathName);
        if (QueryReader.TryExpression(fields, name, QueryResultType.Text, out ValueExpression? query))
        {
            return query;
        }

        if (fields.Text(name) is string text)
        {
            return new LiteralExpression(JsonString.Of(text));
        }

        if (fields.Context.Language == QueryLanguage.Jsonata || fields.Text(pathName) is not string source)
        {
            return null;
        }

        ReadContext context = fields.Context;
        context.Problems.Enter(pathName);
        var use = new PathUse(PathUseKind.ScalarField, pathName);
        bool parsed = context.Expressions.TryExpression(source, use, out ValueExpression? expression, out string? reason);
        context.Problems.Leave();
        if (!parsed || expression is null)
        {
            context.Problems.Add(new Diagnostic(
                DiagnosticCodes.InvalidExpression,
                DiagnosticSeverity.Error,
                $"The value for the field '{pathName}' must be a valid JSONPath or a valid intrinsic function call",
                context.Problems.Pointer(pathName))
            {
                Detail = reason,
            });
            return null;
        }

        return new TextField(pathName, expression);
    }

    /// <summary>Reads <c>Next</c> and <c>End</c>; null when the state ends its scope.</summary>
    public static string? ReadNext(Fields fields)
    {
        string? next = fields.Text("Next");
        bool end = fields.Boolean("End") ?? false;
        if (end && next is not null)
        {
            fields.Context.Problems.Error(DiagnosticCodes.ConflictingFields, "A state cannot have both 'Next' and 'End': true", "End");
        }

        if (!end && !fields.Has("Next"))
        {
            fields.Context.Problems.Error(DiagnosticCodes.MissingField, "One of the fields 'Next' and 'End': true is required");
        }

        CheckTarget(fields, "Next", next);
        return next;
    }

    /// <summary>Reads <c>Parameters</c>, or <c>Arguments</c> of a JSONata state; null when absent.</summary>
    public static ValueExpression? ReadParameters(Fields fields) =>
        TemplateReader.Read(fields, fields.Context.Language == QueryLanguage.Jsonata ? "Arguments" : "Parameters");

    /// <summary>Reads <c>ResultSelector</c>, which a JSONata state does not have; null when absent.</summary>
    public static ValueExpression? ReadResultSelector(Fields fields) =>
        fields.Context.Language == QueryLanguage.Jsonata ? null : TemplateReader.Read(fields, "ResultSelector");

    /// <summary>Reads <c>ResultPath</c>; null when absent.</summary>
    public static ResultPlacement? ReadResultPath(Fields fields)
    {
        const string Name = "ResultPath";
        if (fields[Name] is JsonNull)
        {
            return new ResultPlacement(Discard: true, null);
        }

        // In a JSONata state it has been reported that there is no such field.
        if (fields.Context.Language == QueryLanguage.Jsonata || fields.Text(Name) is not string text)
        {
            return null;
        }

        if (text == "$")
        {
            return new ResultPlacement(Discard: false, null);
        }

        if (ReferencePath.TryParse(text, out ReferencePath? path, out JsonPathError? error))
        {
            return new ResultPlacement(Discard: false, path);
        }

        fields.Context.Problems.Add(new Diagnostic(
            DiagnosticCodes.InvalidReferencePath,
            DiagnosticSeverity.Error,
            Fields.NotAReferencePath,
            fields.Context.Problems.Pointer(Name))
        {
            Detail = error.Message,
        });
        return null;
    }

    /// <summary>The state with the fields that all types share.</summary>
    public static T WithCommon<T>(T state, Fields fields)
        where T : StateDefinition
    {
        StatesMembers available = state is WorkStateDefinition ? StatesMembers.Result : StatesMembers.None;
        string? comment = fields.Text("Comment");
        ValueExpression? inputPath = fields.PathOrNull("InputPath");
        ValueExpression? outputPath = fields.PathOrNull("OutputPath");
        AssignTemplate? assign = TemplateReader.ReadAssign(fields, available);
        ValueExpression? output = QueryReader.ReadOutput(fields, available);
        return comment is null && inputPath is null && outputPath is null && assign is null && output is null
            ? state
            : state with { Comment = comment, InputPath = inputPath, OutputPath = outputPath, Assign = assign, Output = output };
    }
}
