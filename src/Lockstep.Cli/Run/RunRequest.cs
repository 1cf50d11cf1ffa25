using System.Collections.Immutable;
using Lockstep.Asl;
using Lockstep.Cli.Definitions;
using Lockstep.Json;

namespace Lockstep.Cli.Run;

/// <summary>What <c>run</c> was asked to execute.</summary>
internal sealed record RunRequest(
    DefinitionFile Definition, WorkflowType Type, JsonValue Input, ImmutableArray<KeyValuePair<string, string>> Functions)
{
    /// <summary>Reads <c>NAME=URL</c>.</summary>
    public static KeyValuePair<string, string> ReadFunction(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            ? new KeyValuePair<string, string>(text[..equals], text[(equals + 1)..])
            : throw new CommandFailure(ExitCode.Usage, $"--function {text}: expected NAME=URL");
    }
}
