using System.Diagnostics.CodeAnalysis;
using Lockstep.Engine;

namespace Lockstep.Service.Callbacks;

/// <summary>
/// Issues and verifies task tokens: opaque, signed by persistent keys that carry an id and outlive year-long waits. Issuing is a
/// pure function, so a replay issues the same token again.
/// </summary>
public interface ITaskTokens : ITaskTokenIssuer
{
    /// <summary>The key that new executions are to use.</summary>
    string CurrentKeyId { get; }

    /// <summary>Verifies a token in constant time; false for anything that no key of ours has signed.</summary>
    bool TryVerify(string token, [NotNullWhen(true)] out TaskTokenClaims? claims);
}
