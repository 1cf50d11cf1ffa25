using System.CommandLine;
using System.Globalization;
using Lockstep.Asl;
using Lockstep.Asl.Diagnostics;
using Lockstep.Cli.Definitions;
using Lockstep.Json;
using Lockstep.Targets;

namespace Lockstep.Cli.Validate;

/// <summary>
/// <c>lockstep validate FILE...</c>: reports every problem of every file at once. Warnings forbid nothing; one error in one file makes the
/// whole command fail.
/// </summary>
internal static class ValidateCommand
{
    private static readonly Argument<string[]> Files = new("FILE")
    {
        Description = "Definitions in the Amazon States Language.",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<WorkflowType> Type = new("--type")
    {
        Description = "The type of the machine: an Express one may use less.",
        DefaultValueFactory = _ => WorkflowType.Standard,
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON document instead of text." };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("validate", "Checks definitions and prints every problem with its place.") { Files, Type, Json };
        command.SetAction(parsed => (int)Run(
            parsed.GetRequiredValue(Files),
            new AslOptions { Type = parsed.GetValue(Type), Resources = StandardTargets.Catalog },
            parsed.GetValue(Json),
            parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error));
        return command;
    }

    private static ExitCode Run(string[] paths, AslOptions options, bool json, TextWriter output, TextWriter error)
    {
        ExitCode worst = ExitCode.Success;
        var report = new JsonArrayBuilder();
        foreach (string path in paths)
        {
            if (DefinitionFile.TryRead(path, out string problem) is not { } file)
            {
                error.WriteLine($"lockstep: cannot read {path}: {problem}");
                return ExitCode.Usage;
            }

            AslLoadResult loaded = AslValidator.Validate(file.Utf8, options);
            if (!loaded.IsValid)
            {
                worst = ExitCode.InvalidDefinition;
            }

            if (json)
            {
                report.Add(ReportOf(file, loaded));
            }
            else
            {
                Print(output, file, loaded);
            }
        }

        if (json)
        {
            output.WriteLine(new JsonObjectBuilder().Add("files", report.ToArray()).Build());
        }

        return worst;
    }

    private static void Print(TextWriter output, DefinitionFile file, AslLoadResult loaded)
    {
        foreach (Diagnostic diagnostic in loaded.Diagnostics.OrderBy(diagnostic => (diagnostic.Line, diagnostic.Column)))
        {
            DiagnosticText.Write(output, file, diagnostic);
        }

        int errors = loaded.Diagnostics.Count(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        int warnings = loaded.Diagnostics.Length - errors;
        output.WriteLine(loaded.IsValid
            ? $"{file.Path}: valid{(warnings == 0 ? "" : ", " + Counted(warnings, "warning"))}"
            : $"{file.Path}: invalid, {Counted(errors, "error")}{(warnings == 0 ? "" : ", " + Counted(warnings, "warning"))}");
    }

    private static string Counted(int count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");

    private static JsonObject ReportOf(DefinitionFile file, AslLoadResult loaded)
    {
        var diagnostics = new JsonArrayBuilder();
        foreach (Diagnostic diagnostic in loaded.Diagnostics)
        {
            diagnostics.Add(DiagnosticText.ToJson(diagnostic));
        }

        return new JsonObjectBuilder()
            .Add("file", JsonString.Of(file.Path))
            .Add("valid", JsonBoolean.Of(loaded.IsValid))
            .Add("diagnostics", diagnostics.ToArray())
            .Build();
    }
}
