using System.CommandLine;
using System.CommandLine.Invocation;
using Lockstep.Cli;
using Lockstep.Cli.Eval;
using Lockstep.Cli.Run;
using Lockstep.Cli.Serve;
using Lockstep.Cli.TestState;
using Lockstep.Cli.Validate;
using Lockstep.Embedded.Hosting;

// The `lockstep` command. Scripts rely on its exit codes (ExitCode), on its standard output, and on nothing else.
var root = new RootCommand("Runs Amazon States Language state machines, durably, on this machine.")
{
    ServeCommand.Create(),
    RunCommand.Create(),
    ValidateCommand.Create(),
    TestStateCommand.Create(),
    EvalCommand.Create(),
};

// "@FILE" is ours, where an input is asked for, and no file of further arguments.
ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
if (parsed.Action is ParseErrorAction)
{
    foreach (string message in parsed.Errors.Select(problem => problem.Message).Distinct())
    {
        await Console.Error.WriteLineAsync($"lockstep: {message}");
    }

    await Console.Error.WriteLineAsync("lockstep: --help after a command explains it.");
    return (int)ExitCode.Usage;
}

try
{
    // Signals are the host's: it drains where the library would cut off.
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
}
catch (CommandFailure failure)
{
    await Console.Error.WriteLineAsync($"lockstep: {failure.Message}");
    return (int)failure.Code;
}
catch (EmbeddedStartupException failure)
{
    await Console.Error.WriteLineAsync($"lockstep: {failure.Message}");
    return (int)failure.Failure;
}
catch (Exception defect)
{
    await Console.Error.WriteLineAsync($"lockstep: this is a defect of Lockstep, please report it with what follows.\n{defect}");
    return (int)ExitCode.InternalError;
}
