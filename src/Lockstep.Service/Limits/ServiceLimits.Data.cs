using System.Collections.Immutable;

namespace Lockstep.Service.Limits;

/// <content>What executions compute with.</content>
public sealed partial record ServiceLimits
{
    private static ImmutableArray<LimitDefinition> DataLimits =>
    [
        new("MaxPayloadBytes", "bytes", 262_144, 1_024, 33_554_432,
            "Bytes of UTF-8 in an input or output, as compact JSON.", limits => limits.MaxPayloadBytes, (limits, value) => limits with { MaxPayloadBytes = value }),
        new("MaxPayloadDepth", "levels", 1_000, 16, 1_000,
            "Levels of nesting in an input, output or result of a state.", limits => limits.MaxPayloadDepth, (limits, value) => limits with { MaxPayloadDepth = value }),
        new("MaxVariableBytes", "bytes", 262_144, 1_024, 33_554_432,
            "Bytes of UTF-8 in the value of a variable, as compact JSON.", limits => limits.MaxVariableBytes, (limits, value) => limits with { MaxVariableBytes = value }),
        new("MaxAssignBytes", "bytes", 262_144, 1_024, 33_554_432,
            "Bytes in the values that one Assign gives to variables.", limits => limits.MaxAssignBytes, (limits, value) => limits with { MaxAssignBytes = value }),
        new("MaxStoredVariableBytes", "bytes", 10_485_760, 1_024, 1_073_741_824,
            "Bytes in the values of all variables that an execution holds at a time.", limits => limits.MaxStoredVariableBytes, (limits, value) => limits with { MaxStoredVariableBytes = value }),
        new("MaxRangeElements", "elements", 1_000, 1, 100_000,
            "Elements that States.ArrayRange may produce.", limits => limits.MaxRangeElements, (limits, value) => limits with { MaxRangeElements = value }),
        new("MaxEncodedCharacters", "characters", 10_000, 1, 33_554_432,
            "Characters that States.Base64Encode, States.Base64Decode and States.Hash accept.", limits => limits.MaxEncodedCharacters, (limits, value) => limits with { MaxEncodedCharacters = value }),
        new("MaxFieldWork", "units", 10_000_000, 10_000, 1_000_000_000,
            "Work that the expressions of one field may cost: nodes that paths visit; 16 bytes of the arguments of calls count as one.", limits => limits.MaxFieldWork, (limits, value) => limits with { MaxFieldWork = value }),
        new("MaxExpressionFuel", "units", 1_000_000, 1_000, 1_000_000_000,
            "Work that one JSONata expression may cost: steps, elements produced or visited; 16 characters read or written count as one.", limits => limits.MaxExpressionFuel, (limits, value) => limits with { MaxExpressionFuel = value }),
        new("MaxExpressionDepth", "levels", 300, 16, 300,
            "Calls and expressions within each other that the evaluation of a JSONata expression may reach.", limits => limits.MaxExpressionDepth, (limits, value) => limits with { MaxExpressionDepth = value }),
        new("MaxJsonDepth", "levels", 1_000, 16, 1_000,
            "Levels of nesting in a request body.", limits => limits.MaxJsonDepth, (limits, value) => limits with { MaxJsonDepth = value }),
    ];

    /// <summary>Bytes of UTF-8 in an input or output, as compact JSON. Default 262,144.</summary>
    public int MaxPayloadBytes { get; init; } = 262_144;

    /// <summary>Levels of nesting in an input, output or result of a state. Default 1,000.</summary>
    public int MaxPayloadDepth { get; init; } = 1_000;

    /// <summary>Bytes of UTF-8 in the value of a variable, as compact JSON. Default 262,144.</summary>
    public int MaxVariableBytes { get; init; } = 262_144;

    /// <summary>Bytes in the values that one Assign gives to variables. Default 262,144.</summary>
    public int MaxAssignBytes { get; init; } = 262_144;

    /// <summary>Bytes in the values of all variables that an execution holds at a time. Default 10,485,760.</summary>
    public int MaxStoredVariableBytes { get; init; } = 10_485_760;

    /// <summary>Elements that <c>States.ArrayRange</c> may produce. Default 1,000.</summary>
    public int MaxRangeElements { get; init; } = 1_000;

    /// <summary>Characters that <c>States.Base64Encode</c>, <c>States.Base64Decode</c> and <c>States.Hash</c> accept. Default 10,000.</summary>
    public int MaxEncodedCharacters { get; init; } = 10_000;

    /// <summary>
    /// Work that the expressions of one field may cost: nodes that paths visit; 16 bytes of the arguments of calls count as one. Default 10,000,000.
    /// </summary>
    public int MaxFieldWork { get; init; } = 10_000_000;

    /// <summary>
    /// Work that one JSONata expression may cost: steps, elements produced or visited; 16 characters read or written count as one. Default 1,000,000.
    /// </summary>
    public int MaxExpressionFuel { get; init; } = 1_000_000;

    /// <summary>Calls and expressions within each other that the evaluation of a JSONata expression may reach. Default 300.</summary>
    public int MaxExpressionDepth { get; init; } = 300;

    /// <summary>Levels of nesting in a request body. Default 1,000.</summary>
    public int MaxJsonDepth { get; init; } = 1_000;
}
