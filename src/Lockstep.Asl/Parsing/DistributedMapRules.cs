using System.Buffers;
using Lockstep.Asl.Diagnostics;
using Lockstep.Asl.Resources;
using Lockstep.Json;

namespace Lockstep.Asl.Parsing;

/// <summary>
/// What the fields of a Map state in DISTRIBUTED mode must be beyond their types (Step Functions, "ItemReader", "ItemBatcher", "ResultWriter").
/// </summary>
internal static class DistributedMapRules
{
    /// <summary>Characters that a label has at most.</summary>
    private const int MaxLabelLength = 40;

    private static readonly SearchValues<char> _notInLabels = SearchValues.Create("?*<>{}[]:;,\\|^~$#%&`\"/");

    private static readonly string[] _csvFields = ["CSVHeaderLocation", "CSVHeaders", "CSVDelimiter"];

    private static readonly string[] _delimiters = ["COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"];

    /// <summary>Reads the label; null when absent.</summary>
    public static string? Label(Fields fields)
    {
        const string Name = "Label";
        string? label = fields.Text(Name);
        if (label is null)
        {
            return null;
        }

        if (label.Length is 0 or > MaxLabelLength || label.AsSpan().ContainsAny(_notInLabels)
            || label.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || char.IsSurrogate(c)))
        {
            fields.Context.Problems.Error(
                DiagnosticCodes.InvalidLabelName,
                $"The field '{Name}' must have 1 to {MaxLabelLength} characters, without white space, control characters and any of ? * < > {{ }} [ ] : ; , \\ | ^ ~ $ # % & ` \" /",
                Name);
        }
        else if (!fields.Context.Labels.Add(label))
        {
            // The names of map runs begin with the label: they would not tell which state runs.
            fields.Context.Problems.Error(DiagnosticCodes.DuplicateLabelName, $"Duplicate Label name: {label}", Name);
        }

