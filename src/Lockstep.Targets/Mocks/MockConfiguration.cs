using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Lockstep.Json;

namespace Lockstep.Targets.Mocks;

/// <summary>
/// A mock configuration as Step Functions Local reads it (Developer Guide, "Configuration file for mocked service integrations"): test cases of
/// machines that name, for states, a mocked response; and mocked responses that say for each invocation what it returns or throws.
/// </summary>
public sealed class MockConfiguration
{
    private const string MachinesName = "StateMachines";
    private const string CasesName = "TestCases";
    private const string ResponsesName = "MockedResponses";
    private const char MachineSeparator = '#';

    private readonly JsonObject _machines;
    private readonly Dictionary<string, MockedResponse> _responses;

    private MockConfiguration(JsonObject machines, Dictionary<string, MockedResponse> responses)
    {
        _machines = machines;
        _responses = responses;
    }

    /// <summary>Reads a configuration whole, so that a mistake in any case is told before anything runs.</summary>
    /// <param name="document">The content of the file.</param>
    /// <param name="configuration">The configuration, when nothing is wrong.</param>
    /// <param name="problem">What is wrong, with its place.</param>
    public static bool TryRead(
        JsonValue document, [NotNullWhen(true)] out MockConfiguration? configuration, [NotNullWhen(false)] out string? problem)
    {
        configuration = null;
        var responses = new Dictionary<string, MockedResponse>(StringComparer.Ordinal);
        if (document is not JsonObject root || root[MachinesName] is not JsonObject machines || root[ResponsesName] is not JsonObject given)
        {
            problem = $"It has to be an object with the objects {MachinesName} and {ResponsesName}.";
            return false;
        }

        if (root.FirstOrDefault(member => member.Name is not (MachinesName or ResponsesName)) is { Name: { } unknown })
        {
            problem = $"There is no member {unknown}; known are {MachinesName} and {ResponsesName}.";
            return false;
        }

        foreach (JsonProperty response in given)
        {
            if (!MockedResponse.TryRead(response.Name, response.Value, out MockedResponse? read, out problem))
            {
                return false;
            }

            responses.Add(response.Name, read);
        }

        foreach (JsonProperty machine in machines)
        {
            if (ProblemOf(machine, responses) is { } wrong)
            {
                problem = wrong;
                return false;
            }
        }

        problem = null;
        configuration = new MockConfiguration(machines, responses);
        return true;
    }

    /// <summary>Finds a test case.</summary>
    /// <param name="name">Its name, or <c>MACHINE#NAME</c> when several machines have one of the name.</param>
    /// <param name="testCase">The mocked states, when there is exactly one such case.</param>
    /// <param name="problem">Why there is not.</param>
    public bool TryFind(string name, [NotNullWhen(true)] out MockedStates? testCase, [NotNullWhen(false)] out string? problem)
    {
        string[] parts = name.Split(MachineSeparator, 2);
        string caseName = parts[^1];
        JsonProperty[] machines = [.. _machines
            .Where(machine => (parts.Length == 1 || machine.Name == parts[0]) && CasesOf(machine.Value).Contains(caseName))];
        testCase = null;
        problem = machines.Length switch
        {
            1 => null,
            0 => $"There is no test case {name}. There are: {string.Join(", ", AllNames())}.",
            _ => $"Several machines have a test case {caseName}; name one of {string.Join(", ", machines.Select(machine => $"{machine.Name}{MachineSeparator}{caseName}"))}.",
        };
        if (problem is not null)
        {
            return false;
        }

        var states = new Dictionary<string, MockedResponse>(StringComparer.Ordinal);
        foreach (JsonProperty state in (JsonObject)(CasesOf(machines[0].Value)[caseName] ?? JsonObject.Empty))
        {
            states.Add(state.Name, _responses[((JsonString)state.Value).Value]);
        }

        testCase = new MockedStates(states);
        return true;
    }

    private static string? ProblemOf(JsonProperty machine, Dictionary<string, MockedResponse> responses)
    {
        if ((machine.Value as JsonObject)?[CasesName] is not JsonObject cases)
        {
            return $"{MachinesName}.{machine.Name} has to be an object with the object {CasesName}.";
        }

        foreach (JsonProperty testCase in cases)
        {
            string place = string.Create(CultureInfo.InvariantCulture, $"{MachinesName}.{machine.Name}.{CasesName}.{testCase.Name}");
            if (testCase.Value is not JsonObject states)
            {
                return $"{place} has to be an object.";
            }

            foreach (JsonProperty state in states)
            {
                if (state.Value is not JsonString response || !responses.ContainsKey(response.Value))
                {
                    return $"{place}.{state.Name} has to be the name of one of the {ResponsesName}.";
                }
            }
        }

        return null;
    }

    private static JsonObject CasesOf(JsonValue machine) => (machine as JsonObject)?[CasesName] as JsonObject ?? JsonObject.Empty;

    private IEnumerable<string> AllNames() =>
        _machines.SelectMany(machine => CasesOf(machine.Value).Select(testCase => $"{machine.Name}{MachineSeparator}{testCase.Name}"));
}
