using System.Collections.Immutable;

namespace Lockstep.Service.Limits;

/// <content>What a definition may be.</content>
public sealed partial record ServiceLimits
{
    private static ImmutableArray<LimitDefinition> DefinitionLimits =>
    [
        new("MaxDefinitionBytes", "bytes", 1_048_576, 1_024, 16_777_216,
            "Bytes of UTF-8 in a definition.", limits => limits.MaxDefinitionBytes, (limits, value) => limits with { MaxDefinitionBytes = value }),
        new("MaxDefinitionDepth", "levels", 200, 16, 1_000,
            "Levels of JSON nesting in a definition.", limits => limits.MaxDefinitionDepth, (limits, value) => limits with { MaxDefinitionDepth = value }),
        new("MaxStates", "states", 10_000, 1, 100_000,
            "States in a definition, nested ones included.", limits => limits.MaxStates, (limits, value) => limits with { MaxStates = value }),
        new("MaxStateNameLength", "characters", 80, 1, 1_000,
            "Characters in the name of a state.", limits => limits.MaxStateNameLength, (limits, value) => limits with { MaxStateNameLength = value }),
        new("MaxVariableNameLength", "characters", 80, 1, 1_000,
            "Characters in the name of a variable.", limits => limits.MaxVariableNameLength, (limits, value) => limits with { MaxVariableNameLength = value }),
        new("MaxIntrinsicNesting", "calls", 10, 1, 50,
            "Intrinsic function calls within each other.", limits => limits.MaxIntrinsicNesting, (limits, value) => limits with { MaxIntrinsicNesting = value }),
        new("MaxDiagnostics", "diagnostics", 100, 1, 10_000,
            "Diagnostics reported for one definition.", limits => limits.MaxDiagnostics, (limits, value) => limits with { MaxDiagnostics = value }),
    ];

    /// <summary>Bytes of UTF-8 in a definition. Default 1,048,576.</summary>
    public int MaxDefinitionBytes { get; init; } = 1_048_576;

    /// <summary>Levels of JSON nesting in a definition. Default 200.</summary>
    public int MaxDefinitionDepth { get; init; } = 200;

    /// <summary>States in a definition, nested ones included. Default 10,000.</summary>
    public int MaxStates { get; init; } = 10_000;

    /// <summary>Characters in the name of a state. Default 80.</summary>
    public int MaxStateNameLength { get; init; } = 80;

    /// <summary>Characters in the name of a variable. Default 80.</summary>
    public int MaxVariableNameLength { get; init; } = 80;

    /// <summary>Intrinsic function calls within each other. Default 10.</summary>
    public int MaxIntrinsicNesting { get; init; } = 10;

    /// <summary>Diagnostics reported for one definition. Default 100.</summary>
    public int MaxDiagnostics { get; init; } = 100;
}
