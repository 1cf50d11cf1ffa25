using Lockstep.Azure.Channels;
using Lockstep.Azure.Connections;
using Lockstep.Azure.Functions;
using Lockstep.Azure.Items;
using Lockstep.Azure.Logging;
using Lockstep.Azure.Objects;
using Lockstep.Azure.Ports;
using Lockstep.Azure.Security;
using Lockstep.Azure.StateMachines;
using Lockstep.Azure.Storage;
using Lockstep.Azure.Tags;
using Lockstep.Azure.Tenancy;
using Lockstep.Azure.Tests.Fakes;
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

namespace Lockstep.Azure.Tests.Storage;

/// <summary>The contracts of stores, on the stores over tables.</summary>
public sealed class TableStateMachineStoreTests : StateMachineStoreContract
{
    protected override Task<StoreLease<IStateMachineStore>> OpenAsync() => Stores.Calm(Stores.Machines);
}

/// <inheritdoc cref="TableStateMachineStoreTests"/>
public sealed class TableStateMachineStoreUnderFaultsTests : StateMachineStoreContract
{
    protected override Task<StoreLease<IStateMachineStore>> OpenAsync() => Stores.Faulty(Stores.Machines);
}

/// <inheritdoc cref="TableStateMachineStoreTests"/>
public sealed class TableVersionStoreTests : StateMachineVersionContract
{
    protected override Task<StoreLease<VersionStores>> OpenAsync() => Stores.Calm(Stores.Versions);
}

/// <inheritdoc cref="TableStateMachineStoreTests"/>
public sealed class TableVersionStoreUnderFaultsTests : StateMachineVersionContract
{
    protected override Task<StoreLease<VersionStores>> OpenAsync() => Stores.Faulty(Stores.Versions);
}

/// <inheritdoc cref="TableStateMachineStoreTests"/>
public sealed class TableFunctionStoreTests : FunctionStoreContract
{
    protected override Task<StoreLease<IFunctionStore>> OpenAsync() => Stores.Calm(Stores.Functions);
}

/// <inheritdoc cref="TableStateMachineStoreTests"/>
public sealed class TableFunctionStoreUnderFaultsTests : FunctionStoreContract
{
    protected override Task<StoreLease<IFunctionStore>> OpenAsync() => Stores.Faulty(Stores.Functions);
}

/// <inheritdoc cref="TableStateMachineStoreTests"/>
public sealed class TableConnectionStoreTests : ConnectionStoreContract
{
    protected override Task<StoreLease<ConnectionStoreWorld>> OpenAsync() => Stores.Calm(Stores.Connections);
}

/// <inheritdoc cref="TableStateMachineStoreTests"/>
public sealed class TableConnectionStoreUnderFaultsTests : ConnectionStoreContract
{
    protected override Task<StoreLease<ConnectionStoreWorld>> OpenAsync() => Stores.Faulty(Stores.Connections);
}

/// <inheritdoc cref="TableStateMachineStoreTests"/>
public sealed class TableTenantStoreTests : TenantStoreContract
{
    protected override Task<StoreLease<ITenantStore>> OpenAsync() => Stores.Calm(Stores.Tenants);
}

/// <inheritdoc cref="TableStateMachineStoreTests"/>
public sealed class TableTenantStoreUnderFaultsTests : TenantStoreContract
{
    protected override Task<StoreLease<ITenantStore>> OpenAsync() => Stores.Faulty(Stores.Tenants);
}

/// <inheritdoc cref="TableStateMachineStoreTests"/>
public sealed class VaultSigningKeyStoreTests : SigningKeyStoreContract
{
    protected override Task<StoreLease<ISigningKeyStore>> OpenAsync() => Stores.Calm(Stores.SigningKeys);
}

/// <inheritdoc cref="TableStateMachineStoreTests"/>
public sealed class VaultSigningKeyStoreUnderFaultsTests : SigningKeyStoreContract
{
    protected override Task<StoreLease<ISigningKeyStore>> OpenAsync() => Stores.Faulty(Stores.SigningKeys);
}

/// <inheritdoc cref="TableStateMachineStoreTests"/>
public sealed class TableObjectStoreTests : ObjectStoreContract
{
    protected override Task<StoreLease<IObjectStore>> OpenAsync() => Stores.Calm(Stores.Objects);
}

/// <inheritdoc cref="TableStateMachineStoreTests"/>
public sealed class TableObjectStoreUnderFaultsTests : ObjectStoreContract
{
    protected override Task<StoreLease<IObjectStore>> OpenAsync() => Stores.Faulty(Stores.Objects);
}

/// <inheritdoc cref="TableStateMachineStoreTests"/>
public sealed class TableListedReadingTests : ListedReadingContract
{
    protected override Task<StoreLease<IObjectStore>> OpenAsync() => Stores.Calm(Stores.Objects);
}

