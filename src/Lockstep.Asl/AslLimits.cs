namespace Lockstep.Asl;

/// <summary>
/// The limits of definitions. The defaults are those of Step Functions where it has one; each is set by the configuration key named with it.
/// </summary>
public sealed record AslLimits
{
    /// <summary>The defaults.</summary>
    public static AslLimits Default { get; } = new();

    /// <summary>Bytes of UTF-8 in a definition. Default 1 MiB. Key <c>limits:definitionBytes</c>.</summary>
    public int MaxDefinitionBytes { get; init; } = 1024 * 1024;

    /// <summary>Levels of JSON nesting in a definition. Default 200. Key <c>limits:definitionDepth</c>.</summary>
    public int MaxDefinitionDepth { get; init; } = 200;

    /// <summary>Characters in the name of a state. Default 80. Key <c>limits:stateNameLength</c>.</summary>
    public int MaxStateNameLength { get; init; } = 80;

    /// <summary>States in a definition, nested ones included. Default 10,000. Key <c>limits:states</c>.</summary>
    public int MaxStates { get; init; } = 10_000;

    /// <summary>Characters in the name of a variable. Default 80. Key <c>limits:variableNameLength</c>.</summary>
    public int MaxVariableNameLength { get; init; } = 80;

    /// <summary>Intrinsic function calls within each other. Default 10. Key <c>limits:intrinsicNesting</c>.</summary>
    public int MaxIntrinsicNesting { get; init; } = 10;

    /// <summary>Diagnostics reported for one definition. Default 100. Key <c>limits:diagnostics</c>.</summary>
    public int MaxDiagnostics { get; init; } = 100;
}
