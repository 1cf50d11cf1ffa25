using Lockstep.Json;
using Lockstep.Targets.Mocks;

namespace Lockstep.Fuzz.Targets;

/// <summary>Mock configurations.</summary>
internal sealed class MockTarget : IFuzzTarget
{
    public string Name => "mocks";

    public bool IsJson => true;

    public IReadOnlyList<string> Tokens { get; } =
    [
        "StateMachines", "TestCases", "MockedResponses", "Return", "Throw", "Error", "Cause", "0", "1-2", "0-999999999999", "2-1", "-", "-1", "00", "A#Happy", "#", "null", "{}", "[]", "\"", ",", ":", "{", "}", "", "é",
    ];

    public IEnumerable<byte[]> Corpus() => FuzzTargets.Parts("mocks.txt");

    public bool Run(byte[] input)
    {
        if (JsonReader.Read(input) is not { IsSuccess: true } read)
        {
            return false;
        }

        if (!MockConfiguration.TryRead(read.Value, out MockConfiguration? configuration, out string? problem))
        {
            return problem.Length > 0 ? false : throw new InvalidOperationException("A configuration is refused without a reason.");
        }

        foreach (string name in (string[])["Happy", "A#Happy", "", "#"])
        {
            if (!configuration.TryFind(name, out _, out string? missing) && missing is not { Length: > 0 })
            {
                throw new InvalidOperationException("A test case is missing without a reason.");
            }
        }

        return true;
    }
}
