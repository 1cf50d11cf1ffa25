using System.Security.Cryptography;
using System.Text;
using Lockstep.Service.Targets;

namespace Lockstep.Targets.Aws;

/// <summary>Ids of what a task makes: the same when a crash repeats the attempt, so that whoever keeps the thing keeps it once.</summary>
internal static class DerivedIds
{
    /// <summary>A UUID for one thing that an attempt makes.</summary>
    public static string Of(TaskInvocation invocation, string what)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{invocation.Execution.Tenant.Value}\n{invocation.IdempotencyKey}\n{what}"), hash);
        return new Guid(hash[..16]).ToString();
    }
}
