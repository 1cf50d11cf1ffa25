using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Lockstep.Json;

namespace Lockstep.Targets.Mocks;

/// <summary>What a mocked state answers, by the number of its invocation, which begins at 0 and counts retries too.</summary>
internal sealed class MockedResponse
{
    private readonly List<(int First, int Last, MockedAnswer Answer)> _answers = [];

    private MockedResponse(string name) => Name = name;

    /// <summary>Its name in the configuration.</summary>
    public string Name { get; }

    /// <summary>The answer of an invocation; null when none is given.</summary>
    public MockedAnswer? AnswerOf(int invocation) =>
        _answers.Find(answer => invocation >= answer.First && invocation <= answer.Last).Answer;

    /// <summary>Reads one of the MockedResponses.</summary>
    public static bool TryRead(
        string name, JsonValue given, [NotNullWhen(true)] out MockedResponse? response, [NotNullWhen(false)] out string? problem)
    {
        response = null;
        string place = $"MockedResponses.{name}";
        if (given is not JsonObject answers || answers.Count == 0)
        {
            problem = $"{place} has to be an object with an answer for each invocation, such as \"0\" or \"1-2\".";
            return false;
        }

        var read = new MockedResponse(name);
        foreach (JsonProperty answer in answers)
        {
            if (!TryReadRange(answer.Name, out int first, out int last))
            {
                problem = $"{place}.{answer.Name} has to be the number of an invocation, such as \"0\", or a range, such as \"1-2\".";
                return false;
            }

            if (read._answers.Any(other => first <= other.Last && last >= other.First))
            {
                problem = $"{place}.{answer.Name} overlaps with another answer.";
                return false;
            }

            if (MockedAnswer.Read(answer.Value) is not { } value)
            {
                problem = $"{place}.{answer.Name} has to have either Return, or Throw with the text Error and perhaps the text Cause.";
                return false;
            }

            read._answers.Add((first, last, value));
        }

        problem = null;
        response = read;
        return true;
    }

    private static bool TryReadRange(string text, out int first, out int last)
    {
        string[] ends = text.Split('-');
        last = 0;
        return int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out first)
            && int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out last)
            && ends.Length <= 2 && first <= last;
    }
}

/// <summary>What one invocation answers. Either <paramref name="Return"/> or <paramref name="Error"/> is there.</summary>
internal sealed record MockedAnswer(JsonValue? Return, string? Error, string? Cause)
{
    /// <summary>Reads an answer; null when it is none.</summary>
    public static MockedAnswer? Read(JsonValue given)
    {
        if (given is not JsonObject { Count: 1 } answer)
        {
            return null;
        }

        if (answer["Return"] is { } value)
        {
            return new MockedAnswer(value, null, null);
        }

        return answer["Throw"] is JsonObject thrown && thrown["Error"] is JsonString error && thrown["Cause"] is null or JsonString
            ? new MockedAnswer(null, error.Value, (thrown["Cause"] as JsonString)?.Value)
            : null;
    }
}

/// <summary>The states of one test case, which counts their invocations: good for one run.</summary>
public sealed class MockedStates
{
    private readonly Dictionary<string, MockedResponse> _states;
    private readonly ConcurrentDictionary<string, int> _invocations = new(StringComparer.Ordinal);

    internal MockedStates(Dictionary<string, MockedResponse> states) => _states = states;

    /// <summary>The names of the mocked states.</summary>
    public IEnumerable<string> Names => _states.Keys;

    /// <summary>Counts an invocation of a state and answers with its response; false when the state is not mocked.</summary>
    internal bool TryTake(string? state, out int invocation, [NotNullWhen(true)] out MockedResponse? response)
    {
        invocation = 0;
        if (state is null || !_states.TryGetValue(state, out response))
        {
            response = null;
            return false;
        }

        invocation = _invocations.AddOrUpdate(state, 0, static (_, last) => last + 1);
        return true;
    }
}
