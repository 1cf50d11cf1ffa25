using System.Text;
using Lockstep.Json;
using Lockstep.Service.Connections;
using Lockstep.Service.Errors;
using Lockstep.Service.Limits;
using Lockstep.Service.Naming;
using Lockstep.Service.Paging;
using Lockstep.Service.Security;
using Xunit;

namespace Lockstep.TestKit.Contracts;

/// <summary>A new, empty store of connections, and what is stored on its behalf.</summary>
/// <param name="Store">The store.</param>
/// <param name="ReadStoredAsync">All bytes that are kept where the store keeps its own.</param>
public sealed record ConnectionStoreWorld(IConnectionStore Store, Func<Task<byte[]>> ReadStoredAsync);

/// <summary>What every keeper of connections does. An adapter derives from this class and supplies a new, empty store.</summary>
public abstract class ConnectionStoreContract
{
    private const string Secret = "sekret-recognisable-0x5EC";

    private static readonly JsonObject Shown = (JsonObject)JsonValue.Parse("""{"authorizationType":"BASIC","authParameters":{"basicAuthParameters":{"username":"u"}}}""");

    /// <summary>A new, empty store; disposed by the test.</summary>
    protected abstract Task<StoreLease<ConnectionStoreWorld>> OpenAsync();

    [Fact]
    public async Task Connection_is_put_found_listed_and_deleted_within_its_tenant()
    {
        await using StoreLease<ConnectionStoreWorld> lease = await OpenAsync();
        IConnectionStore store = lease.Store.Store;
        ConnectionRecord first = New(1, "c", 1);

        Assert.Equal(new StoredConnection(first.Summary, true), await store.PutAsync(first, CancellationToken.None));
        Assert.True((await store.PutAsync(New(2, "c", 2), CancellationToken.None)).Created);

        ConnectionRecord? found = await store.FindAsync(Tenants.Of(1), "c", CancellationToken.None);
        Assert.NotNull(found);
        Assert.Equal(first.Summary, found.Summary);
        Assert.Equal(first.Shown.ToString(), found.Shown.ToString());
        Assert.Equal(first.Sealed.ToArray(), found.Sealed.ToArray());
        Assert.Null(await store.FindAsync(Tenants.Of(1), "C", CancellationToken.None));
        Assert.Null(await store.FindAsync(Tenants.Of(3), "c", CancellationToken.None));
        Assert.Equal(1, await store.CountAsync(Tenants.Of(1), CancellationToken.None));
        Assert.True(await store.DeleteAsync(Tenants.Of(1), "c", CancellationToken.None));
        Assert.False(await store.DeleteAsync(Tenants.Of(1), "c", CancellationToken.None));
        Assert.Null(await store.FindAsync(Tenants.Of(1), "c", CancellationToken.None));
        Assert.Equal(0, await store.CountAsync(Tenants.Of(1), CancellationToken.None));
        Assert.NotNull(await store.FindAsync(Tenants.Of(2), "c", CancellationToken.None));
    }

    [Fact]
    public async Task What_is_replaced_keeps_its_id_and_what_is_made_anew_has_another()
    {
        await using StoreLease<ConnectionStoreWorld> lease = await OpenAsync();
        IConnectionStore store = lease.Store.Store;
        ConnectionRecord first = New(1, "c", 1);
        ConnectionRecord second = New(1, "c", 2, Tenants.Noon.AddHours(1));
        await store.PutAsync(first, CancellationToken.None);

        StoredConnection replaced = await store.PutAsync(second, CancellationToken.None);

        ConnectionSummary expected = second.Summary with { Id = first.Summary.Id, CreatedAt = first.Summary.CreatedAt };
        Assert.Equal(new StoredConnection(expected, false), replaced);
        ConnectionRecord? found = await store.FindAsync(Tenants.Of(1), "c", CancellationToken.None);
        Assert.Equal(expected, found?.Summary);
        Assert.Equal(second.Sealed.ToArray(), found?.Sealed.ToArray());
        Assert.Equal([expected], (await store.ListAsync(Tenants.Of(1), new PageRequest(10, null), CancellationToken.None)).Items);
        Assert.Equal(1, await store.CountAsync(Tenants.Of(1), CancellationToken.None));

        await store.DeleteAsync(Tenants.Of(1), "c", CancellationToken.None);
        Assert.Equal(second.Summary, (await store.PutAsync(second, CancellationToken.None)).Summary);
    }

