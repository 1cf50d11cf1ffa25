using System.Collections.Immutable;
using Lockstep.Asl.Compiled;
using Lockstep.Asl.Compiling;
using Lockstep.Asl.Diagnostics;
using Lockstep.Asl.Model;

namespace Lockstep.Asl;

/// <summary>Turns definitions into the form that the interpreter runs.</summary>
public static class AslCompiler
{
    /// <summary>Compiles a definition. The same text always gives the same indices.</summary>
    /// <exception cref="ArgumentException">The definition uses what <see cref="FindUnsupported"/> reports.</exception>
    public static CompiledMachine Compile(StateMachineDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ImmutableArray<Diagnostic> unsupported = FindUnsupported(definition);
        return unsupported.IsEmpty
            ? new MachineCompiler(definition).Compile()
            : throw new ArgumentException(unsupported[0].Message, nameof(definition));
    }

    /// <summary>What in a valid definition this version cannot run. Lines and columns are 0.</summary>
    public static ImmutableArray<Diagnostic> FindUnsupported(StateMachineDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return UnsupportedFeatures.Find(definition, new AslOptions());
    }

    /// <summary>Reads, checks and compiles a definition.</summary>
    /// <param name="definition">The text.</param>
    /// <param name="options">What it is checked against; the defaults when null.</param>
    public static AslLoadResult Load(string definition, AslOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return Load(System.Text.Encoding.UTF8.GetBytes(definition), options);
    }

    /// <summary>Reads, checks and compiles a definition.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="options">What it is checked against; the defaults when null.</param>
    public static AslLoadResult Load(ReadOnlySpan<byte> utf8, AslOptions? options = null) =>
        Compiled(AslParser.Parse(utf8, options), utf8, options);

    /// <summary>Reads, checks and compiles one state on its own, as <see cref="AslParser.ParseState"/> reads it.</summary>
    /// <param name="utf8">The text of the state.</param>
    /// <param name="name">The name that the state gets.</param>
    /// <param name="options">What it is checked against; the defaults when null.</param>
    public static AslLoadResult LoadState(ReadOnlySpan<byte> utf8, string name, AslOptions? options = null) =>
        Compiled(AslParser.ParseState(utf8, name, options), utf8, options);

    private static AslLoadResult Compiled(AslParseResult parsed, ReadOnlySpan<byte> utf8, AslOptions? options)
    {
        if (!parsed.IsValid)
        {
            return new AslLoadResult(null, null, parsed.Diagnostics);
        }

        ImmutableArray<Diagnostic> unsupported = UnsupportedFeatures.Find(parsed.Definition, options ?? AslOptions.Default);
        return unsupported.IsEmpty
            ? new AslLoadResult(new MachineCompiler(parsed.Definition).Compile(), parsed.Definition, parsed.Diagnostics)
            : new AslLoadResult(null, parsed.Definition, parsed.Diagnostics.AddRange(UnsupportedFeatures.Located(unsupported, utf8)));
    }
}
