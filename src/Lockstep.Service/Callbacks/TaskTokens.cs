using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Lockstep.Engine;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.Naming;
using Lockstep.Service.Security;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Callbacks;

/// <summary>
/// Task tokens: the claims, signed under the key that the execution has pinned at its start. Whoever holds one may report the
/// outcome of that one attempt, and nothing else.
/// </summary>
public sealed class TaskTokens(KeyRing ring, ServiceLimits limits) : ITaskTokens
{
    /// <summary>The purpose under which the keys are kept.</summary>
    public const string Purpose = "task-token";

    private const int NumberBytes = sizeof(long);
    private const int TenantBytes = 12;
    private const int FixedBytes = TenantBytes + (2 * NumberBytes);

    /// <inheritdoc/>
    public string CurrentKeyId => ring.Current.KeyId;

    /// <inheritdoc/>
    public string Issue(ExecutionIdentity execution, CommandId task)
    {
        if (!ring.TryFind(execution.TokenKeyId, out SigningKey? key))
        {
            throw new InvalidOperationException($"The task token key {execution.TokenKeyId} is gone. Keys are kept as long as executions pin them.");
        }

        if (!ArnFormat.TryParseExecution(execution.ExecutionArn, out ExecutionKey owner))
        {
            throw new InvalidOperationException($"{execution.ExecutionArn} is not the ARN of an execution.");
        }

        byte[] payload = new byte[FixedBytes + Encoding.UTF8.GetByteCount(owner.Id)];
        Encoding.ASCII.GetBytes(owner.Tenant.Value, payload);
        BinaryPrimitives.WriteInt64LittleEndian(payload.AsSpan(TenantBytes), execution.Incarnation);
        BinaryPrimitives.WriteInt64LittleEndian(payload.AsSpan(TenantBytes + NumberBytes), task.Ordinal);
        Encoding.UTF8.GetBytes(owner.Id, payload.AsSpan(FixedBytes));
        return SignedText.Sign(key, Purpose, payload);
    }

    /// <inheritdoc/>
    public bool TryVerify(string token, [NotNullWhen(true)] out TaskTokenClaims? claims)
    {
        claims = null;
        byte[]? payload = token.Length <= limits.MaxTaskTokenLength ? SignedText.Verify(ring, Purpose, token) : null;
        if (payload is null || payload.Length <= FixedBytes || !TenantId.TryParse(Encoding.ASCII.GetString(payload, 0, TenantBytes), out TenantId tenant))
        {
            return false;
        }

        claims = new TaskTokenClaims(
            new ExecutionKey(tenant, Encoding.UTF8.GetString(payload.AsSpan(FixedBytes))),
            BinaryPrimitives.ReadInt64LittleEndian(payload.AsSpan(TenantBytes)),
            new CommandId(BinaryPrimitives.ReadInt64LittleEndian(payload.AsSpan(TenantBytes + NumberBytes))));
        return true;
    }
}
