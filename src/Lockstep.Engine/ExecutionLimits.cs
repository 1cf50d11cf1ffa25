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

    /// <summary>Bytes of new payload that one turn may write into history before it answers with Continue. Default 4 MiB.</summary>
    public int MaxBytesPerTurn { get; init; } = 4 * 1024 * 1024;

    /// <summary>Commands that one turn may issue before it answers with Continue. Default 1,000.</summary>
    public int MaxCommandsPerTurn { get; init; } = 1_000;

    /// <summary>Iterations of one inline Map that may be open at a time, whatever its MaxConcurrency says. Default 40, as at AWS.</summary>
    public int MaxOpenIterations { get; init; } = 40;
}
