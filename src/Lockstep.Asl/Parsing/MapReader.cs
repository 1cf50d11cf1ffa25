using Lockstep.Asl.Diagnostics;
using Lockstep.Asl.Evaluation;
using Lockstep.Asl.Expressions;
using Lockstep.Asl.Model;
using Lockstep.Asl.Queries;
using Lockstep.Json;

namespace Lockstep.Asl.Parsing;

/// <summary>Reads Map states, both modes.</summary>
internal static class MapReader
{
    private static readonly string[] DistributedFields =
    [
        "ItemReader", "ItemBatcher", "ResultWriter", "Label", "ToleratedFailureCount", "ToleratedFailureCountPath", "ToleratedFailurePercentage",
        "ToleratedFailurePercentagePath",
    ];

    private static readonly StateGroup NoProcessor = new("", []);

    public static MapDefinition Read(string name, Fields fields)
    {
        fields.Allow(FieldSet.Map);
        fields.Exclusive("ItemProcessor", "Iterator");
        fields.Exclusive("ItemSelector", "Parameters");
        string processorField = fields.Has("Iterator") && !fields.Has("ItemProcessor") ? "Iterator" : "ItemProcessor";
        fields.Require(processorField);
        JsonObject? processor = fields.Object(processorField);
        (MapMode mode, WorkflowType? executionType) = ReadMode(processor, processorField, fields.Context);
        return StateReader.WithCommon(
            new MapDefinition
            {
                Name = name,
                QueryLanguage = fields.Context.Language,
                Next = StateReader.ReadNext(fields),
                Mode = mode,
                ExecutionType = executionType,
                ProcessorField = processorField,
                Processor = processor is null ? NoProcessor : ReadProcessor(processor, processorField, mode, executionType, fields.Context),
                Items = fields.Context.Language == QueryLanguage.Jsonata ? ReadItems(fields, mode) : ReadItemsPath(fields),
                MaxConcurrency = fields.IntegerOrPath("MaxConcurrency", 0, int.MaxValue, takesContext: false),
                DistributedFields = ReadDistributedFields(fields, mode),
                Distributed = DistributedMapReader.Read(fields),
                Parameters = ReadItemSelector(fields),
                ResultSelector = StateReader.ReadResultSelector(fields),
                ResultPath = StateReader.ReadResultPath(fields),
                Retry = ErrorHandlingReader.ReadRetry(fields),
                Catch = ErrorHandlingReader.ReadCatch(fields),
            },
            fields);
    }

    private static (MapMode Mode, WorkflowType? ExecutionType) ReadMode(JsonObject? processor, string processorField, ReadContext context)
    {
        if (processor?["ProcessorConfig"] is null)
        {
            return (MapMode.Inline, null);
        }

        context.Problems.Enter(processorField);
        var mode = MapMode.Inline;
        WorkflowType? executionType = null;
        if (new Fields(processor, context).Object("ProcessorConfig") is JsonObject json)
        {
            context.Problems.Enter("ProcessorConfig");
            var config = new Fields(json, context);
            config.Allow(FieldSet.ProcessorConfig);
            mode = ReadOneOf(config, "Mode", ("INLINE", MapMode.Inline), ("DISTRIBUTED", MapMode.Distributed)) ?? MapMode.Inline;
            executionType = ReadOneOf(config, "ExecutionType", ("STANDARD", WorkflowType.Standard), ("EXPRESS", WorkflowType.Express));
            if (mode == MapMode.Distributed)
            {
                config.Require("ExecutionType");
                if (context.Type == WorkflowType.Express)
                {
                    context.Problems.Error(DiagnosticCodes.NotInExpress, "Express state machine does not support Map states in DISTRIBUTED mode", "Mode");
                }
            }

            context.Problems.Leave();
        }

        context.Problems.Leave();
        return (mode, executionType);
    }

    private static T? ReadOneOf<T>(Fields fields, string name, (string Text, T Value) first, (string Text, T Value) second)
        where T : struct
    {
        string? text = fields.Text(name);
        if (text is null)
        {
            return null;
        }

        if (text == first.Text || text == second.Text)
        {
            return text == first.Text ? first.Value : second.Value;
        }

        fields.Context.Problems.Error(DiagnosticCodes.InvalidValue, $"The field '{name}' must be {first.Text} or {second.Text}", name);
        return null;
    }

    private static StateGroup ReadProcessor(JsonObject json, string field, MapMode mode, WorkflowType? executionType, ReadContext context)
    {
        context.Problems.Enter(field);
        WorkflowType outer = context.Type;
        context.Type = executionType ?? outer;
        var processor = new Fields(json, context);
        processor.Allow(FieldSet.Processor);
        StateGroup group = GroupReader.Read(processor, mode == MapMode.Inline ? context.Scope : null);
        context.Type = outer;
        context.Problems.Leave();
        return group;
    }

    private static ItemsField ReadItemsPath(Fields fields)
    {
        const string Name = "ItemsPath";
        PathExpression path = fields.Path(Name, PathUseKind.StateField) ?? new InputPath("$", null, new PathUse(PathUseKind.StateField, Name));
        return new ItemsField(path);
    }

    /// <summary>An array, or an expression that gives one; in DISTRIBUTED mode also an object.</summary>
    private static ValueExpression? ReadItems(Fields fields, MapMode mode)
    {
        const string Name = "Items";
        QueryResultType expected = mode == MapMode.Inline ? QueryResultType.Array : QueryResultType.Any;
        if (QueryReader.TryExpression(fields, Name, expected, out ValueExpression? query))
        {
            return query;
        }

        if (fields[Name] is not (null or JsonArray) && (mode == MapMode.Inline || fields[Name] is not JsonObject))
        {
            fields.WrongType(Name, "Array");
        }

        return QueryReader.ReadTemplate(fields, Name, StatesMembers.None) ?? new QueryItems();
    }

    private static ValueExpression? ReadItemSelector(Fields fields) => fields.Has("ItemSelector")
        ? TemplateReader.Read(fields, "ItemSelector")
        : fields.Context.Language == QueryLanguage.Jsonata ? null : TemplateReader.Read(fields, "Parameters");

    private static JsonObject ReadDistributedFields(Fields fields, MapMode mode)
    {
        JsonObject found = JsonObject.Empty;
        foreach (string name in DistributedFields)
        {
            // Step Functions takes the tolerated failures in INLINE mode too, where they have no effect.
            if (fields[name] is JsonValue value && (mode == MapMode.Distributed || name is not ("ToleratedFailureCount" or "ToleratedFailurePercentage")))
            {
                found = found.With(name, value);
            }
        }

        return found;
    }
}