    [Fact]
    public async Task The_largest_connection_that_may_be_configured_is_kept_whole()
    {
        await using StoreLease<ConnectionStoreWorld> lease = await OpenAsync();
        int most = ServiceLimits.Definitions.Single(limit => limit.Name == nameof(ServiceLimits.MaxConnectionBytes)).Maximum;
        byte[] bytes = new byte[most + 128];
        new Random(1).NextBytes(bytes);
        ConnectionRecord large = New(1, "c", 1) with { Shown = JsonObject.Of("description", JsonString.Of(new string('\u00e4', most / 2))), Sealed = bytes };

        await lease.Store.Store.PutAsync(large, CancellationToken.None);
        await lease.Store.Store.PutAsync(large, CancellationToken.None);

        ConnectionRecord? found = await lease.Store.Store.FindAsync(Tenants.Of(1), "c", CancellationToken.None);
        Assert.Equal(bytes, found?.Sealed.ToArray());
        Assert.Equal(large.Shown.ToString(), found?.Shown.ToString());
        await lease.Store.Store.PutAsync(New(1, "c", 1), CancellationToken.None);
        Assert.Equal(New(1, "c", 1).Sealed.ToArray(), (await lease.Store.Store.FindAsync(Tenants.Of(1), "c", CancellationToken.None))?.Sealed.ToArray());
    }

    [Fact]
    public async Task Pages_add_up_to_the_whole_in_the_order_of_names()
    {
        await using StoreLease<ConnectionStoreWorld> lease = await OpenAsync();
        string[] names = [.. Enumerable.Range(0, 5).Select(number => $"c{number}")];
        foreach (string name in names.Reverse())
        {
            await lease.Store.Store.PutAsync(New(1, name, 1), CancellationToken.None);
        }

        for (int size = 1; size <= names.Length + 1; size++)
        {
            List<string> read = [];
            string? cursor = null;
            do
            {
                Page<ConnectionSummary> page = await lease.Store.Store.ListAsync(Tenants.Of(1), new PageRequest(size, cursor), CancellationToken.None);
                read.AddRange(page.Items.Select(connection => connection.Name));
                cursor = page.Next;
            }
            while (cursor is not null);
            Assert.Equal(names, read);
        }
    }

    [Fact]
    public async Task No_secret_is_among_the_bytes_that_are_stored()
    {
        await using StoreLease<ConnectionStoreWorld> lease = await OpenAsync();
        var limits = ServiceLimits.Default;
        var ring = new KeyRing([new SigningKey("k1", Enumerable.Range(0, 32).Select(number => (byte)number).ToArray(), Tenants.Noon)]);
        var time = new ManualTime();
        var connections = new ConnectionUseCases(
            lease.Store.Store, new SecretCipher(ring), new ArnFormat("local"), new ResourceNames(limits), new PageTokens(ring, limits), limits, allowPlainHttp: false, time);
        var body = (JsonObject)JsonValue.Parse($$$$"""
            {"authorizationType":"OAUTH_CLIENT_CREDENTIALS","authParameters":{
              "oauthParameters":{"authorizationEndpoint":"https://a.example/","httpMethod":"POST","clientParameters":{"clientId":"visible-id","clientSecret":"{{{{Secret}}}}"},
                "oauthHttpParameters":{"bodyParameters":[{"key":"b","value":"{{{{Secret}}}}"}]}},
              "invocationHttpParameters":{"headerParameters":[{"key":"H","value":"{{{{Secret}}}}"}],"queryStringParameters":[{"key":"q","value":"{{{{Secret}}}}"}]}}}
            """);

        Result<PutConnectionOutcome> put = await connections.PutAsync(Tenants.Of(1), "c", body, CancellationToken.None);

        Assert.True(put.Succeeded);
        byte[] stored = await lease.Store.ReadStoredAsync();
        Assert.True(Contains(stored, "visible-id"));
        Assert.False(Contains(stored, Secret));
        Assert.False(Contains(stored, Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret))[..24]));
        Result<OpenConnection> open = await connections.OpenAsync(Tenants.Of(1), put.Value.Connection.Arn, CancellationToken.None);
        Assert.Equal(Secret, Assert.IsType<OAuthAuthorization>(open.Value?.Settings.Authorization).ClientSecret);
    }

    private static bool Contains(byte[] stored, string text) =>
        stored.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0 || stored.AsSpan().IndexOf(Encoding.Unicode.GetBytes(text)) >= 0;

    private static ConnectionRecord New(int tenant, string name, byte mark, DateTimeOffset? at = null) => new(
        new ConnectionSummary(Tenants.Of(tenant), name, new Guid(mark, 0, 0, new byte[8]), "BASIC", at ?? Tenants.Noon, at ?? Tenants.Noon),
        Shown,
        new byte[] { mark, 1, 2 });
}
