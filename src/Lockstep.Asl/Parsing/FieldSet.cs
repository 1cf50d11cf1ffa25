using System.Collections.Frozen;

namespace Lockstep.Asl.Parsing;

/// <summary>The fields that an object of a definition may have, for each query language.</summary>
internal sealed class FieldSet
{
    private const string Both = "Type Comment QueryLanguage";
    private const string Transition = "Next End";
    private const string PathInputOutput = "InputPath OutputPath";
    private const string PathWork = "Parameters ResultSelector ResultPath";
    private const string ErrorHandling = "Retry Catch";

    private readonly FrozenSet<string> _jsonPath;
    private readonly FrozenSet<string> _jsonata;

    private FieldSet(string both, string jsonPath, string jsonata)
    {
        _jsonPath = $"{both} {jsonPath}".Split(' ', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
        _jsonata = $"{both} {jsonata}".Split(' ', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
    }

    public static FieldSet Machine { get; } = new("Comment StartAt States Version TimeoutSeconds QueryLanguage", "", "");

    public static FieldSet Branch { get; } = new("Comment StartAt States", "", "");

    public static FieldSet Processor { get; } = new("Comment StartAt States ProcessorConfig", "", "");

    public static FieldSet ProcessorConfig { get; } = new("Mode ExecutionType", "", "");

    public static FieldSet Pass { get; } =
        new($"{Both} {Transition} Assign", $"{PathInputOutput} Parameters Result ResultPath", "Output");

    public static FieldSet Task { get; } = new(
        $"{Both} {Transition} Assign {ErrorHandling} Resource TimeoutSeconds HeartbeatSeconds Credentials",
        $"{PathInputOutput} {PathWork} TimeoutSecondsPath HeartbeatSecondsPath",
        "Arguments Output");

    public static FieldSet Choice { get; } = new($"{Both} Assign Choices Default", PathInputOutput, "Output");

    public static FieldSet Wait { get; } =
        new($"{Both} {Transition} Assign Seconds Timestamp", $"{PathInputOutput} SecondsPath TimestampPath", "Output");

    public static FieldSet Succeed { get; } = new(Both, PathInputOutput, "Output");

    public static FieldSet Fail { get; } = new($"{Both} Error Cause", "ErrorPath CausePath", "");

    public static FieldSet Parallel { get; } =
        new($"{Both} {Transition} Assign {ErrorHandling} Branches", $"{PathInputOutput} {PathWork}", "Arguments Output");

    public static FieldSet Map { get; } = new(
        $"{Both} {Transition} Assign {ErrorHandling} ItemProcessor Iterator ItemSelector MaxConcurrency ToleratedFailurePercentage"
            + " ToleratedFailureCount Label ItemReader ItemBatcher ResultWriter",
        $"{PathInputOutput} {PathWork} ItemsPath MaxConcurrencyPath ToleratedFailurePercentagePath ToleratedFailureCountPath",
        "Items Output");

    public static FieldSet ItemReader { get; } = new("Resource ReaderConfig", "Parameters", "Arguments");

    public static FieldSet ReaderConfig { get; } =
        new("InputType CSVHeaderLocation CSVHeaders CSVDelimiter ItemsPointer ManifestType MaxItems Transformation", "MaxItemsPath", "");

    public static FieldSet ItemBatcher { get; } =
        new("BatchInput MaxItemsPerBatch MaxInputBytesPerBatch", "MaxItemsPerBatchPath MaxInputBytesPerBatchPath", "");

    public static FieldSet ResultWriter { get; } = new("Resource WriterConfig", "Parameters", "Arguments");

    public static FieldSet WriterConfig { get; } = new("Transformation OutputType", "", "");

    public static FieldSet Retrier { get; } =
        new("ErrorEquals IntervalSeconds MaxAttempts BackoffRate MaxDelaySeconds JitterStrategy Comment", "", "");

    public static FieldSet Catcher { get; } = new("ErrorEquals Next Assign Comment", "ResultPath", "Output");

    public static FieldSet JsonataRule { get; } = new("Condition Next Assign Output Comment", "", "");

    public bool Contains(string name, QueryLanguage language) =>
        (language == QueryLanguage.JsonPath ? _jsonPath : _jsonata).Contains(name);

    public bool ContainsInAnyLanguage(string name) => _jsonPath.Contains(name) || _jsonata.Contains(name);
}
