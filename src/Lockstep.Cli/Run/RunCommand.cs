using System.CommandLine;
using Lockstep.Asl;
using Lockstep.Asl.Diagnostics;
using Lockstep.Asl.Resources;
using Lockstep.Cli.Configuration;
using Lockstep.Cli.Definitions;
using Lockstep.Targets;
using Lockstep.Targets.Mocks;

namespace Lockstep.Cli.Run;

/// <summary>
/// <c>lockstep run FILE</c>: executes a definition in this process and forgets it. The result goes to standard output, progress and errors to
/// standard error, and the exit code tells the outcome.
/// </summary>
internal static class RunCommand
{
    private static readonly Argument<string> File = new("FILE") { Description = "A definition in the Amazon States Language." };

    private static readonly Option<string> Input = new("--input", "-i")
    {
        Description = "The input: JSON, or @FILE to read it from a file.",
        DefaultValueFactory = _ => "{}",
        HelpName = JsonArgument.HelpName,
    };

    private static readonly Option<string[]> Functions = new("--function", "-f")
    {
        Description = "Registers the endpoint of a function that the definition calls. Loopback and plain http are allowed.",
        HelpName = "NAME=URL",
    };

    private static readonly Option<string?> Mocks = new("--mocks")
    {
        Description = "A mock configuration, as Step Functions Local reads it; with --test-case.",
        HelpName = "FILE",
    };

    private static readonly Option<string?> TestCase = new("--test-case")
    {
        Description = "The test case of the mock configuration whose mocks answer for states.",
        HelpName = "[MACHINE#]NAME",
    };

    private static readonly Option<WorkflowType> Type = new("--type")
    {
        Description = "Standard, with progress, or Express.",
        DefaultValueFactory = _ => WorkflowType.Standard,
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print the whole outcome as one JSON document instead of the output alone." };

    private static readonly Option<string[]> Set = new("--set")
    {
        Description = "Sets a setting, over the environment, such as --set Lockstep:Limits:MaxPayloadBytes=1048576.",
        HelpName = "KEY=VALUE",
    };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("run", "Executes a definition in this process, shows its progress and prints its output.")
        {
            File, Input, Functions, Mocks, TestCase, Type, Json, Set,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            TextWriter error = parsed.InvocationConfiguration.Error;
            MockedStates? mocks = RunRequest.ReadMocks(parsed.GetValue(Mocks), parsed.GetValue(TestCase));
            IResourceCatalog resources = mocks is null ? StandardTargets.Catalog : ResourceCatalog.Permissive;
            if (Read(parsed.GetRequiredValue(File), parsed.GetValue(Type), resources, error) is not { } definition)
            {
                return (int)ExitCode.InvalidDefinition;
            }

            var request = new RunRequest(
                definition,
                parsed.GetValue(Type),
                JsonArgument.Read("--input", parsed.GetRequiredValue(Input), "the input"),
                [.. (parsed.GetValue(Functions) ?? []).Select(RunRequest.ReadFunction)])
            {
                Mocks = mocks,
            };
            Settings settings = Settings.Read(parsed.GetValue(Set) ?? []);
            RunOutcome outcome;
            using (var interrupt = new Interrupt(cancellation))
            using (IRunView view = RunView.For(error))
            {
                outcome = await EphemeralRun.ExecuteAsync(request, settings, view, interrupt.Token);
            }

            outcome.Write(parsed.InvocationConfiguration.Output, error, parsed.GetValue(Json));
            return (int)outcome.ExitCode;
        });
        return command;
    }

    private static DefinitionFile? Read(string path, WorkflowType type, IResourceCatalog resources, TextWriter error)
    {
        DefinitionFile file = DefinitionFile.TryRead(path, out string problem)
            ?? throw new CommandFailure(ExitCode.Usage, $"cannot read {path}: {problem}");
        AslLoadResult loaded = AslCompiler.Load(file.Utf8, new AslOptions { Type = type, Resources = resources });
        foreach (Diagnostic diagnostic in loaded.Diagnostics.OrderBy(diagnostic => (diagnostic.Line, diagnostic.Column)))
        {
            DiagnosticText.Write(error, file, diagnostic);
        }

        return loaded.IsValid ? file : null;
    }
}
