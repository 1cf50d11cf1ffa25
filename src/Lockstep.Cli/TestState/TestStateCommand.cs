using System.CommandLine;
using Lockstep.Api.Bodies;
using Lockstep.Api.Operations;
using Lockstep.Cli.Composition;
using Lockstep.Cli.Configuration;
using Lockstep.Cli.Definitions;
using Lockstep.Cli.Run;
using Lockstep.Engine.Testing;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.StateTests;

namespace Lockstep.Cli.TestState;

/// <summary>
/// <c>lockstep test-state FILE</c>: runs one state in this process and shows what it does. Without a mock a Task really calls what it names.
/// </summary>
internal static class TestStateCommand
{
    private static readonly Argument<string> File = new("FILE") { Description = "A state, or with --state the definition that has it." };

    private static readonly Option<string?> State = new("--state", "-s")
    {
        Description = "The state of the definition to test; nested ones too.",
        HelpName = "NAME",
    };

    private static readonly Option<string> Input = Value("--input", "The input of the state; an empty object when absent.");

    private static readonly Option<string> Mock = Value(
        "--mock", "What stands for the work: {\"result\": ...} or {\"errorOutput\": {\"error\", \"cause\"}}, with \"fieldValidationMode\".");

    private static readonly Option<string> Variables = Value("--variables", "Values of variables, by their names.");

    private static readonly Option<string> Context = Value("--context", "The context object; only beside --mock.");

    private static readonly Option<string> Configuration = Value(
        "--configuration", "retrierRetryCount, errorCausedByState, mapIterationFailureCount, mapItemReaderData.");

    private static readonly Option<InspectionLevel> Level = new("--inspection-level", "-l")
    {
        Description = "How much is shown: the outcome, the values on the way too, or the exchange over HTTP as well.",
        DefaultValueFactory = _ => InspectionLevel.Info,
    };

    private static readonly Option<string[]> Functions = new("--function", "-f")
    {
        Description = "Registers the endpoint of a function that the state calls. Loopback and plain http are allowed.",
        HelpName = "NAME=URL",
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print everything as one JSON document instead of the output alone." };

    private static readonly Option<string[]> Set = new("--set")
    {
        Description = "Sets a setting, over the environment, such as --set Lockstep:Limits:MaxPayloadBytes=1048576.",
        HelpName = "KEY=VALUE",
    };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("test-state", "Runs one state with an input, a mock if need be, and shows what it does.")
        {
            File, State, Input, Mock, Variables, Context, Configuration, Level, Functions, Json, Set,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            DefinitionFile definition = DefinitionFile.TryRead(parsed.GetRequiredValue(File), out string problem)
                ?? throw new CommandFailure(ExitCode.Usage, $"cannot read {parsed.GetRequiredValue(File)}: {problem}");
            StateTestRequest request = ReadRequest(definition, parsed);
            Settings settings = Settings.Read(parsed.GetValue(Set) ?? []);
            await using EphemeralPlatform platform = await EphemeralPlatform.OpenAsync(
                settings, [.. (parsed.GetValue(Functions) ?? []).Select(RunRequest.ReadFunction)]);
            using var interrupt = new Interrupt(cancellation);
            Result<StateTestOutcome> outcome = await platform.Service.StateTests.TestAsync(DevelopmentTenant.Id, request, interrupt.Token);
            TextWriter error = parsed.InvocationConfiguration.Error;
            if (!outcome.Succeeded)
            {
                return (int)Refuse(definition, outcome.Error, error);
            }

            JsonObject report = outcome.Value.ToJson(parsed.GetValue(Level));
            StateTestText.Write(report, definition, parsed.InvocationConfiguration.Output, error, parsed.GetValue(Json));
            return (int)(outcome.Value.Report.Status is StateTestStatus.Succeeded or StateTestStatus.CaughtError
                ? ExitCode.Success
                : ExitCode.ExecutionFailed);
        });
        return command;
    }

    private static StateTestRequest ReadRequest(DefinitionFile definition, ParseResult parsed)
    {
        var body = new JsonObjectBuilder();
        Add("input", Input);
        Add("mock", Mock);
        Add("variables", Variables);
        Add("context", Context);
        Add("stateConfiguration", Configuration);
        if (parsed.GetValue(State) is { } state)
        {
            body.Add("stateName", JsonString.Of(state));
        }

        Result<StateTestBody> read = StateTestBody.Read(new Members(body.Build(), StateTestBody.Names), definition.Text);
        return read.Succeeded
            ? read.Value.Request
            : throw new CommandFailure(ExitCode.Usage, $"{read.Error.Target}: {read.Error.Message}");

        void Add(string member, Option<string> option)
        {
            if (parsed.GetValue(option) is { Length: > 0 } given)
            {
                body.Add(member, JsonArgument.Read(option.Name, given, option.Name));
            }
        }
    }

    private static ExitCode Refuse(DefinitionFile definition, ServiceError refusal, TextWriter error)
    {
        if (refusal.Diagnostics.Count == 0)
        {
            throw new CommandFailure(ExitCode.Usage, refusal.Message);
        }

        foreach (Asl.Diagnostics.Diagnostic diagnostic in refusal.Diagnostics.OrderBy(diagnostic => (diagnostic.Line, diagnostic.Column)))
        {
            DiagnosticText.Write(error, definition, diagnostic);
        }

        return ExitCode.InvalidDefinition;
    }

    private static Option<string> Value(string name, string description) => new(name) { Description = description, HelpName = JsonArgument.HelpName };
}
