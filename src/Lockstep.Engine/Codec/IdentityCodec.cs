namespace Lockstep.Engine.Codec;

/// <summary>The stored form of what an execution keeps for life: its identity and its limits.</summary>
internal static class IdentityCodec
{
    public static void Write(RecordWriter record, ExecutionIdentity identity)
    {
        record.Text(identity.ExecutionArn);
        record.Text(identity.ExecutionName);
        record.Text(identity.StateMachineArn);
        record.Text(identity.StateMachineName);
        record.Text(identity.RoleArn);
        record.Fixed(identity.Seed);
        record.Number(identity.Incarnation);
        record.Text(identity.TokenKeyId);
        record.Number(identity.InterpreterRevision);
        record.OptionalText(identity.StateMachineVersionArn);
        record.OptionalText(identity.StateMachineAliasArn);
        record.OptionalText(identity.TraceParent);
    }

    public static ExecutionIdentity ReadIdentity(ref RecordReader record) => new(
        record.Text(),
        record.Text(),
        record.Text(),
        record.Text(),
        record.Text(),
        record.Fixed(),
        record.Number(),
        record.Text(),
        record.SmallNumber())
    {
        StateMachineVersionArn = record.OptionalText(),
        StateMachineAliasArn = record.OptionalText(),
        TraceParent = record.Version >= 3 ? record.OptionalText() : null,
    };

    public static void Write(RecordWriter record, ExecutionLimits limits)
    {
        record.Number(limits.MaxPayloadBytes);
        record.Number(limits.MaxPayloadDepth);
        record.OptionalNumber(limits.MaxHistoryEvents);
        record.Number(limits.MaxTransitionsPerTurn);
        record.Number(limits.MaxBytesPerTurn);
        record.Number(limits.MaxCommandsPerTurn);
        record.Number(limits.MaxOpenIterations);
        record.Number(limits.MaxComputedBytes);
        record.Number(limits.MaxFieldWork);
        record.Number(limits.MaxRangeElements);
        record.Number(limits.MaxEncodedCharacters);
        record.Number(limits.MaxVariableBytes);
        record.Number(limits.MaxAssignBytes);
        record.Number(limits.MaxStoredVariableBytes);
        record.Number(limits.MaxExpressionFuel);
        record.Number(limits.MaxExpressionDepth);
    }

    public static ExecutionLimits ReadLimits(ref RecordReader record)
    {
        var limits = new ExecutionLimits
        {
            MaxPayloadBytes = record.SmallNumber(),
            MaxPayloadDepth = record.SmallNumber(),
            MaxHistoryEvents = record.OptionalNumber(),
            MaxTransitionsPerTurn = record.SmallNumber(),
            MaxBytesPerTurn = record.SmallNumber(),
            MaxCommandsPerTurn = record.SmallNumber(),
            MaxOpenIterations = record.SmallNumber(),
        };
        limits = record.Version == 1
            ? limits with
            {
                // What the program of that time had fixed: without them a replay could decide otherwise.
                MaxComputedBytes = 262_144,
                MaxFieldWork = 10_000_000,
                MaxRangeElements = 1_000,
                MaxEncodedCharacters = 10_000,
                MaxVariableBytes = int.MaxValue,
                MaxAssignBytes = int.MaxValue,
                MaxStoredVariableBytes = int.MaxValue,
            }
            : limits with
            {
                MaxComputedBytes = record.SmallNumber(),
                MaxFieldWork = record.SmallNumber(),
                MaxRangeElements = record.SmallNumber(),
                MaxEncodedCharacters = record.SmallNumber(),
                MaxVariableBytes = record.SmallNumber(),
                MaxAssignBytes = record.SmallNumber(),
                MaxStoredVariableBytes = record.SmallNumber(),
            };

        // Before layout 4 no machine had an expression that these limits are about.
        return record.Version >= 4
            ? limits with { MaxExpressionFuel = record.SmallNumber(), MaxExpressionDepth = record.SmallNumber() }
            : limits;
    }
}
