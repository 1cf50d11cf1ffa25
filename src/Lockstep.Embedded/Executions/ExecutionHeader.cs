using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lockstep.Embedded.StateMachines;
using Lockstep.Service.Executions;

namespace Lockstep.Embedded.Executions;

/// <summary>What of an execution never changes while it lives.</summary>
internal sealed record ExecutionHeader(
    long Number, long TenantNumber, ExecutionKey Key, MachineRevision Revision, ParentLink? Parent)
{
    private const int EffectKeyBytes = 16;

    private string? _effectKeys;

    /// <summary>What the idempotency keys of all its effects begin with. Computed at the first effect, which most have and some never.</summary>
    public string EffectKeys => _effectKeys ??= DigestOfKey();

    private string DigestOfKey()
    {
        // Execution numbers are never used twice within a data folder, and names are, so the number stands in for name and incarnation.
        string text = string.Create(CultureInfo.InvariantCulture, $"{Key.Tenant.Value}/{Key.Id}/{Number}");
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return Convert.ToHexStringLower(hash[..EffectKeyBytes]);
    }
}
