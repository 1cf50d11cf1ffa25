namespace Lockstep.Asl;

/// <summary>
/// The limits of definitions. The defaults are those of Step Functions where it has one; each is set by the configuration key named with it.
/// </summary>
public sealed record AslLimits
{
    /// <summary>The defaults.</summary>
    public static AslLimits Default { get; } = new();

    /// <summary>Bytes of UTF-8 in a definition. Default 1 MiB. Key <c>Lockstep:Limits:MaxDefinitionBytes</c>.</summary>
    public int MaxDefinitionBytes { get; init; } = 1024 * 1024;

    /// <summary>Levels of JSON nesting in a definition. Default 200. Key <c>Lockstep:Limits:MaxDefinitionDepth</c>.</summary>
    public int MaxDefinitionDepth { get; init; } = 200;

    /// <summary>Characters in the name of a state. Default 80. Key <c>Lockstep:Limits:MaxStateNameLength</c>.</summary>
    public int MaxStateNameLength { get; init; } = 80;

    /// <summary>States in a definition, nested ones included. Default 10,000. Key <c>Lockstep:Limits:MaxStates</c>.</summary>
    public int MaxStates { get; init; } = 10_000;

    /// <summary>Characters in the name of a variable. Default 80. Key <c>Lockstep:Limits:MaxVariableNameLength</c>.</summary>
    public int MaxVariableNameLength { get; init; } = 80;

    /// <summary>Intrinsic function calls within each other. Default 10. Key <c>Lockstep:Limits:MaxIntrinsicNesting</c>.</summary>
    public int MaxIntrinsicNesting { get; init; } = 10;

    /// <summary>Diagnostics reported for one definition. Default 100. Key <c>Lockstep:Limits:MaxDiagnostics</c>.</summary>
    public int MaxDiagnostics { get; init; } = 100;
}
