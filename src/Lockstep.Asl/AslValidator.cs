using System.Text;
using Lockstep.Asl.Diagnostics;
using Lockstep.Asl.Linting;
using Lockstep.Asl.Parsing;
using Lockstep.Json;

namespace Lockstep.Asl;

/// <summary>
/// Says everything there is to say about a definition: what forbids it, and the warnings of the lint rules besides. What only runs a definition
/// uses <see cref="AslCompiler"/>, which does not look for the latter.
/// </summary>
public static class AslValidator
{
    /// <summary>Reads, checks, compiles and lints a definition.</summary>
    /// <param name="definition">The text.</param>
    /// <param name="options">What it is checked against; the defaults when null.</param>
    public static AslLoadResult Validate(string definition, AslOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return Validate(Encoding.UTF8.GetBytes(definition), options);
    }

    /// <summary>Reads, checks, compiles and lints a definition. A text with errors of the language is not linted.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="options">What it is checked against; the defaults when null.</param>
    public static AslLoadResult Validate(ReadOnlySpan<byte> utf8, AslOptions? options = null)
    {
        AslOptions against = options ?? AslOptions.Default;
        AslLoadResult loaded = AslCompiler.Load(utf8, against);
        var limits = new JsonReadLimits { MaxBytes = against.Limits.MaxDefinitionBytes, MaxDepth = against.Limits.MaxDefinitionDepth };
        if (loaded.Definition is null
            || loaded.Diagnostics.Any(diagnostic => diagnostic.Code == DiagnosticCodes.TooManyDiagnostics)
            || !JsonReader.Read(utf8, limits).TryGetValue(out JsonValue? value, out _)
            || value is not JsonObject json)
        {
            return loaded;
        }

        var machine = new LintedMachine(loaded.Definition, LintedGroup.Of(loaded.Definition.Root, json, ""));
        var problems = new DiagnosticBag(against.Limits.MaxDiagnostics);
        foreach (Diagnostic diagnostic in loaded.Diagnostics.Concat(LintRules.All.SelectMany(rule => rule.Check(machine))))
        {
            problems.Add(diagnostic);
        }

        return loaded with { Diagnostics = problems.Located(utf8) };
    }
}
