using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lockstep.Engine;
using Lockstep.Service.Executions;

namespace Lockstep.Service.Effects;

/// <summary>An execution on whose behalf effects are carried out.</summary>
public interface IEffectOwner
{
    /// <summary>The execution.</summary>
    ExecutionKey Key { get; }

    /// <summary>What the idempotency keys of all its effects begin with (<see cref="EffectKeys.Of"/>).</summary>
    string EffectKeys { get; }
}

/// <summary>
/// The idempotency keys of effects: equal whenever the same attempt of the same task is carried out again, different otherwise. They show
/// nothing of the tenant or of the names, as they leave the service.
/// </summary>
public static class EffectKeys
{
    private const int DigestBytes = 16;

    /// <summary>What the keys of an execution begin with.</summary>
    /// <param name="execution">The execution.</param>
    /// <param name="run">A number that no other execution of the same key ever had.</param>
    public static string Of(ExecutionKey execution, long run)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{execution.Tenant.Value}/{execution.Id}/{run}");
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return Convert.ToHexStringLower(hash[..DigestBytes]);
    }

    /// <summary>The key of one attempt.</summary>
    /// <param name="keys">What the keys of the execution begin with.</param>
    /// <param name="task">The task.</param>
    /// <param name="attempt">0 for the first try.</param>
    public static string ForAttempt(string keys, CommandId task, int attempt) =>
        string.Create(CultureInfo.InvariantCulture, $"{keys}-{task.Ordinal}-{attempt}");
}
