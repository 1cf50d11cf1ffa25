namespace Lockstep.Jsonata;

/// <summary>One use of a variable or function in an expression; <c>$</c> and <c>$$</c> are none.</summary>
/// <param name="Name">The name without the dollar sign, such as <c>states</c>.</param>
/// <param name="Position">Offset into the text just after the name.</param>
/// <param name="IsFree">Whether nothing around the use assigns the name, so that the host or the library has to know it.</param>
/// <param name="IsFunction">Whether the library has a function of the name.</param>
/// <param name="Fields">The names that follow the variable as a path, such as <c>input</c> and <c>id</c> in <c>$states.input.id</c>.</param>
public sealed record JsonataReference(string Name, int Position, bool IsFree, bool IsFunction, IReadOnlyList<string> Fields);
