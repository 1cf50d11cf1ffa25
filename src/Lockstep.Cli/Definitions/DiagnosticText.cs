using System.Globalization;
using Lockstep.Asl.Diagnostics;
using Lockstep.Json;

namespace Lockstep.Cli.Definitions;

/// <summary>Renders diagnostics: for people with the place and a caret, for scripts as JSON.</summary>
internal static class DiagnosticText
{
    /// <summary>Writes <c>FILE:LINE:COLUMN: error CODE: message</c>, the line with a caret, and the JSON pointer.</summary>
    public static void Write(TextWriter output, DefinitionFile file, Diagnostic diagnostic)
    {
        string place = diagnostic.Line > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{file.Path}:{diagnostic.Line}:{diagnostic.Column}")
            : file.Path;
        output.WriteLine($"{place}: {SeverityOf(diagnostic)} {diagnostic.Code}: {diagnostic.Message}");
        foreach (string line in SourcePlace.Render(file.Text, diagnostic.Line, diagnostic.Column))
        {
            output.WriteLine(line);
        }

        if (diagnostic.Pointer.Length > 0)
        {
            output.WriteLine($"      at {diagnostic.Pointer}");
        }
    }

    /// <summary>A diagnostic as the REST surface shows it.</summary>
    public static JsonObject ToJson(Diagnostic diagnostic) => new JsonObjectBuilder()
        .Add("code", JsonString.Of(diagnostic.Code))
        .Add("severity", JsonString.Of(SeverityOf(diagnostic)))
        .Add("message", JsonString.Of(diagnostic.Message))
        .Add("pointer", JsonString.Of(diagnostic.Pointer))
        .Add("line", JsonNumber.Of(diagnostic.Line))
        .Add("column", JsonNumber.Of(diagnostic.Column))
        .Build();

    private static string SeverityOf(Diagnostic diagnostic) => diagnostic.Severity switch
    {
        DiagnosticSeverity.Error => "error",
        DiagnosticSeverity.Warning => "warning",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
