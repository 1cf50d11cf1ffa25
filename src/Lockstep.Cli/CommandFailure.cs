namespace Lockstep.Cli;

/// <summary>
/// Ends the command with an exit code and one line on standard error. For what the person who typed the command can mend; thrown only while a
/// command starts, where nothing has to be undone.
/// </summary>
internal sealed class CommandFailure(ExitCode code, string message) : Exception(message)
{
    /// <summary>The exit code.</summary>
    public ExitCode Code { get; } = code;
}
