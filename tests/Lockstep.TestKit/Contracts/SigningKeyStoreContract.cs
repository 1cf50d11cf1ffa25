using Lockstep.Service.Security;
using Xunit;

namespace Lockstep.TestKit.Contracts;

/// <summary>What every keeper of signing keys does. An adapter derives from this class and supplies a new, empty store.</summary>
public abstract class SigningKeyStoreContract
{
    /// <summary>A new, empty store; disposed by the test.</summary>
    protected abstract Task<StoreLease<ISigningKeyStore>> OpenAsync();

    [Fact]
    public async Task First_key_of_a_purpose_wins_and_purposes_do_not_meet()
    {
        await using StoreLease<ISigningKeyStore> lease = await OpenAsync();
        Assert.Empty(await lease.Store.LoadAsync("a", CancellationToken.None));

        await lease.Store.AddFirstAsync("a", new SigningKey("k1", new byte[32], Tenants.Noon), CancellationToken.None);
        IReadOnlyList<SigningKey> second = await lease.Store.AddFirstAsync(
            "a", new SigningKey("k2", new byte[32], Tenants.Noon), CancellationToken.None);
        await lease.Store.AddFirstAsync("b", new SigningKey("k3", new byte[32], Tenants.Noon), CancellationToken.None);

        Assert.Equal("k1", Assert.Single(second).KeyId);
        SigningKey loaded = Assert.Single(await lease.Store.LoadAsync("a", CancellationToken.None));
        Assert.Equal(("k1", Tenants.Noon, 32), (loaded.KeyId, loaded.CreatedAt, loaded.Secret.Length));
    }
}
