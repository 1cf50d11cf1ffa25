namespace Lockstep.Json.Paths;

/// <summary>One step of a path, from nodes to nodes. A closed hierarchy.</summary>
internal abstract record PathStep;

/// <summary><c>.name</c> or <c>['name']</c>: a member of an object.</summary>
internal sealed record NameStep(string Name) : PathStep;

/// <summary><c>[2]</c> or <c>[-1]</c>: an item of an array, counted from the end when negative.</summary>
internal sealed record IndexStep(int Index) : PathStep;