        return label;
    }

    /// <summary>Checks the resource of an ItemReader, and tells whether it lists objects.</summary>
    public static bool ListsObjects(Fields reader)
    {
        if (!reader.Require("Resource"))
        {
            return false;
        }

        string? action = S3Action(reader);
        if (action is not (null or "getObject" or "listObjectsV2"))
        {
            WrongResource(reader, "arn:aws:states:::s3:getObject or arn:aws:states:::s3:listObjectsV2");
        }

        string arguments = Arguments(reader);
        RequireMember(reader, arguments, "Bucket");
        if (action == "getObject")
        {
            RequireMember(reader, arguments, "Key");
            reader.Require("ReaderConfig");
        }

        return action == "listObjectsV2";
    }

    /// <summary>Checks the configuration of an ItemReader.</summary>
    public static void CheckReaderConfig(Fields settings, bool listsObjects)
    {
        settings.Allow(FieldSet.ReaderConfig);
        DiagnosticBag problems = settings.Context.Problems;
        string? inputType = settings.Text("InputType");
        string? manifestType = settings.Text("ManifestType");
        bool flattens = CheckTransformation(settings, listsObjects);
        if (flattens || (!listsObjects && manifestType != "S3_INVENTORY"))
        {
            settings.Require("InputType");
        }

        if (inputType is not (null or "CSV" or "JSON" or "JSONL" or "MANIFEST" or "PARQUET"))
        {
            problems.Error(DiagnosticCodes.InvalidValue, "The field 'InputType' must be CSV, JSON, JSONL, MANIFEST or PARQUET", "InputType");
        }

        if (flattens && inputType == "MANIFEST")
        {
            problems.Error(DiagnosticCodes.ConflictingFields, "The Transformation LOAD_AND_FLATTEN cannot be used with the InputType MANIFEST", "InputType");
        }

        if (manifestType is string manifest)
        {
            if (listsObjects)
            {
                problems.Error(
                    DiagnosticCodes.ConflictingFields, "The field 'ManifestType' can be used only with the resource arn:aws:states:::s3:getObject", "ManifestType");
            }
            else if (manifest is not ("S3_INVENTORY" or "ATHENA_DATA"))
            {
                problems.Error(DiagnosticCodes.InvalidValue, "The field 'ManifestType' must be S3_INVENTORY or ATHENA_DATA", "ManifestType");
            }
            else if (manifest == "S3_INVENTORY" && inputType is not (null or "MANIFEST"))
            {
                problems.Error(
                    DiagnosticCodes.ConflictingFields, "The ManifestType S3_INVENTORY can be used only with the InputType MANIFEST", "ManifestType");
            }
            else if (manifest == "ATHENA_DATA" && inputType is not (null or "CSV" or "JSONL" or "PARQUET"))
            {
                problems.Error(
                    DiagnosticCodes.ConflictingFields, "The ManifestType ATHENA_DATA can be used only with the InputType CSV, JSONL or PARQUET", "ManifestType");
            }
        }

        CheckCsv(settings, inputType == "CSV");
        if (settings.Text("ItemsPointer") is string pointer)
        {
            if (inputType != "JSON")
            {
                problems.Error(DiagnosticCodes.ConflictingFields, "The field 'ItemsPointer' can be used only with the InputType JSON", "ItemsPointer");
            }
            else if (pointer.Length > 0 && pointer[0] != '/')
            {
                problems.Error(DiagnosticCodes.InvalidValue, "The field 'ItemsPointer' must be a JSON Pointer, which begins with a slash", "ItemsPointer");
            }
        }
    }

    /// <summary>Checks that an ItemBatcher says how large a batch may be.</summary>
    public static void CheckBatcher(Fields batcher)
    {
        batcher.Allow(FieldSet.ItemBatcher);
        if (!batcher.Has("MaxItemsPerBatch") && !batcher.Has("MaxItemsPerBatchPath")
            && !batcher.Has("MaxInputBytesPerBatch") && !batcher.Has("MaxInputBytesPerBatchPath"))
        {
            batcher.Context.Problems.Error(
                DiagnosticCodes.MissingField, "One of these fields is required: [MaxItemsPerBatch, MaxInputBytesPerBatch]");
        }
    }

    /// <summary>Checks a ResultWriter, which may write, or only give a form to what the state returns.</summary>
    public static void CheckWriter(Fields writer)
    {
        writer.Allow(FieldSet.ResultWriter);
        string arguments = Arguments(writer);
        if (writer.Has("Resource"))
        {
            if (S3Action(writer) is not (null or "putObject"))
            {
                WrongResource(writer, "arn:aws:states:::s3:putObject");
            }

            RequireMember(writer, arguments, "Bucket");
        }
        else if (writer.Has(arguments))
        {
            writer.Require("Resource");
        }
        else if (!writer.Has("WriterConfig"))
        {
            writer.Context.Problems.Error(DiagnosticCodes.MissingField, "One of these fields is required: [Resource, WriterConfig]");
        }
    }

    /// <summary>Reads a field that is one of a few words.</summary>
    public static string OneOf(Fields fields, string name, string absent, params ReadOnlySpan<string> words)
    {
        string? text = fields.Text(name);
        if (text is null)
        {
            return absent;
        }

        if (!words.Contains(text))
        {
            fields.Context.Problems.Error(
                DiagnosticCodes.InvalidValue, $"The field '{name}' must be one of: {string.Join(", ", words!)}", name);
        }

        return text;
    }

    /// <summary>Checks what is made of the objects that are listed, and tells whether their content is read.</summary>
    private static bool CheckTransformation(Fields settings, bool listsObjects)
    {
        const string Name = "Transformation";
        bool flattens = OneOf(settings, Name, "NONE", "NONE", "LOAD_AND_FLATTEN") == "LOAD_AND_FLATTEN";
        if (!listsObjects && settings.Has(Name))
        {
            settings.Context.Problems.Error(
                DiagnosticCodes.ConflictingFields, $"The field '{Name}' can be used only with the resource arn:aws:states:::s3:listObjectsV2", Name);
        }

        return flattens;
    }

    private static void CheckCsv(Fields settings, bool isCsv)
    {
        DiagnosticBag problems = settings.Context.Problems;
        foreach (string name in _csvFields)
        {
            if (!isCsv && settings.Has(name))
            {
                problems.Error(DiagnosticCodes.ConflictingFields, $"The field '{name}' can be used only with the InputType CSV", name);
            }
        }

        if (!isCsv)
        {
            return;
        }

        settings.Require("CSVHeaderLocation");
        string location = OneOf(settings, "CSVHeaderLocation", "FIRST_ROW", "FIRST_ROW", "GIVEN");
        OneOf(settings, "CSVDelimiter", "COMMA", _delimiters);
        if (location == "GIVEN")
        {
            settings.Require("CSVHeaders");
            settings.Texts("CSVHeaders");
        }
        else if (settings.Has("CSVHeaders"))
        {
            problems.Error(DiagnosticCodes.ConflictingFields, "The field 'CSVHeaders' can be used only with the CSVHeaderLocation GIVEN", "CSVHeaders");
        }
    }

    private static string? S3Action(Fields fields) =>
        fields.Text("Resource") is not string text ? null
        : TaskResourceParser.TryParse(text, out TaskResource? resource) && resource is { Service: "s3", Pattern: IntegrationPattern.RequestResponse }
            ? resource.ActionName
            : "";

    private static void WrongResource(Fields fields, string expected) =>
        fields.Context.Problems.Error(DiagnosticCodes.InvalidResource, $"The resource must be {expected}", "Resource");

    private static string Arguments(Fields fields) => fields.Context.Language == QueryLanguage.JsonPath ? "Parameters" : "Arguments";

    private static void RequireMember(Fields fields, string arguments, string member)
    {
        // An expression as a whole: what it yields is known only when it runs.
        if (fields[arguments] is null or JsonObject
            && (fields[arguments] is not JsonObject given || !(given.Contains(member) || given.Contains(member + ".$"))))
        {
            fields.Context.Problems.Error(
                DiagnosticCodes.MissingParameter, $"The field '{member}' is required but was missing", fields.Has(arguments) ? arguments : null);
        }
    }
}
