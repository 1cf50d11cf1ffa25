using Lockstep.Azure.Channels;
using Lockstep.Azure.Connections;
using Lockstep.Azure.Functions;
using Lockstep.Azure.Items;
using Lockstep.Azure.Logging;
using Lockstep.Azure.Objects;
using Lockstep.Azure.Ports;
using Lockstep.Azure.Security;
using Lockstep.Azure.StateMachines;
using Lockstep.Azure.Tags;
using Lockstep.Azure.Tenancy;
using Lockstep.Service.Channels;
using Lockstep.Service.Functions;
using Lockstep.Service.Logging;
using Lockstep.Service.Objects;
using Lockstep.Service.Security;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tables;
using Lockstep.Service.Tags;
using Lockstep.Service.Tenancy;
using Lockstep.TestKit;
using Lockstep.TestKit.Azure;
using Lockstep.TestKit.Contracts;

namespace Lockstep.Azure.Storage.Tests;

/// <summary>The contract of state machines, on tables and blobs of the emulator.</summary>
public sealed class AzuriteStateMachineStoreTests(Azurite azurite) : StateMachineStoreContract
{
    protected override async Task<StoreLease<IStateMachineStore>> OpenAsync() => new(
        new TableStateMachineStore(
            await azurite.NewTablesAsync(TestContext.Current.CancellationToken),
            await azurite.NewBlobsAsync(TestContext.Current.CancellationToken),
            Retries.Once,
            new ManualTime()),
        Nothing.Instance);
}

/// <summary>The contract of versions and aliases, on tables of the emulator.</summary>
public sealed class AzuriteVersionStoreTests(Azurite azurite) : StateMachineVersionContract
{
    protected override async Task<StoreLease<VersionStores>> OpenAsync()
    {
        ITables tables = await azurite.NewTablesAsync(TestContext.Current.CancellationToken);
        var machines = new TableStateMachineStore(
            tables, await azurite.NewBlobsAsync(TestContext.Current.CancellationToken), Retries.Once, new ManualTime());
        return new StoreLease<VersionStores>(new VersionStores(machines, new TableVersionStore(tables, Retries.Once)), Nothing.Instance);
    }
}

/// <summary>The contract of functions, on tables of the emulator.</summary>
public sealed class AzuriteFunctionStoreTests(Azurite azurite) : FunctionStoreContract
{
    protected override async Task<StoreLease<IFunctionStore>> OpenAsync() =>
        new(new TableFunctionStore(await azurite.NewTablesAsync(TestContext.Current.CancellationToken), Retries.Once), Nothing.Instance);
}

/// <summary>The contract of connections, on tables of the emulator.</summary>
public sealed class AzuriteConnectionStoreTests(Azurite azurite) : ConnectionStoreContract
{
    protected override async Task<StoreLease<ConnectionStoreWorld>> OpenAsync()
    {
        AzureTables tables = await azurite.NewTablesAsync(TestContext.Current.CancellationToken);
        return new StoreLease<ConnectionStoreWorld>(
            new ConnectionStoreWorld(new TableConnectionStore(tables, Retries.Once), () => ReadAsync(tables[TableName.Connections])), Nothing.Instance);
    }

    private static async Task<byte[]> ReadAsync(ITable table)
    {
        EntityPage page = await table.QueryAsync(new EntityRange("000000000001", "", "~"), 1_000, null, TestContext.Current.CancellationToken);
        return StoredBytes.Of(page.Items);
    }
}

/// <summary>The contract of objects, on tables and blobs of the emulator.</summary>
public sealed class AzuriteObjectStoreTests(Azurite azurite) : ObjectStoreContract
{
    protected override async Task<StoreLease<IObjectStore>> OpenAsync() => new(
        new TableObjectStore(
            await azurite.NewTablesAsync(TestContext.Current.CancellationToken),
            await azurite.NewBlobsAsync(TestContext.Current.CancellationToken),
            Retries.AmongWriters,
            new ManualTime()),
        Nothing.Instance);
}

