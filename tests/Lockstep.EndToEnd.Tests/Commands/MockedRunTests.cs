using Lockstep.TestKit.Processes;

namespace Lockstep.EndToEnd.Tests.Commands;

/// <summary><c>lockstep run --mocks FILE --test-case NAME</c>: a mock configuration of Step Functions Local answers for the states that it names.</summary>
public sealed class MockedRunTests
{
    private const int TimeoutMilliseconds = 60_000;

    private const string Definition = """
        {
          "StartAt": "Ask",
          "States": {
            "Ask": {
              "Type": "Task",
              "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
              "Parameters": { "QueueUrl": "https://sqs.eu-west-1.amazonaws.com/111111111111/q", "MessageBody": { "Token.$": "$$.Task.Token" } },
              "Next": "Translate"
            },
            "Translate": {
              "Type": "Task",
              "Resource": "arn:aws:states:::aws-sdk:translate:translateText",
              "Parameters": { "Text.$": "$.text" },
              "Retry": [{ "ErrorEquals": ["Busy"], "IntervalSeconds": 1, "MaxAttempts": 2, "BackoffRate": 1.0 }],
              "End": true
            }
          }
        }
        """;

    private const string Mocks = """
        {
          "StateMachines": { "M": { "TestCases": {
            "Happy": { "Ask": "asked", "Translate": "translated" },
            "Refused": { "Ask": "refused" }
          } } },
          "MockedResponses": {
            "asked": { "0": { "Return": { "text": "hello" } } },
            "refused": { "0": { "Throw": { "Error": "Refused", "Cause": "Nobody answers." } } },
            "translated": { "0": { "Throw": { "Error": "Busy" } }, "1-2": { "Return": { "TranslatedText": "hallo" } } }
          }
        }
        """;

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task The_mocks_of_a_test_case_answer_with_callbacks_and_retries()
    {
        using TemporaryFolder folder = Folder();
        CommandResult result = await CommandResult.OfAsync(folder, "run", "m.json", "--mocks", "mocks.json", "--test-case", "Happy");
        Assert.Equal((0, """{"TranslatedText":"hallo"}""" + "\n"), (result.ExitCode, result.Output));
        Assert.Contains("TaskSubmitted", result.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task A_mock_that_throws_fails_the_task()
    {
        using TemporaryFolder folder = Folder();
        CommandResult result = await CommandResult.OfAsync(folder, "run", "m.json", "--mocks", "mocks.json", "--test-case", "M#Refused");
        Assert.Equal((3, ""), (result.ExitCode, result.Output));
        Assert.Contains("Refused: Nobody answers.", result.Error, StringComparison.Ordinal);
    }

    [Theory(Timeout = TimeoutMilliseconds)]
    [InlineData("--mocks and --test-case need each other.", "--mocks", "mocks.json")]
    [InlineData("mocks.json: There is no test case None. There are: M#Happy, M#Refused.", "--mocks", "mocks.json", "--test-case", "None")]
    [InlineData("cannot read absent.json", "--mocks", "absent.json", "--test-case", "Happy")]
    public async Task What_cannot_be_used_is_said_before_anything_runs(string expected, params string[] options)
    {
        using TemporaryFolder folder = Folder();
        CommandResult result = await CommandResult.OfAsync(folder, ["run", "m.json", .. options]);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
    }

    private static TemporaryFolder Folder()
    {
        var folder = new TemporaryFolder();
        folder.Write("m.json", Definition);
        folder.Write("mocks.json", Mocks);
        return folder;
    }
}
