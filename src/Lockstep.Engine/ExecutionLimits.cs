namespace Lockstep.Engine;

/// <summary>
/// The limits that an execution runs under. Journalled with its start, so that a changed configuration never changes a replay.
/// </summary>
public sealed record ExecutionLimits
{
    /// <summary>AWS's values, without its wall of 25,000 events.</summary>
    public static ExecutionLimits Default { get; } = new();

    /// <summary>Bytes of UTF-8 that an input, output, result or error output may have. Default 262,144, as at AWS; at most 32 MiB.</summary>
    public int MaxPayloadBytes { get; init; } = 262_144;

    /// <summary>Arrays and objects within each other that an input, output or result may have. Default 1,000.</summary>
    public int MaxPayloadDepth { get; init; } = 1_000;

    /// <summary>Events that a history may have before the execution fails; null means no limit. AWS's value is 25,000.</summary>
    public long? MaxHistoryEvents { get; init; }

    /// <summary>Transitions that one turn may make before it answers with <see cref="Commands.Continue"/>. Default 1,000.</summary>
    public int MaxTransitionsPerTurn { get; init; } = 1_000;

    /// <summary>
    /// Bytes of new payload that one turn may write into history before it answers with Continue; a unit of work of a JSONata expression counts as
    /// one. Default 4 MiB.
    /// </summary>
    public int MaxBytesPerTurn { get; init; } = 4 * 1024 * 1024;

    /// <summary>Commands that one turn may issue before it answers with Continue. Default 1,000.</summary>
    public int MaxCommandsPerTurn { get; init; } = 1_000;

    /// <summary>Bytes of JSON that the intrinsic functions of one field may compute. Default 262,144; the service gives it the payload limit.</summary>
    public int MaxComputedBytes { get; init; } = 262_144;

    /// <summary>
    /// Units of work that the evaluation of one field may cost: nodes that indefinite paths visit; 16 bytes of the arguments of calls count as one.
    /// Default 10,000,000.
    /// </summary>
    public int MaxFieldWork { get; init; } = 10_000_000;

    /// <summary>Elements that <c>States.ArrayRange</c> may produce. Default 1,000, as at AWS.</summary>
    public int MaxRangeElements { get; init; } = 1_000;

    /// <summary>
    /// Characters that <c>States.Base64Encode</c>, <c>States.Base64Decode</c> and <c>States.Hash</c> accept. Default 10,000, as at AWS.
    /// </summary>
    public int MaxEncodedCharacters { get; init; } = 10_000;

    /// <summary>
    /// Units of work that one JSONata expression may cost: steps, elements produced or visited; 16 characters read or written count as one.
    /// Default 1,000,000.
    /// </summary>
    public int MaxExpressionFuel { get; init; } = 1_000_000;

    /// <summary>Calls and expressions within each other that the evaluation of one JSONata expression may reach. Default 300.</summary>
    public int MaxExpressionDepth { get; init; } = 300;

    /// <summary>Bytes of UTF-8 that the value of a variable may have, as compact JSON. Default 262,144, as at AWS.</summary>
    public int MaxVariableBytes { get; init; } = 262_144;

    /// <summary>Bytes that the values which one Assign gives to variables may have together. Default 262,144, as at AWS.</summary>
    public int MaxAssignBytes { get; init; } = 262_144;

    /// <summary>Bytes that the values of all variables in all open scopes may have together. Default 10 MiB, as at AWS.</summary>
    public int MaxStoredVariableBytes { get; init; } = 10 * 1024 * 1024;

    /// <summary>Iterations of one inline Map that may be open at a time, whatever its MaxConcurrency says. Default 40, as at AWS.</summary>
    public int MaxOpenIterations { get; init; } = 40;
}
