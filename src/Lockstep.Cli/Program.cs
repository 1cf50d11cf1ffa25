using System.CommandLine;
using System.CommandLine.Invocation;
using Lockstep.Cli;
using Lockstep.Cli.Validate;

// The `lockstep` command. Scripts rely on its exit codes (ExitCode), on its standard output, and on nothing else.
var root = new RootCommand("Runs Amazon States Language state machines, durably, on this machine.")
{
    ValidateCommand.Create(),
};

ParseResult parsed = root.Parse(args);
int code = await parsed.InvokeAsync();
return parsed.Action is ParseErrorAction ? (int)ExitCode.Usage : code;
