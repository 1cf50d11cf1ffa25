using System.Collections.Immutable;
using Lockstep.Asl;
using Lockstep.Cli.Definitions;
using Lockstep.Json;
using Lockstep.Targets.Mocks;

namespace Lockstep.Cli.Run;

/// <summary>What <c>run</c> was asked to execute.</summary>
internal sealed record RunRequest(
    DefinitionFile Definition, WorkflowType Type, JsonValue Input, ImmutableArray<KeyValuePair<string, string>> Functions)
{
    /// <summary>The states that a mock answers for; null when every state calls what it names.</summary>
    public MockedStates? Mocks { get; init; }

    /// <summary>Reads the mocks of a test case from a file.</summary>
    /// <exception cref="CommandFailure">Only one of both was given, or the file or the case cannot be used.</exception>
    public static MockedStates? ReadMocks(string? path, string? testCase)
    {
        if (path is null && testCase is null)
        {
            return null;
        }

        if (path is null || testCase is null)
        {
            throw new CommandFailure(ExitCode.Usage, "--mocks and --test-case need each other.");
        }

        JsonValue document = JsonArgument.Read("--mocks", "@" + path, "the mock configuration");
        return !MockConfiguration.TryRead(document, out MockConfiguration? configuration, out string? problem)
            || !configuration.TryFind(testCase, out MockedStates? states, out problem)
            ? throw new CommandFailure(ExitCode.Usage, $"{path}: {problem}")
            : states;
    }

    /// <summary>Reads <c>NAME=URL</c>.</summary>
    public static KeyValuePair<string, string> ReadFunction(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            ? new KeyValuePair<string, string>(text[..equals], text[(equals + 1)..])
            : throw new CommandFailure(ExitCode.Usage, $"--function {text}: expected NAME=URL");
    }
}
