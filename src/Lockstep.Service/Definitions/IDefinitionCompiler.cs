using Lockstep.Asl.Compiled;
using Lockstep.Service.StateMachines;

namespace Lockstep.Service.Definitions;

/// <summary>Turns the text of a definition into the form that runs, or says everything that is wrong with it.</summary>
public interface IDefinitionCompiler
{
    /// <summary>Compiles; never throws on any text.</summary>
    CompiledDefinition Compile(string definition, WorkflowType type);
}

/// <summary>The outcome of compiling.</summary>
/// <param name="Machine">The machine; null when a problem forbids it.</param>
/// <param name="Problems">Everything found, in the order of the text.</param>
public sealed record CompiledDefinition(CompiledMachine? Machine, IReadOnlyList<DefinitionProblem> Problems);

/// <summary>One thing that is wrong, or suspicious, in a definition.</summary>
/// <param name="Code">Stable code.</param>
/// <param name="IsError">Whether it forbids the definition.</param>
/// <param name="Message">What is wrong, and how to mend it.</param>
/// <param name="Pointer">JSON pointer of the place.</param>
/// <param name="Line">One-based line of the text; 0 when there is none.</param>
/// <param name="Column">One-based column of the line; 0 when there is none.</param>
public sealed record DefinitionProblem(string Code, bool IsError, string Message, string Pointer, int Line, int Column);