/// <inheritdoc cref="TableStateMachineStoreTests"/>
public sealed class TableListedReadingUnderFaultsTests : ListedReadingContract
{
    protected override Task<StoreLease<IObjectStore>> OpenAsync() => Stores.Faulty(Stores.Objects);
}

/// <inheritdoc cref="TableStateMachineStoreTests"/>
public sealed class TableChannelStoreTests : ChannelStoreContract
{
    protected override Task<StoreLease<IChannelStore>> OpenAsync() => Stores.Calm(Stores.Channels);
}

/// <inheritdoc cref="TableStateMachineStoreTests"/>
public sealed class TableChannelStoreUnderFaultsTests : ChannelStoreContract
{
    protected override Task<StoreLease<IChannelStore>> OpenAsync() => Stores.Faulty(Stores.Channels);
}

/// <inheritdoc cref="TableStateMachineStoreTests"/>
public sealed class ItemTableStoreTests : ItemTableStoreContract
{
    protected override Task<StoreLease<ITableStore>> OpenAsync() => Stores.Calm(Stores.Items);
}

/// <inheritdoc cref="TableStateMachineStoreTests"/>
public sealed class ItemTableStoreUnderFaultsTests : ItemTableStoreContract
{
    protected override Task<StoreLease<ITableStore>> OpenAsync() => Stores.Faulty(Stores.Items);
}

/// <inheritdoc cref="TableStateMachineStoreTests"/>
public sealed class TableTagStoreTests : TagStoreContract
{
    protected override Task<StoreLease<ITagStore>> OpenAsync() => Stores.Calm(Stores.Tags);
}

/// <inheritdoc cref="TableStateMachineStoreTests"/>
public sealed class TableTagStoreUnderFaultsTests : TagStoreContract
{
    protected override Task<StoreLease<ITagStore>> OpenAsync() => Stores.Faulty(Stores.Tags);
}

/// <inheritdoc cref="TableStateMachineStoreTests"/>
public sealed class TableLogStoreTests : LogStoreContract
{
    protected override Task<StoreLease<ILogStore>> OpenAsync() => Stores.Calm(Stores.Logs);
}

/// <inheritdoc cref="TableStateMachineStoreTests"/>
public sealed class TableLogStoreUnderFaultsTests : LogStoreContract
{
    protected override Task<StoreLease<ILogStore>> OpenAsync() => Stores.Faulty(Stores.Logs);
}

/// <summary>Stores over the services in memory.</summary>
internal static class Stores
{
    /// <summary>Attempts without waits, more of them than the faults can spoil.</summary>
    public static StorageRetry Stubborn { get; } =
        new(new StorageRetryOptions { MaxAttempts = 100, FirstDelay = TimeSpan.Zero, MaxDelay = TimeSpan.Zero }, new ManualTime());

    public static IStateMachineStore Machines(MemoryAzure azure) => new TableStateMachineStore(azure.Tables, azure.Blobs, Stubborn, new ManualTime());

    public static VersionStores Versions(MemoryAzure azure) => new(Machines(azure), new TableVersionStore(azure.Tables, Stubborn));

    public static IFunctionStore Functions(MemoryAzure azure) => new TableFunctionStore(azure.Tables, Stubborn);

    public static ConnectionStoreWorld Connections(MemoryAzure azure) => new(
        new TableConnectionStore(azure.Tables, Stubborn), () => Task.FromResult(StoredBytes.Of(azure.Tables.All(TableName.Connections))));

    public static IObjectStore Objects(MemoryAzure azure) => new TableObjectStore(azure.Tables, azure.Blobs, Stubborn, new ManualTime());

    public static IChannelStore Channels(MemoryAzure azure) => new TableChannelStore(azure.Tables, Stubborn, new ManualTime());

    public static ITableStore Items(MemoryAzure azure) => new ItemTableStore(azure.Tables, Stubborn, new ManualTime());

    public static ITagStore Tags(MemoryAzure azure) => new TableTagStore(azure.Tables, Stubborn);

    public static ILogStore Logs(MemoryAzure azure) => new TableLogStore(azure.Tables, Stubborn, new ManualTime(), TimeSpan.FromDays(90));

    public static ITenantStore Tenants(MemoryAzure azure) => new TableTenantStore(azure.Tables, Stubborn);

    public static ISigningKeyStore SigningKeys(MemoryAzure azure) => new VaultSigningKeyStore(azure.Secrets, azure.Tables, Stubborn);

    public static Task<StoreLease<T>> Calm<T>(Func<MemoryAzure, T> open) => Task.FromResult(new StoreLease<T>(open(new MemoryAzure()), NothingToClear.Instance));

    /// <summary>Every fifth call fails, half of those after they have had their effect; and of the others, every eighth write is sent twice.</summary>
    public static Task<StoreLease<T>> Faulty<T>(Func<MemoryAzure, T> open) =>
        Task.FromResult(new StoreLease<T>(open(new MemoryAzure(new Faults(seed: 1) { SentTwiceRate = 0.1 })), NothingToClear.Instance));
}
