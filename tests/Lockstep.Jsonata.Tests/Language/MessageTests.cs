using System.Text.Json;
using Lockstep.Json;
using Lockstep.TestKit;

namespace Lockstep.Jsonata.Tests.Language;

/// <summary>
/// Failures say what the reference says, because the cause of <c>States.QueryEvaluationError</c> shows it and programs compare it. The lines
/// of messages.jsonl are what the JSONata package said of these expressions over an empty object.
/// </summary>
public sealed class MessageTests
{
    [Fact]
    public void Failures_have_the_code_and_the_message_of_the_reference()
    {
        JsonValue empty = JsonValue.Parse("{}");
        string[] lines = File.ReadAllLines(Repository.PathOf("tests/Lockstep.Jsonata.Tests/Language/messages.jsonl"));
        var different = new List<string>();
        foreach (string line in lines)
        {
            using var expected = JsonDocument.Parse(line);
            string expression = Member(expected, "expr");
            string wanted = $"{Member(expected, "code")}: {Member(expected, "message")}";
            string found = Failure(expression, empty);
            if (found != wanted)
            {
                different.Add($"{expression}\n  expected {wanted}\n  found    {found}");
            }
        }

        Assert.True(different.Count == 0, string.Join('\n', different));
        Assert.InRange(lines.Length, 150, int.MaxValue);
    }

    [Theory]
    [InlineData(32_766, 32_768)]
    [InlineData(32_767, 32_768)]
    [InlineData(100_000, 32_768)]
    [InlineData(10, 12)]
    public void A_message_shows_a_value_up_to_its_limit(int characters, int shown)
    {
        JsonataException error = Assert.Throws<JsonataException>(
            () => JsonataExpression.Compile("-$").Evaluate(JsonString.Of(new string('x', characters))));

        const string Before = "Cannot negate a non-numeric value: ";
        Assert.Equal(Before + ("\"" + new string('x', characters) + "\"")[..shown], error.Message);
    }

    private static string Failure(string expression, JsonValue input)
    {
        try
        {
            return $"no failure: {JsonataExpression.Compile(expression).Evaluate(input)}";
        }
        catch (JsonataException error)
        {
            return $"{error.Code}: {error.Message}";
        }
    }

    private static string Member(JsonDocument document, string name) => document.RootElement.GetProperty(name).GetString() ?? "";
}
