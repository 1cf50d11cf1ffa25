using Lockstep.TestKit.Processes;

namespace Lockstep.EndToEnd.Tests.Commands;

/// <summary>A command that has ended: what it printed, with the folder of the test replaced by nothing, and how it ended.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>Runs the command in a folder, so that paths in its output are relative.</summary>
    public static async Task<CommandResult> OfAsync(TemporaryFolder folder, params string[] arguments)
    {
        await using LockstepProcess process = LockstepProcess.Start(arguments, workingDirectory: folder.Path);
        int code = await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new CommandResult(code, process.Output, process.Error);
    }
}
