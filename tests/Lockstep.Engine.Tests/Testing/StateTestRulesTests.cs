using Lockstep.Engine.Testing;
using Lockstep.Engine.Testing.Mocks;
using Lockstep.Json;

namespace Lockstep.Engine.Tests.Testing;

/// <summary>What cannot be tested, and what a mock may say.</summary>
public sealed class StateTestRulesTests
{
    private const string Inner = """{"StartAt":"I","States":{"I":{"Type":"Pass","End":true}}}""";
    private const string Map = $$"""{"Type":"Map","ItemProcessor":{{Inner}},"End":true}""";
    private const string Parallel = $$"""{"Type":"Parallel","Branches":[{{Inner}}],"End":true}""";
    private const string Pass = """{"Type":"Pass","End":true}""";

    [Theory]
    [InlineData(Map, "State type 'Map' is not supported when a mock is not specified")]
    [InlineData(Parallel, "State type 'Parallel' is not supported when a mock is not specified")]
    [InlineData(
        """{"Type":"Task","Resource":"arn:aws:states:local:1:activity:a","End":true}""",
        "Activity tasks are not supported when a mock is not specified")]
    [InlineData(
        """{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync:2","End":true}""",
        "The service integration pattern '.sync:2' is not supported when a mock is not specified")]
    [InlineData(
        """{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken","End":true}""",
        "The service integration pattern '.waitForTaskToken' is not supported when a mock is not specified")]
    [InlineData(Pass, null)]
    public void WithoutAMockOnlyWhatAnswersAtOnceCanBeTested(string definition, string? refusal) =>
        Assert.Equal(refusal, Tested.Refusal(definition, Tested.Setup()));

    [Theory]
    [InlineData("Pass")]
    [InlineData("Succeed")]
    public void OnlyWorkCanBeMocked(string type)
    {
        string definition = type == "Pass" ? Pass : """{"Type":"Succeed"}""";
        Assert.Equal(
            $"State type '{type}' is not supported when a mock is specified",
            Tested.Refusal(definition, Tested.Setup() with { Mock = new MockedResult(JsonNull.Instance) }));
    }

    [Fact]
    public void WhatOnlyAMockGivesAMeaningNeedsOne()
    {
        StateTestSetup plain = Tested.Setup();
        Assert.Equal("TestState does not support Context when a mock is not specified.", Tested.Refusal(Pass, plain with { Context = JsonObject.Empty }));
        Assert.Equal("TestState does not support RetrierRetryCount when a mock is not specified.", Tested.Refusal(Pass, plain with { RetrierRetryCount = 1 }));
        Assert.Equal(
            "TestState does not support MapIterationFailureCount when a mock is not specified.", Tested.Refusal(Map, plain with { MapIterationFailureCount = 0 }));
    }

    [Theory]
    [InlineData("""{"Execution":1}""", "Invalid Context object provided: 'Execution' must be an object")]
    [InlineData("""{"Executions":{}}""", "Invalid Context object provided: Context object contains the unknown field 'Executions'")]
    [InlineData("""{"Execution":{},"State":{}}""", null)]
    public void ChecksTheContext(string context, string? refusal) => Assert.Equal(
        refusal,
        Tested.Refusal(Map, Tested.Setup("[]") with { Mock = new MockedResult(JsonArray.Empty), Context = (JsonObject)JsonValue.Parse(context) }));

    [Theory]
    [InlineData("I", null)]
    [InlineData("StateName", "The state 'StateName' of ErrorCausedByState is not a state inside 'StateName'")]
    [InlineData("Nobody", "The state 'Nobody' of ErrorCausedByState is not a state inside 'StateName'")]
    public void AnErrorComesFromInside(string cause, string? refusal) =>
        Assert.Equal(refusal, Tested.Refusal(Parallel, Tested.Setup() with { Mock = new MockedError("E", null), ErrorCausedByState = cause }));

