namespace Lockstep.Service.Security;

/// <summary>A persistent secret that signs something, named so that what it has signed can say which key to ask.</summary>
/// <param name="KeyId">1 to 32 characters of <c>a-z</c> and <c>0-9</c>, unique within its purpose.</param>
/// <param name="Secret">At least 32 random bytes. Never logged, never part of an error.</param>
/// <param name="CreatedAt">When it was drawn; the newest key of a purpose is the one in use.</param>
public sealed record SigningKey(string KeyId, ReadOnlyMemory<byte> Secret, DateTimeOffset CreatedAt)
{
    /// <summary>The id only: a key that reaches a log by mistake says nothing.</summary>
    public override string ToString() => $"SigningKey {KeyId}";
}

/// <summary>
/// Keeps signing keys, by purpose, for as long as anything they have signed may still arrive: a task token may wait for a year. Keys
/// are added and read, never replaced.
/// </summary>
public interface ISigningKeyStore
{
    /// <summary>Every key of a purpose, in any order; empty when there is none yet.</summary>
    ValueTask<IReadOnlyList<SigningKey>> LoadAsync(string purpose, CancellationToken cancellation);

    /// <summary>
    /// Adds the first key of a purpose, durably, and answers with the keys that are then there: when another process was faster,
    /// its key and not this one.
    /// </summary>
    ValueTask<IReadOnlyList<SigningKey>> AddFirstAsync(string purpose, SigningKey key, CancellationToken cancellation);
}
