using System.Collections.Immutable;
using Lockstep.Asl.Resources;

namespace Lockstep.Asl;

/// <summary>What a definition is checked against.</summary>
public sealed record AslOptions
{
    /// <summary>A Standard machine, default limits, every well-formed resource allowed.</summary>
    public static AslOptions Default { get; } = new();

    /// <summary>The type of the machine.</summary>
    public WorkflowType Type { get; init; } = WorkflowType.Standard;

    /// <summary>The limits of definitions.</summary>
    public AslLimits Limits { get; init; } = AslLimits.Default;

    /// <summary>Which resources exist and what they need.</summary>
    public IResourceCatalog Resources { get; init; } = ResourceCatalog.Permissive;

    /// <summary>Whether <c>${Name}</c> in a <c>Resource</c> stands for something that deployment fills in. Such a machine is checked, not run.</summary>
    public bool AllowPlaceholders { get; init; }

    /// <summary>
    /// Whether a single state is to be tested and nothing inside it will run: a Map in DISTRIBUTED mode is then compiled too.
    /// </summary>
    public bool ForStateTest { get; init; }

    /// <summary>Names of variables that have a value before the first state is entered.</summary>
    public ImmutableArray<string> GivenVariables { get; init; } = [];
}
