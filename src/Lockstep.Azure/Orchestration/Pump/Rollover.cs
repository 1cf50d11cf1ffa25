using System.Buffers;
using System.Collections.Immutable;
using Lockstep.Azure.Orchestration.Contracts;
using Lockstep.Engine.Codec;
using Lockstep.Engine.State;

namespace Lockstep.Azure.Orchestration.Pump;

/// <summary>Carries an execution over to its next epoch, at a point where everything is durable and nothing is under way.</summary>
internal static class Rollover
{
    /// <summary>What the next epoch begins with; a large state goes to the ledger first.</summary>
    public static async Task<CarriedOver> CarryAsync(
        ExecutionState state, TurnLog log, ImmutableArray<CarriedRow> rows, LargeBodies bodies, long epoch)
    {
        var bytes = new ArrayBufferWriter<byte>(1024);
        StateCodec.Write(bytes, state);
        if (bytes.WrittenCount <= MessageSizes.InlineState)
        {
            return new CarriedOver(log.Chain, bytes.WrittenMemory, rows);
        }

        await bodies.SaveStateAsync(bytes.WrittenMemory, epoch);
        return new CarriedOver(log.Chain, null, rows);
    }

    /// <summary>The input of the next epoch; a definition that makes it too large has to be loaded.</summary>
    public static string InputOf(PumpSetup setup, CarriedOver carried)
    {
        var input = new ExecutionInput
        {
            Tenant = setup.Key.Tenant.Value,
            Execution = setup.Key.Id,
            Epoch = setup.Epoch + 1,
            Settings = setup.Settings,
            Kind = setup.Part.Kind,
            MapState = setup.Part.MapState,
            Definition = setup.Definition,
            Logging = setup.Logging,
            Carried = carried,
        };
        string text = OrchestrationJson.Write(input);
        return text.Length <= MessageSizes.InlineInput ? text : OrchestrationJson.Write(input with { Definition = null });
    }
}
