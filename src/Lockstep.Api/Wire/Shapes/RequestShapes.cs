using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Lockstep.Api.Operations;

namespace Lockstep.Api.Wire.Shapes;

/// <summary>The shapes that requests are made of, under the names of the Step Functions API reference.</summary>
public static partial class RequestShapes
{
    private const int MaxNameLength = 80;
    private const int MaxArnLength = 256;
    private const int MaxLongArnLength = 2_000;
    private const int MaxDescriptionLength = 256;

    /// <summary>Arn.</summary>
    public static TextShape Arn { get; } = new(1, MaxArnLength);

    /// <summary>LongArn.</summary>
    public static TextShape LongArn { get; } = new(1, MaxLongArnLength);

    /// <summary>Name.</summary>
    public static TextShape Name { get; } = new(1, MaxNameLength);

    /// <summary>CharacterRestrictedName: the name of an alias, which no version number can be taken for.</summary>
    public static TextShape AliasName { get; } = new(1, MaxNameLength)
    {
        Pattern = AliasNamePattern(),
        PatternText = @"^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$",
    };

    /// <summary>Definition.</summary>
    public static TextShape Definition { get; } = new(1, null) { IsSensitive = true, MaxOfService = limits => limits.MaxDefinitionBytes };

    /// <summary>SensitiveData: an input, an output or another JSON text.</summary>
    public static TextShape Data { get; } = new(null, null) { IsSensitive = true, MaxOfService = limits => limits.MaxPayloadBytes };

    /// <summary>SensitiveError.</summary>
    public static TextShape Error { get; } = new(0, null) { IsSensitive = true, MaxOfService = limits => limits.MaxErrorLength };

    /// <summary>SensitiveCause.</summary>
    public static TextShape Cause { get; } = new(0, null) { IsSensitive = true, MaxOfService = limits => limits.MaxCauseLength };

    /// <summary>TaskToken.</summary>
    public static TextShape TaskToken { get; } = new(1, null) { MaxOfService = limits => limits.MaxTaskTokenLength };

    /// <summary>PageToken.</summary>
    public static TextShape PageToken { get; } = new(1, null) { MaxOfService = limits => limits.MaxPageTokenLength };

    /// <summary>PageSize; 0 stands for the default.</summary>
    public static IntegerShape PageSize { get; } = new(0, 1_000);

    /// <summary>VersionDescription and AliasDescription.</summary>
    public static TextShape Description { get; } = new(null, MaxDescriptionLength) { IsSensitive = true };

    /// <summary>A text without constraint of its own, such as RevisionId.</summary>
    public static TextShape Text { get; } = new(null, null);

    /// <summary>A flag.</summary>
    public static BooleanShape Flag { get; } = new();

    /// <summary>StateMachineType.</summary>
    public static TextShape StateMachineType { get; } = OneOf("STANDARD", "EXPRESS");

    /// <summary>ExecutionStatus.</summary>
    public static TextShape ExecutionStatus { get; } = OneOf("RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE");

    /// <summary>ExecutionRedriveFilter.</summary>
    public static TextShape RedriveFilter { get; } = OneOf([.. WireText.RedriveFilters]);

    /// <summary>IncludedData.</summary>
    public static TextShape IncludedData { get; } = OneOf("ALL_DATA", "METADATA_ONLY");

    /// <summary>TraceHeader.</summary>
    public static TextShape TraceHeader { get; } = new(0, MaxDescriptionLength) { Pattern = AsciiPattern(), PatternText = @"\p{ASCII}*" };

    /// <summary>ClientToken.</summary>
    public static TextShape ClientToken { get; } = new(1, 64) { Pattern = ClientTokenPattern(), PatternText = "[!-~]+" };

    /// <summary>TagList.</summary>
    public static ListShape Tags { get; } = new(new StructureShape(new("key", new TextShape(1, 128)), new("value", new TextShape(0, 256))), null, null);

    /// <summary>TagKeyList.</summary>
    public static ListShape TagKeys { get; } = new(new TextShape(1, 128), null, null);

    /// <summary>LoggingConfiguration.</summary>
    public static StructureShape Logging { get; } = new(
        new("level", OneOf("ALL", "ERROR", "FATAL", "OFF")),
        new("includeExecutionData", Flag),
        new("destinations", new ListShape(new StructureShape(new ShapeMember("cloudWatchLogsLogGroup", new StructureShape(new ShapeMember("logGroupArn", Arn)))), null, null)));

    /// <summary>TracingConfiguration.</summary>
    public static StructureShape Tracing { get; } = new(new ShapeMember("enabled", Flag));

    /// <summary>EncryptionConfiguration.</summary>
    public static StructureShape Encryption { get; } = new(
        new("kmsKeyId", new TextShape(1, 2_048)),
        new("kmsDataKeyReusePeriodSeconds", new IntegerShape(60, 900)),
        new("type", OneOf("AWS_OWNED_KEY", "CUSTOMER_MANAGED_KMS_KEY"), IsRequired: true));

    /// <summary>RoutingConfigurationList.</summary>
    public static ListShape Routing { get; } = new(
        new StructureShape(new("stateMachineVersionArn", Arn, IsRequired: true), new("weight", new IntegerShape(0, 100), IsRequired: true)), 1, 2);

    /// <summary>MockInput.</summary>
    public static StructureShape Mock { get; } = new(
        new("result", Data),
        new("errorOutput", new StructureShape(new("error", Error), new("cause", Cause))),
        new("fieldValidationMode", OneOf("STRICT", "PRESENT", "NONE")));

    /// <summary>TestStateConfiguration.</summary>
    public static StructureShape StateConfiguration { get; } = new(
        new("retrierRetryCount", new IntegerShape(0, int.MaxValue)),
        new("errorCausedByState", new TextShape(1, MaxNameLength) { IsSensitive = true }),
        new("mapIterationFailureCount", new IntegerShape(0, int.MaxValue)),
        new("mapItemReaderData", Data));

    /// <summary>One of some words.</summary>
    public static TextShape OneOf(params ImmutableArray<string> values) => new(null, null) { Values = values };

    [GeneratedRegex(@"^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+\z")]
    private static partial Regex AliasNamePattern();

    [GeneratedRegex(@"^[\x00-\x7F]*\z", RegexOptions.Singleline)]
    private static partial Regex AsciiPattern();

    [GeneratedRegex(@"^[!-~]+\z")]
    private static partial Regex ClientTokenPattern();
}
