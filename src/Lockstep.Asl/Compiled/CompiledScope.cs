namespace Lockstep.Asl.Compiled;

/// <summary>A group of states entered at one start state: the machine, a Parallel branch or a Map processor.</summary>
/// <param name="Index">Position in <see cref="CompiledMachine.Scopes"/>.</param>
/// <param name="StartState">Index of the state named by <c>StartAt</c>.</param>
/// <param name="OwnerState">Index of the Parallel or Map state that owns the scope; -1 for the machine.</param>
public sealed record CompiledScope(int Index, int StartState, int OwnerState);
