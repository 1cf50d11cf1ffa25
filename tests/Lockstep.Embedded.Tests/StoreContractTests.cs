using Lockstep.Embedded.Tests.Support;
using Lockstep.Service.Channels;
using Lockstep.Service.Functions;
using Lockstep.Service.Logging;
using Lockstep.Service.Objects;
using Lockstep.Service.Security;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tables;
using Lockstep.Service.Tags;
using Lockstep.Service.Tenancy;
using Lockstep.TestKit.Contracts;

namespace Lockstep.Embedded.Tests;

public sealed class SqliteStateMachineStoreTests : StateMachineStoreContract
{
    protected override async Task<StoreLease<IStateMachineStore>> OpenAsync()
    {
        TestService service = await TestService.NewAsync();
        return new StoreLease<IStateMachineStore>(service.Host.StateMachines, service);
    }
}

public sealed class SqliteVersionStoreTests : StateMachineVersionContract
{
    protected override async Task<StoreLease<VersionStores>> OpenAsync()
    {
        TestService service = await TestService.NewAsync();
        return new StoreLease<VersionStores>(new VersionStores(service.Host.StateMachines, service.Host.Versions), service);
    }
}

public sealed class SqliteFunctionStoreTests : FunctionStoreContract
{
    protected override async Task<StoreLease<IFunctionStore>> OpenAsync()
    {
        TestService service = await TestService.NewAsync();
        return new StoreLease<IFunctionStore>(service.Host.Functions, service);
    }
}

public sealed class SqliteConnectionStoreTests : ConnectionStoreContract
{
    protected override async Task<StoreLease<ConnectionStoreWorld>> OpenAsync()
    {
        TestService service = await TestService.NewAsync();
        return new StoreLease<ConnectionStoreWorld>(new ConnectionStoreWorld(service.Host.Connections, () => ReadAsync(service.Folder)), service);
    }

    /// <summary>The database, its log and whatever else has come to be there, but for the keys.</summary>
    private static async Task<byte[]> ReadAsync(string folder)
    {
        using var all = new MemoryStream();
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file).Contains("db", StringComparison.Ordinal)))
        {
            await using var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            await content.CopyToAsync(all, TestContext.Current.CancellationToken);
        }

        return all.ToArray();
    }
}

public sealed class SqliteTenantStoreTests : TenantStoreContract
{
    protected override async Task<StoreLease<ITenantStore>> OpenAsync()
    {
        TestService service = await TestService.NewAsync();
        return new StoreLease<ITenantStore>(service.Host.Tenants, service);
    }
}

public sealed class SigningKeyFileTests : SigningKeyStoreContract
{
    protected override async Task<StoreLease<ISigningKeyStore>> OpenAsync()
    {
        TestService service = await TestService.NewAsync();
        return new StoreLease<ISigningKeyStore>(service.Host.SigningKeys, service);
    }
}

public sealed class SqliteChannelStoreTests : ChannelStoreContract
{
    protected override async Task<StoreLease<IChannelStore>> OpenAsync()
    {
        TestService service = await TestService.NewAsync();
        return new StoreLease<IChannelStore>(service.Host.Channels, service);
    }
}

public sealed class SqliteTableStoreTests : ItemTableStoreContract
{
    protected override async Task<StoreLease<ITableStore>> OpenAsync()
    {
        TestService service = await TestService.NewAsync();
        return new StoreLease<ITableStore>(service.Host.Tables, service);
    }
}

public sealed class SqliteLogStoreTests : LogStoreContract
{
    protected override async Task<StoreLease<ILogStore>> OpenAsync()
    {
        TestService service = await TestService.NewAsync();
        return new StoreLease<ILogStore>(service.Host.Logs, service);
    }
}

public sealed class FileObjectStoreTests : ObjectStoreContract
{
    protected override async Task<StoreLease<IObjectStore>> OpenAsync()
    {
        TestService service = await TestService.NewAsync();
        return new StoreLease<IObjectStore>(service.Host.Objects, service);
    }
}

public sealed class FileListedReadingTests : ListedReadingContract
{
    protected override async Task<StoreLease<IObjectStore>> OpenAsync()
    {
        TestService service = await TestService.NewAsync();
        return new StoreLease<IObjectStore>(service.Host.Objects, service);
    }
}

public sealed class SqliteTagStoreTests : TagStoreContract
{
    protected override async Task<StoreLease<ITagStore>> OpenAsync()
    {
        TestService service = await TestService.NewAsync();
        return new StoreLease<ITagStore>(service.Host.Tags, service);
    }
}
