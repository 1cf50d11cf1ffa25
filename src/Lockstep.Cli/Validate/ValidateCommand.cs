using System.CommandLine;
using System.Globalization;
using Lockstep.Asl;
using Lockstep.Asl.Diagnostics;
using Lockstep.Cli.Definitions;
using Lockstep.Json;
using Lockstep.Targets;

namespace Lockstep.Cli.Validate;

/// <summary>
/// <c>lockstep validate FILE...</c>: reports every problem of every file at once. Warnings forbid nothing, unless they are to count as errors; one error in
/// one file makes the whole command fail.
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

    private static readonly Option<ReportFormat> Format = new("--format")
    {
        Description = "How problems are printed: as text, or as one document for all files, of JSON or of SARIF 2.1.0.",
        DefaultValueFactory = _ => ReportFormat.Text,
    };

    private static readonly Option<bool> Json = new("--json") { Description = "The same as --format json." };

    private static readonly Option<DiagnosticSeverity> Severity = new("--severity")
    {
        Description = "The least severity that is shown; with error, warnings are left out.",
        DefaultValueFactory = _ => DiagnosticSeverity.Warning,
    };

    private static readonly Option<bool> WarningsAsErrors = new("--warnings-as-errors") { Description = "Fail when there are warnings, also such as are not shown." };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("validate", "Checks definitions and prints every problem with its place.") { Files, Type, Format, Json, Severity, WarningsAsErrors };
        command.SetAction(parsed => (int)Run(
            parsed.GetRequiredValue(Files),
            new AslOptions { Type = parsed.GetValue(Type), Resources = StandardTargets.Catalog },
            new Asked(parsed.GetValue(Json) ? ReportFormat.Json : parsed.GetValue(Format), parsed.GetValue(Severity), parsed.GetValue(WarningsAsErrors)),
            parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error));
        return command;
    }

    private static ExitCode Run(string[] paths, AslOptions options, Asked asked, TextWriter output, TextWriter error)
    {
        ExitCode worst = ExitCode.Success;
        var report = new JsonArrayBuilder();
        var sarif = new SarifReport();
        foreach (string path in paths)
        {
            if (DefinitionFile.TryRead(path, out string problem) is not { } file)
            {
                error.WriteLine($"lockstep: cannot read {path}: {problem}");
                return ExitCode.Usage;
            }

            AslLoadResult loaded = AslValidator.Validate(file.Utf8, options);
            bool fails = !loaded.IsValid || (asked.WarningsAsErrors && loaded.Diagnostics.Length > 0);
            worst = fails ? ExitCode.InvalidDefinition : worst;
            loaded = loaded with { Diagnostics = [.. loaded.Diagnostics.Where(asked.Shows)] };
            switch (asked.Format)
            {
                case ReportFormat.Json:
                    report.Add(ReportOf(file, loaded));
                    break;
                case ReportFormat.Sarif:
                    sarif.Add(file, loaded.Diagnostics);
                    break;
                default:
                    Print(output, file, loaded);
                    break;
            }
        }

        if (asked.Format != ReportFormat.Text)
        {
            output.WriteLine(asked.Format == ReportFormat.Sarif ? sarif.ToJson() : JsonObject.Of("files", report.ToArray()));
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

    private enum ReportFormat
    {
        Text,
        Json,
        Sarif,
    }

    private sealed record Asked(ReportFormat Format, DiagnosticSeverity Severity, bool WarningsAsErrors)
    {
        // The severities are ordered from the worst on.
        public bool Shows(Diagnostic diagnostic) => diagnostic.Severity <= Severity;
    }
}
