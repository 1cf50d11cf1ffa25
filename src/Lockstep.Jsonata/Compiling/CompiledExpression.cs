using Lockstep.Jsonata.Evaluation;

namespace Lockstep.Jsonata.Compiling;

/// <summary>What the compiler makes of an expression.</summary>
/// <param name="Root">The outermost node.</param>
/// <param name="Layout">Its frame.</param>
/// <param name="Height">Levels of nodes.</param>
/// <param name="Globals">Names of the variables that are not assigned anywhere around their use, by index.</param>
/// <param name="References">Every use of a variable.</param>
internal sealed record CompiledExpression(
    Node Root, FrameLayout Layout, int Height, IReadOnlyList<string> Globals, IReadOnlyList<JsonataReference> References);
