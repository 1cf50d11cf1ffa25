using Lockstep.Asl.Compiled;
using Lockstep.Asl.Diagnostics;
using Lockstep.Asl.Evaluation;
using Lockstep.Asl.Expressions;
using Lockstep.Asl.Queries;
using Lockstep.Json;

namespace Lockstep.Asl.Parsing;

/// <summary>Reads the fields of a Map state that only DISTRIBUTED mode has.</summary>
internal static class DistributedMapReader
{
    private const int MaxPercentage = 100;

    public static DistributedMapFields Read(Fields fields) => new(
        fields.IntegerOrPath("ToleratedFailureCount", 0, int.MaxValue, takesContext: false),
        ReadPercentage(fields),
        ReadReader(fields),
        ReadBatcher(fields),
        ReadWriter(fields))
    {
        Label = DistributedMapRules.Label(fields),
    };

    private static ValueExpression? ReadPercentage(Fields fields)
    {
        const string Name = "ToleratedFailurePercentage";
        const string PathName = Name + "Path";
        fields.Exclusive(Name, PathName);
        if (QueryReader.TryExpression(fields, Name, QueryResultType.Percentage, out ValueExpression? query))
        {
            return query;
        }

        switch (fields[Name])
        {
            case JsonNumber number:
                if (number.CompareTo(JsonNumber.Of(0)) < 0)
                {
                    fields.Context.Problems.Error(DiagnosticCodes.OutOfRange, "Minimum value is 0.0", Name);
                }
                else if (number.CompareTo(JsonNumber.Of(MaxPercentage)) > 0)
                {
                    fields.Context.Problems.Error(DiagnosticCodes.OutOfRange, $"Maximum value is {MaxPercentage}.0", Name);
                }

                return new LiteralExpression(number);
            case null:
                return fields.ReferencePath(PathName, takesContext: false) is PathExpression path
                    ? new PercentageField(PathName, Name, path, MaxPercentage)
                    : null;
            default:
                fields.WrongType(Name, "Number");
                return null;
        }
    }

    /// <summary>The largest <c>MaxItems</c> that Step Functions takes.</summary>
    private const int MaxReaderItems = 100_000_000;

    private static ItemReaderFields? ReadReader(Fields fields)
    {
        const string Name = "ItemReader";
        if (fields.Object(Name) is not JsonObject json)
        {
            return null;
        }

        ReadContext context = fields.Context;
        context.Problems.Enter(Name);
        var reader = new Fields(json, context, $"{Name}/");
        reader.Allow(FieldSet.ItemReader);
        bool listsObjects = DistributedMapRules.ListsObjects(reader);
        ValueExpression? parameters = TemplateReader.Read(reader, reader.Has("Arguments") ? "Arguments" : "Parameters");
        string? inputType = null;
        string? pointer = null;
        ValueExpression? maxItems = null;
        JsonArray? headers = null;
        char delimiter = ',';
        string? manifest = null;
        bool flattens = false;
        if (reader.Object("ReaderConfig") is JsonObject config)
        {
            context.Problems.Enter("ReaderConfig");
            var settings = new Fields(config, context, $"{Name}/ReaderConfig/");
            DistributedMapRules.CheckReaderConfig(settings, listsObjects);
            manifest = settings.Text("ManifestType");
            inputType = settings.Text("InputType") ?? (manifest == "S3_INVENTORY" ? "MANIFEST" : null);
            flattens = settings.Text("Transformation") == "LOAD_AND_FLATTEN";
            pointer = settings.Text("ItemsPointer");
            maxItems = settings.IntegerOrPath("MaxItems", 0, MaxReaderItems, takesContext: false);
            headers = settings.Array("CSVHeaders");
            delimiter = DelimiterOf(settings.Text("CSVDelimiter"));
            context.Problems.Leave();
        }

        context.Problems.Leave();
        return new ItemReaderFields(parameters, inputType, pointer, maxItems, headers, delimiter)
        {
            ListsObjects = listsObjects,
            Flattens = flattens,
            ManifestType = manifest,
        };
    }

    private static char DelimiterOf(string? name) => name switch
    {
        "PIPE" => '|',
        "SEMICOLON" => ';',
        "SPACE" => ' ',
        "TAB" => '\t',
        _ => ',',
    };

    private static ItemBatcherFields? ReadBatcher(Fields fields)
    {
        const string Name = "ItemBatcher";
        if (fields.Object(Name) is not JsonObject json)
        {
            return null;
        }

        ReadContext context = fields.Context;
        context.Problems.Enter(Name);
        var batcher = new Fields(json, context, $"{Name}/");
        DistributedMapRules.CheckBatcher(batcher);
        var read = new ItemBatcherFields(
            batcher.IntegerOrPath("MaxItemsPerBatch", 1, int.MaxValue, takesContext: false),
            batcher.IntegerOrPath("MaxInputBytesPerBatch", 1, int.MaxValue, takesContext: false),
            TemplateReader.Read(batcher, "BatchInput"));
        context.Problems.Leave();
        return read;
    }

    private static ResultWriterFields? ReadWriter(Fields fields)
    {
        const string Name = "ResultWriter";
        if (fields.Object(Name) is not JsonObject json)
        {
            return null;
        }

        ReadContext context = fields.Context;
        context.Problems.Enter(Name);
        var writer = new Fields(json, context, $"{Name}/");
        DistributedMapRules.CheckWriter(writer);
        ValueExpression? parameters = TemplateReader.Read(writer, writer.Has("Arguments") ? "Arguments" : "Parameters");
        string transformation = parameters is null ? "COMPACT" : "NONE";
        string outputType = "JSON";
        if (writer.Object("WriterConfig") is JsonObject config)
        {
            context.Problems.Enter("WriterConfig");
            var settings = new Fields(config, context, $"{Name}/WriterConfig/");
            settings.Allow(FieldSet.WriterConfig);
            transformation = DistributedMapRules.OneOf(settings, "Transformation", transformation, "NONE", "COMPACT", "FLATTEN");
            outputType = DistributedMapRules.OneOf(settings, "OutputType", outputType, "JSON", "JSONL");
            context.Problems.Leave();
        }

        context.Problems.Leave();
        return new ResultWriterFields(parameters, transformation, outputType);
    }
}
