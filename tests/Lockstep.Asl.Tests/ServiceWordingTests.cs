using Lockstep.Asl.Diagnostics;

namespace Lockstep.Asl.Tests;

/// <summary>Refusals in the words of Step Functions, one rule each: the state <c>A</c> of a machine has something that is not allowed.</summary>
public sealed class ServiceWordingTests
{
    private const string Processor = "\"ItemProcessor\":{\"StartAt\":\"I\",\"States\":{\"I\":{\"Type\":\"Succeed\"}}},\"End\":true";

    private const string Distributed =
        "\"ItemProcessor\":{\"ProcessorConfig\":{\"Mode\":\"DISTRIBUTED\",\"ExecutionType\":\"STANDARD\"},\"StartAt\":\"I\","
            + "\"States\":{\"I\":{\"Type\":\"Succeed\"}}},\"End\":true";

    private const string Reader =
        ",\"ItemReader\":{\"Resource\":\"arn:aws:states:::s3:getObject\",\"Parameters\":{\"Bucket\":\"b\",\"Key\":\"k\"},\"ReaderConfig\":";

    private const string Queue = "\"Resource\":\"arn:aws:states:::sqs:sendMessage\",\"Parameters\":{";

    [Theory]
    [InlineData("\"Type\":\"Wait\",\"Seconds\":\"1\",\"End\":true", "Expected value of type Integer", "/States/A/Seconds")]
    [InlineData("\"Type\":\"Wait\",\"Seconds\":-1,\"End\":true", "Minimum value is 0", "/States/A/Seconds")]
    [InlineData("\"Type\":\"Wait\",\"Seconds\":100000000,\"End\":true", "Maximum value is 99999999", "/States/A/Seconds")]
    [InlineData("\"Type\":\"Wait\",\"SecondsPath\":\"s\",\"End\":true", "Value is not a Reference Path", "/States/A/SecondsPath")]
    [InlineData("\"Type\":\"Wait\",\"SecondsPath\":\"$.s[*]\",\"End\":true", "Value is not a Reference Path", "/States/A/SecondsPath")]
    [InlineData("\"Type\":\"Wait\",\"TimestampPath\":\"$..t\",\"End\":true", "Value is not a Reference Path", "/States/A/TimestampPath")]
    [InlineData("\"Type\":\"Pass\",\"ResultPath\":\"$.s[*]\",\"End\":true", "Value is not a Reference Path", "/States/A/ResultPath")]
    [InlineData("\"Type\":\"Pass\",\"Next\":\"X\"", "Missing 'Next' target: X", "/States/A/Next")]
    [InlineData("\"Type\":\"Fail\",\"Error\":\"e\",\"ErrorPath\":\"$.e\"", "There should only be one of the following fields: [Error, ErrorPath]", "/States/A")]
    [InlineData("\"Type\":\"Map\",\"MaxConcurrency\":-1," + Processor, "Minimum value is 0", "/States/A/MaxConcurrency")]
    [InlineData(
        "\"Type\":\"Map\",\"MaxConcurrency\":1,\"MaxConcurrencyPath\":\"$.m\"," + Processor,
        "There should only be one of the following fields: [MaxConcurrency, MaxConcurrencyPath]",
        "/States/A")]
    [InlineData("\"Type\":\"Map\",\"MaxConcurrencyPath\":\"$$.Execution.Input.m\"," + Processor, "Value is not a Reference Path", "/States/A/MaxConcurrencyPath")]
    [InlineData("\"Type\":\"Map\",\"ToleratedFailureCount\":-1," + Distributed, "Minimum value is 0", "/States/A/ToleratedFailureCount")]
    [InlineData("\"Type\":\"Map\",\"ToleratedFailurePercentage\":-1," + Distributed, "Minimum value is 0.0", "/States/A/ToleratedFailurePercentage")]
    [InlineData("\"Type\":\"Map\",\"ToleratedFailurePercentage\":100.5," + Distributed, "Maximum value is 100.0", "/States/A/ToleratedFailurePercentage")]
    [InlineData(
        "\"Type\":\"Map\"," + Distributed + Reader + "{\"InputType\":\"JSON\",\"MaxItems\":100000001}}",
        "Maximum value is 100000000",
        "/States/A/ItemReader/ReaderConfig/MaxItems")]
    [InlineData(
        "\"Type\":\"Parallel\",\"Branches\":[{\"StartAt\":\"I\",\"States\":{\"I\":{\"Type\":\"Choice\"}}}],\"End\":true",
        "These fields are required: [Choices]",
        "/States/A/Branches[0]/States/I")]
    [InlineData(
        "\"Type\":\"Parallel\",\"Branches\":[{\"StartAt\":\"0\",\"States\":{\"0\":{\"Type\":\"Choice\"}}}],\"End\":true",
        "These fields are required: [Choices]",
        "/States/A/Branches[0]/States/0")]
    [InlineData("\"Type\":\"Task\"," + Queue + "\"Foo\":1,\"QueueUrl\":\"q\",\"MessageBody\":\"b\"},\"End\":true", "The field 'Foo' is not supported by Step Functions", "/States/A/Parameters")]
    [InlineData("\"Type\":\"Task\"," + Queue + "\"Foo.$\":\"$\",\"QueueUrl\":\"q\",\"MessageBody\":{\"a\":1}},\"End\":true", "The field 'Foo' is not supported by Step Functions", "/States/A/Parameters")]
    [InlineData("\"Type\":\"Task\"," + Queue + "\"QueueUrl\":7,\"MessageBody\":\"b\"},\"End\":true", "The value for the field 'QueueUrl' must be a STRING", "/States/A/Parameters")]
    [InlineData("\"Type\":\"Task\"," + Queue + "\"QueueUrl\":\"q\",\"MessageBody\":\"b\",\"DelaySeconds\":\"5\"},\"End\":true", "The value for the field 'DelaySeconds' must be an INTEGER", "/States/A/Parameters")]
    public void A_wrong_field_is_told_with_its_place(string state, string message, string place)
    {
        string text = "{\"StartAt\":\"A\",\"States\":{\"A\":{" + state + "}}}";
        AslParseResult result = AslParser.Parse(text);
        Diagnostic only = Assert.Single(result.Diagnostics, diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.Equal((message, place), (only.Message, only.ServiceLocation));
        Assert.Equal($"Invalid State Machine Definition: '{only.ServiceCode}: {message} at {place}'", ServiceMessages.InvalidDefinition(result.Diagnostics));
    }

    [Theory]
    [InlineData("[]", "SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object at null")]
    [InlineData("""{"StartAt":"X","States":{"A":{"Type":"Succeed"}}}""", "MISSING_TRANSITION_TARGET: Missing 'Next' target: X at /StartAt")]
    [InlineData(
        "nothing",
        "INVALID_JSON_DESCRIPTION: Unrecognized token 'nothing': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')\n"
            + " at [Source: (String)\"nothing\"; line: 1, column: 8] at [Source: (String)\"nothing\"; line: 1, column: 8]")]
    public void A_place_follows_each_message(string text, string told) =>
        Assert.Equal($"Invalid State Machine Definition: '{told}'", ServiceMessages.InvalidDefinition(AslParser.Parse(text).Diagnostics));
}