/// <summary>The contract of reading items of several objects, on tables and blobs of the emulator.</summary>
public sealed class AzuriteListedReadingTests(Azurite azurite) : ListedReadingContract
{
    protected override async Task<StoreLease<IObjectStore>> OpenAsync() => new(
        new TableObjectStore(
            await azurite.NewTablesAsync(TestContext.Current.CancellationToken),
            await azurite.NewBlobsAsync(TestContext.Current.CancellationToken),
            Retries.AmongWriters,
            new ManualTime()),
        Nothing.Instance);
}

/// <summary>The contract of queues, topics and event buses, on tables of the emulator.</summary>
public sealed class AzuriteChannelStoreTests(Azurite azurite) : ChannelStoreContract
{
    protected override async Task<StoreLease<IChannelStore>> OpenAsync() => new(
        new TableChannelStore(await azurite.NewTablesAsync(TestContext.Current.CancellationToken), Retries.AmongWriters, new ManualTime()), Nothing.Instance);
}

/// <summary>The contract of tables that tasks work on, on tables of the emulator.</summary>
public sealed class AzuriteItemTableStoreTests(Azurite azurite) : ItemTableStoreContract
{
    protected override async Task<StoreLease<ITableStore>> OpenAsync() => new(
        new ItemTableStore(await azurite.NewTablesAsync(TestContext.Current.CancellationToken), Retries.AmongWriters, new ManualTime()), Nothing.Instance);
}

/// <summary>The contract of changed tags, on tables of the emulator.</summary>
public sealed class AzuriteTagStoreTests(Azurite azurite) : TagStoreContract
{
    protected override async Task<StoreLease<ITagStore>> OpenAsync() =>
        new(new TableTagStore(await azurite.NewTablesAsync(TestContext.Current.CancellationToken), Retries.AmongWriters), Nothing.Instance);
}

/// <summary>The contract of log events, on tables of the emulator.</summary>
public sealed class AzuriteLogStoreTests(Azurite azurite) : LogStoreContract
{
    protected override async Task<StoreLease<ILogStore>> OpenAsync() => new(
        new TableLogStore(
            await azurite.NewTablesAsync(TestContext.Current.CancellationToken), Retries.AmongWriters, new ManualTime(), TimeSpan.FromDays(90)),
        Nothing.Instance);
}

/// <summary>The contract of tenants and their keys, on tables of the emulator.</summary>
public sealed class AzuriteTenantStoreTests(Azurite azurite) : TenantStoreContract
{
    protected override async Task<StoreLease<ITenantStore>> OpenAsync() =>
        new(new TableTenantStore(await azurite.NewTablesAsync(TestContext.Current.CancellationToken), Retries.Once), Nothing.Instance);
}

/// <summary>The contract of signing keys, on tables of the emulator. Key Vault has none.</summary>
public sealed class AzuriteSigningKeyStoreTests(Azurite azurite) : SigningKeyStoreContract
{
    protected override async Task<StoreLease<ISigningKeyStore>> OpenAsync() => new(
        new VaultSigningKeyStore(new MemoryAzure().Secrets, await azurite.NewTablesAsync(TestContext.Current.CancellationToken), Retries.Once),
        Nothing.Instance);
}

/// <summary>The emulator does not fail, so that nothing is tried again.</summary>
internal static class Retries
{
    /// <summary>Whoever comes in between writers of one row lets them try again.</summary>
    public static StorageRetry AmongWriters { get; } =
        new(new StorageRetryOptions { MaxAttempts = 100, FirstDelay = TimeSpan.Zero, MaxDelay = TimeSpan.Zero }, new ManualTime());

    public static StorageRetry Once { get; } = new(new StorageRetryOptions { MaxAttempts = 1 }, new ManualTime());
}
