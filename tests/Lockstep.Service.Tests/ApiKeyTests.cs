using System.Text;
using Lockstep.Service.Tenancy;
using Lockstep.Service.Tests.Memory;

namespace Lockstep.Service.Tests;

public sealed class ApiKeyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_belongs_to_its_tenant_and_every_other_text_to_nobody()
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync();
        ApiKeys keys = platform.Service.ApiKeys;
        Assert.Equal(MemoryPlatform.Anna, await keys.VerifyAsync(platform.AnnasKey, Cancellation));
        Assert.Equal(MemoryPlatform.Bert, await keys.VerifyAsync(platform.BertsKey, Cancellation));
        string swapped = platform.AnnasKey[..^64] + platform.BertsKey[^64..];
        string[] wrong = ["", "lsk_", swapped, platform.AnnasKey + "0", platform.AnnasKey[..^1], new string('x', ApiKeyText.MaxLength + 1)];
        foreach (string text in wrong)
        {
            Assert.Null(await keys.VerifyAsync(text, Cancellation));
        }
    }

    [Fact]
    public async Task A_key_has_an_identifier_that_can_be_shown_and_its_secret_is_stored_nowhere()
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync();
        Assert.Matches("^lsk_[0-9a-f]{16}_[0-9a-f]{64}$", platform.AnnasKey);
        ApiKeyRecord record = platform.Tenants.Keys.Single(key => key.Tenant == MemoryPlatform.Anna);
        Assert.Equal(platform.AnnasKey[4..20], record.KeyId);
        Assert.DoesNotContain(platform.AnnasKey[^64..], Encoding.Latin1.GetString(record.Hash) + Convert.ToHexString(record.Hash), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_busy_client_costs_one_look_up_and_a_removed_key_stops_working_within_the_memory()
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync();
        ApiKeys keys = platform.Service.ApiKeys;
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(MemoryPlatform.Anna, await keys.VerifyAsync(platform.AnnasKey, Cancellation));
        }

        Assert.Equal(1, platform.Tenants.LookUps);
        platform.Tenants.Remove(platform.AnnasKey[4..20]);
        platform.Time.Advance(TimeSpan.FromSeconds(ApiKeys.MemorySeconds - 1));
        Assert.Equal(MemoryPlatform.Anna, await keys.VerifyAsync(platform.AnnasKey, Cancellation));
        platform.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await keys.VerifyAsync(platform.AnnasKey, Cancellation));
    }

    [Fact]
    public async Task An_operator_may_choose_the_key_of_development()
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync();
        Assert.Null(await platform.Service.ApiKeys.VerifyAsync("secret", Cancellation));
        await platform.Service.ApiKeys.AdoptAsync(MemoryPlatform.Anna, "secret", Cancellation);
        Assert.Equal(MemoryPlatform.Anna, await platform.Service.ApiKeys.VerifyAsync("secret", Cancellation));
        Assert.All(platform.Tenants.Keys, key => Assert.DoesNotContain("secret", key.KeyId, StringComparison.Ordinal));
        string longest = new('k', ApiKeyText.MaxLength);
        await platform.Service.ApiKeys.AdoptAsync(MemoryPlatform.Anna, longest, Cancellation);
        Assert.Equal(MemoryPlatform.Anna, await platform.Service.ApiKeys.VerifyAsync(longest, Cancellation));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await platform.Service.ApiKeys.AdoptAsync(MemoryPlatform.Anna, longest + "k", Cancellation));
    }
}
