using Lockstep.Json.Paths.Filters;

namespace Lockstep.Json.Paths;

/// <summary>One step of a path, from nodes to nodes. A closed hierarchy.</summary>
internal abstract record PathStep;

/// <summary><c>.name</c> or <c>['name']</c>: a member of an object.</summary>
internal sealed record NameStep(string Name) : PathStep;

/// <summary>
/// <c>['a','b']</c>: several members. As the last step it makes one object of those that exist; before other steps each leads on by itself.
/// </summary>
internal sealed record NamesStep(string[] Names) : PathStep;

/// <summary><c>[2]</c> or <c>[-1]</c>: an item of an array, counted from the end when negative.</summary>
internal sealed record IndexStep(int Index) : PathStep;

/// <summary><c>[0,2]</c>: several items of an array.</summary>
internal sealed record IndexesStep(int[] Indexes) : PathStep;

/// <summary><c>[start:end:step]</c>: a range of items, each bound counted from the end when negative, the end exclusive.</summary>
internal sealed record SliceStep(long? Start, long? End, long Step) : PathStep;

/// <summary><c>.*</c> or <c>[*]</c>: all items of an array, all members of an object.</summary>
internal sealed record WildcardStep : PathStep;

/// <summary><c>..</c>: an array or object and all arrays and objects within it, each before what it contains.</summary>
internal sealed record DescendStep : PathStep;

/// <summary><c>[?(...)]</c>: the items of an array that pass the test; an object itself when it passes.</summary>
internal sealed record FilterStep(FilterExpression Test) : PathStep;

/// <summary><c>.length()</c>: ends a path; what the path before has found becomes one value.</summary>
internal sealed record FunctionStep(PathFunction Function) : PathStep;