    [Theory]
    [InlineData("", "[1]", null)]
    [InlineData("", "{}", "Mocked result must be an array.")]
    [InlineData(""","ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"b"}}""", "{}", null)]
    [InlineData(""","ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"b"}}""", "[1]", "Mocked result must be an object.")]
    public void TheResultOfAMapIsAnArrayUnlessItIsWritten(string writer, string result, string? refusal)
    {
        const string Processor =
            """{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"I","States":{"I":{"Type":"Succeed"}}}""";
        string definition = "{\"Type\":\"Map\",\"ItemProcessor\":" + Processor + ",\"End\":true" + writer + "}";
        Assert.Equal(refusal, Tested.Refusal(definition, Tested.Setup("[1]") with { Mock = new MockedResult(JsonValue.Parse(result)) }));
    }

    [Theory]
    [InlineData(3, null)]
    [InlineData(4, "Map iteration failure count must be less than or equal to the number of Map iterations")]
    [InlineData(-1, "MapIterationFailureCount must not be negative")]
    public void NoMoreIterationsFailThanThereAre(int failures, string? refusal) => Assert.Equal(
        refusal,
        Tested.Refusal(Map, Tested.Setup("[1,2,3]") with { Mock = new MockedError("E", null), MapIterationFailureCount = failures }));

    [Theory]
    [InlineData("states:startExecution", """{"ExecutionArn":"a","StartDate":"2025-01-01T00:00:00Z"}""", "STRICT", null)]
    [InlineData("states:startExecution", """{"ExecutionArn":"a"}""", "STRICT", "Field 'StartDate' is required")]
    [InlineData("states:startExecution", """{"ExecutionArn":"a"}""", "PRESENT", null)]
    [InlineData("states:startExecution", """{"ExecutionArn":1}""", "PRESENT", "Field 'ExecutionArn' must be a string")]
    [InlineData("states:startExecution", """{"ExecutionArn":1}""", "NONE", null)]
    [InlineData("states:startExecution", """{"StartDate":"soon"}""", "PRESENT", "Field 'StartDate' must be a valid timestamp")]
    [InlineData("states:startExecution", "[]", "STRICT", "The result must be an object")]
    [InlineData("states:startExecution", """{"Unheard":1,"ExecutionArn":"a","StartDate":1.5E9}""", "STRICT", null)]
    [InlineData("sqs:sendMessage", """{"MessageId":7}""", "STRICT", "Field 'MessageId' must be a string")]
    [InlineData("aws-sdk:sqs:sendMessage", """{"MessageId":7}""", "STRICT", "Field 'MessageId' must be a string")]
    [InlineData("s3:listObjectsV2", """{"Contents":[{"Key":"k"},{"Size":"1"}]}""", "STRICT", "Field 'Size' must be a number")]
    [InlineData("s3:listObjectsV2", """{"Contents":{}}""", "STRICT", "Field 'Contents' must be an array")]
    [InlineData("aws-sdk:dynamodb:getItem", """{"Item":{"a":{"L":[{"M":{"b":{"BOOL":"x"}}}]}}}""", "STRICT", "Field 'BOOL' must be a boolean")]
    [InlineData("dynamodb:getItem", """{"Item":[]}""", "STRICT", "Field 'Item' must be an object")]
    [InlineData("apigateway:invoke", "17", "STRICT", null)]
    [InlineData("states:startExecution.sync:2", """{"ExecutionArn":"a"}""", "STRICT", "Field 'StartDate' is required")]
    [InlineData("states:startExecution.waitForTaskToken", "17", "STRICT", null)]
    public void ComparesAMockedResultWithTheApi(string resource, string result, string mode, string? refusal)
    {
        string definition = $$"""{"Type":"Task","Resource":"arn:aws:states:::{{resource}}","End":true}""";
        var mock = new MockedResult(JsonValue.Parse(result), Enum.Parse<FieldValidationMode>(mode, ignoreCase: true));
        Assert.Equal(
            refusal is null ? null : "Mock result schema validation error: " + refusal, Tested.Refusal(definition, Tested.Setup() with { Mock = mock }));
    }
}
