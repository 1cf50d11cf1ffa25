using System.Collections.Immutable;
using Lockstep.Asl.Evaluation;

namespace Lockstep.Asl.Compiled;

/// <summary>A catcher (States Language, "Fallback states").</summary>
/// <param name="ErrorEquals">Error names that it handles, in order.</param>
/// <param name="NextState">Index of the state that goes on.</param>
/// <param name="ResultPath">Where the error output goes in the state's raw input; null when absent (it replaces it).</param>
/// <param name="Assign">Variables it assigns; null when absent.</param>
/// <param name="Output"><c>Output</c> in a JSONata state; null when absent (the error output).</param>
public sealed record Catcher(
    ImmutableArray<string> ErrorEquals, int NextState, ResultPlacement? ResultPath, AssignTemplate? Assign, ValueExpression? Output);
