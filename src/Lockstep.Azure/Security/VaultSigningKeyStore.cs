using Lockstep.Azure.Ports;
using Lockstep.Azure.Storage;
using Lockstep.Service.Security;

namespace Lockstep.Azure.Security;

/// <summary>
/// Signing keys: the secrets in the vault, named <c>signing-purpose-id</c>, and which of them are in force in the platform's partition
/// <c>platform|signing</c> of the table <c>tenants</c>. The vault cannot tell who was first, the table can; and who can write to the table still
/// knows no secret. A secret whose key came second stays in the vault, and nothing ever reads it.
/// </summary>
public sealed class VaultSigningKeyStore(ISecrets secrets, ITables tables, StorageRetry retry) : ISigningKeyStore
{
    private const string Partition = "platform|signing";
    private const string KeyKind = "k";
    private const string FirstKind = "first";
    private const string KeyIdName = "key";
    private const string CreatedName = "created";

    private readonly ITable _table = tables[TableName.Tenants];

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SigningKey>> LoadAsync(string purpose, CancellationToken cancellation) => retry.RunAsync<IReadOnlyList<SigningKey>>(
        async () => Attempt.Done<IReadOnlyList<SigningKey>>(await ReadAsync(purpose, cancellation)), cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SigningKey>> AddFirstAsync(string purpose, SigningKey key, CancellationToken cancellation) =>
        retry.RunAsync<IReadOnlyList<SigningKey>>(
            async () =>
            {
                List<SigningKey> found = await ReadAsync(purpose, cancellation);
                if (found.Count == 0)
                {
                    await secrets.PutAsync(SecretOf(purpose, key.KeyId), Convert.ToBase64String(key.Secret.Span), cancellation);
                    await _table.WriteAsync(
                        [
                            new InsertEntity(new Entity(new EntityKey(Partition, RowOf(FirstKind, purpose)))),
                            new InsertEntity(new Entity(new EntityKey(Partition, RowOf(KeyKind, purpose, key.KeyId)))
                                .With(KeyIdName, key.KeyId).With(CreatedName, key.CreatedAt)),
                        ],
                        cancellation);

                    // Refused or not: what counts is what is there now.
                    found = await ReadAsync(purpose, cancellation);
                }

                return Attempt.Done<IReadOnlyList<SigningKey>>(found);
            },
            cancellation);

    private static string RowOf(params string[] parts) => string.Join(KeyText.Separator, parts.Select(KeyText.OfName));

    private static string SecretOf(string purpose, string keyId) => $"signing-{purpose}-{keyId}";

    private async ValueTask<List<SigningKey>> ReadAsync(string purpose, CancellationToken cancellation)
    {
        List<SigningKey> keys = [];
        EntityRange range = RangeScan.OfPrefix(Partition, RowOf(KeyKind, purpose));
        await foreach (Entity row in RangeScan.AllAsync(_table, range, TableRules.MaxPageItems, cancellation))
        {
            string keyId = row.Get<string>(KeyIdName);
            string secret = await secrets.FindAsync(SecretOf(purpose, keyId), cancellation)
                ?? throw new InvalidOperationException($"The vault has no secret named '{SecretOf(purpose, keyId)}', although the key is in force. Recover it: what it signed is void without it.");
            keys.Add(new SigningKey(keyId, Convert.FromBase64String(secret), row.Get<DateTimeOffset>(CreatedName)));
        }

        return keys;
    }
}
