using System.Buffers;
using Lockstep.Azure.Orchestration.Activities;
using Lockstep.Azure.Orchestration.Contracts;

namespace Lockstep.Azure.Orchestration.Pump;

/// <summary>Carries what is too large for one message in parts, each an activity of its own.</summary>
internal sealed class LargeBodies(DurableCalls calls)
{
    /// <summary>The bytes as they go into a message; the rest is put aside first.</summary>
    public async Task<Body> PutAsync(ReadOnlyMemory<byte> content, int maxInlineBytes)
    {
        if (content.Length <= maxInlineBytes)
        {
            return Body.Of(content);
        }

        var body = new Body { Parts = BodyParts.NameOf(content.Span), Count = BodyParts.CountOf(content.Length) };
        for (int part = 0; part < body.Count; part++)
        {
            await calls.DoAsync(OrchestrationNames.StorePart, new StorePartRequest
            {
                Tenant = calls.Key.Tenant.Value,
                Execution = calls.Key.Id,
                Name = body.Parts,
                Part = part,
                Content = BodyParts.PartOf(content, part),
            });
        }

        return body;
    }

    /// <summary>The bytes of a body.</summary>
    public async Task<ReadOnlyMemory<byte>> GetAsync(Body body)
    {
        if (body.Bytes is { } inline)
        {
            return inline;
        }

        var content = new ArrayBufferWriter<byte>();
        for (int part = 0; part < body.Count; part++)
        {
            content.Write((await PartAsync(PartSource.Body, part, 0, body.Parts)).Content.Span);
        }

        return content.WrittenMemory;
    }

    /// <summary>All of something that the ledger or the store of machines keeps.</summary>
    public async Task<ReadOnlyMemory<byte>> LoadAsync(PartSource source, long epoch)
    {
        var content = new ArrayBufferWriter<byte>();
        PartAnswer answer;
        int part = 0;
        do
        {
            answer = await PartAsync(source, part++, epoch, null);
            content.Write(answer.Content.Span);
        }
        while (answer.HasMore);
        return content.WrittenMemory;
    }

    /// <summary>Keeps a state for the epoch that begins with it.</summary>
    public async Task SaveStateAsync(ReadOnlyMemory<byte> state, long epoch)
    {
        // One part more than it takes full ones: the reader knows the last part by its not being full.
        for (int part = 0; part <= state.Length / MessageSizes.Part; part++)
        {
            await calls.DoAsync(OrchestrationNames.SaveState, new SaveStateRequest
            {
                Tenant = calls.Key.Tenant.Value,
                Execution = calls.Key.Id,
                Epoch = epoch,
                Part = part,
                Content = BodyParts.PartOf(state, part),
            });
        }
    }

    private Task<PartAnswer> PartAsync(PartSource source, int part, long epoch, string? name) =>
        calls.CallAsync<LoadPartRequest, PartAnswer>(OrchestrationNames.LoadPart, () => new LoadPartRequest
        {
            Tenant = calls.Key.Tenant.Value,
            Execution = calls.Key.Id,
            Source = source,
            Part = part,
            Epoch = epoch,
            Name = name,
        });
}
