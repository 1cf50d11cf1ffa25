using Lockstep.Asl.Model;

namespace Lockstep.Asl.Linting;

/// <summary>A valid definition as rules see it.</summary>
/// <param name="Definition">The definition.</param>
/// <param name="Root">The states of the machine itself.</param>
internal sealed record LintedMachine(StateMachineDefinition Definition, LintedGroup Root);
