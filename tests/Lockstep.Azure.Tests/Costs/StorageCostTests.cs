using Lockstep.Asl.Resources;
using Lockstep.Azure.Tests.Storage;
using Lockstep.Json;
using Lockstep.Service.Channels;
using Lockstep.Service.Connections;
using Lockstep.Service.Definitions;
using Lockstep.Service.Errors;
using Lockstep.Service.Functions;
using Lockstep.Service.Limits;
using Lockstep.Service.Naming;
using Lockstep.Service.Paging;
using Lockstep.Service.Security;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tables;
using Lockstep.Service.Tags;
using Lockstep.Service.Tenancy;
using Lockstep.TestKit;
using Lockstep.TestKit.Azure;

namespace Lockstep.Azure.Tests.Costs;

/// <summary>docs/azure-storage.md says what each request costs in calls to storage; here they are counted.</summary>
public sealed class StorageCostTests
{
    private static readonly TenantId Tenant = TenantId.TryParse("000000000001", out TenantId tenant) ? tenant : default;
    private static readonly KeyRing Ring = new([new SigningKey("k", new byte[32], DateTimeOffset.UnixEpoch)]);

    private static readonly Dictionary<string, string> Team = new() { ["team"] = "blue" };

    private readonly MemoryAzure _azure = new();
    private readonly Dictionary<string, Cost> _counted = new(StringComparer.Ordinal);

    [Fact]
    public async Task Every_request_costs_what_is_documented_and_nothing_else_is_documented()
    {
        await CountMachinesAsync();
        await CountFunctionsAsync();
        await CountConnectionsAsync();
        await CountKeysAsync();
        await CountChannelsAsync();
        await CountItemsAsync();

        IReadOnlyDictionary<string, Cost> documented = Cost.Documented();
        Assert.Equal(
            documented.OrderBy(cost => cost.Key, StringComparer.Ordinal).Select(cost => $"{cost.Key}: {cost.Value}"),
            _counted.OrderBy(cost => cost.Key, StringComparer.Ordinal).Select(cost => $"{cost.Key}: {cost.Value}"));
    }

    private async Task CountMachinesAsync()
    {
        StateMachineUseCases warm = Machines();
        await SucceedAsync(() => warm.CreateAsync(Tenant, Create("first", Small("0")), CancellationToken.None));

        await CountAsync("create a state machine", () => warm.CreateAsync(Tenant, Create("m", Small("1")), CancellationToken.None));
        await CountAsync("create the same state machine again", () => warm.CreateAsync(Tenant, Create("m", Small("1")), CancellationToken.None));
        await CountAsync("describe a state machine", () => warm.DescribeAsync(Tenant, "m", CancellationToken.None));
        await CountAsync("describe a state machine, cold", () => Machines().DescribeAsync(Tenant, "m", CancellationToken.None));
        await CountAsync("create a state machine of more than 32 KiB", () => warm.CreateAsync(Tenant, Create("large", Large()), CancellationToken.None));
        await CountAsync("describe a state machine of more than 32 KiB, cold", () => Machines().DescribeAsync(Tenant, "large", CancellationToken.None));
        await CountAsync("update a state machine", () => warm.UpdateAsync(Tenant, "m", new UpdateStateMachineRequest(Small("2"), null), CancellationToken.None));
        await CountAsync(
            "update a state machine to more than 32 KiB", () => warm.UpdateAsync(Tenant, "m", new UpdateStateMachineRequest(Large(), null), CancellationToken.None));
        await CountAsync("list up to 999 state machines", () => warm.ListAsync(Tenant, new ListRequest(999, null), CancellationToken.None));
        var tags = new TagUseCases(Stores.Tags(_azure), ServiceLimits.Default);
        await CountAsync("change the tags of a state machine", async () =>
            await tags.ChangeAsync(await DescribedAsync(warm), Team, [], CancellationToken.None));
        await CountAsync("read the tags of a state machine", async () =>
            (Result<int>)(await tags.OfAsync(await DescribedAsync(warm), CancellationToken.None)).Count);
        await CountAsync("delete a state machine", () => warm.DeleteAsync(Tenant, "m", null, CancellationToken.None));
    }

    private static async Task<StateMachineRecord> DescribedAsync(StateMachineUseCases machines) =>
        (await machines.DescribeAsync(Tenant, "m", CancellationToken.None)).Value ?? throw new InvalidOperationException("The state machine is missing.");

    private async Task CountFunctionsAsync()
    {
        var functions = new FunctionUseCases(
            Stores.Functions(_azure), new ResourceNames(ServiceLimits.Default), Pages(), ServiceLimits.Default, allowPlainHttp: false, new ManualTime());
        await SucceedAsync(() => functions.PutAsync(Tenant, "first", "https://example.com/", CancellationToken.None));

        await CountAsync("register a function", () => functions.PutAsync(Tenant, "f", "https://example.com/", CancellationToken.None));
        await CountAsync("replace a function", () => functions.PutAsync(Tenant, "f", "https://example.com/2", CancellationToken.None));
        await CountAsync("describe a function", () => functions.DescribeAsync(Tenant, "f", CancellationToken.None));
        await CountAsync("list up to 999 functions", () => functions.ListAsync(Tenant, new ListRequest(999, null), CancellationToken.None));
        await CountAsync("delete a function", () => functions.DeleteAsync(Tenant, "f", CancellationToken.None));
    }

    private async Task CountConnectionsAsync()
    {
        var connections = new ConnectionUseCases(
            Stores.Connections(_azure).Store, new SecretCipher(Ring), new ArnFormat("local"), new ResourceNames(ServiceLimits.Default), Pages(), ServiceLimits.Default,
            allowPlainHttp: false, new ManualTime());
        await SucceedAsync(() => connections.PutAsync(Tenant, "first", Login("0"), CancellationToken.None));

        PutConnectionOutcome made = await CountAsync("make a connection", () => connections.PutAsync(Tenant, "c", Login("1"), CancellationToken.None));
        await CountAsync("replace a connection", () => connections.PutAsync(Tenant, "c", Login("2"), CancellationToken.None));
        await CountAsync("describe a connection", () => connections.DescribeAsync(Tenant, "c", CancellationToken.None));
        await CountAsync("open a connection for a call", () => connections.OpenAsync(Tenant, made.Connection.Arn, CancellationToken.None));
        await CountAsync("list up to 999 connections", () => connections.ListAsync(Tenant, new ListRequest(999, null), CancellationToken.None));
        await CountAsync("delete a connection", () => connections.DeleteAsync(Tenant, "c", CancellationToken.None));
    }

    private async Task CountKeysAsync()
    {
        ITenantStore store = Stores.Tenants(_azure);
        await store.EnsureAsync(Tenant, CancellationToken.None);
        string key = await CountAsync("issue an API key", async () => (Result<string>)await Keys(store).IssueAsync(Tenant, CancellationToken.None));
        await CountAsync(
            "verify an API key, cold",
            async () => await Keys(store).VerifyAsync(key, CancellationToken.None) is { } owner ? (Result<string>)owner.Value : new ServiceError("Refused", "refused"));
    }

    private async Task CountChannelsAsync()
    {
        var channels = new ChannelUseCases(Stores.Channels(_azure), Pages(), ServiceLimits.Default, new ManualTime());
        var queue = new ChannelPlace(Tenant, ChannelKind.Queue, "q");
        NewMessage[] ten = [.. Enumerable.Range(0, 10).Select(number => new NewMessage($"{number}", JsonObject.Empty))];
        await SucceedAsync(() => channels.CreateAsync(queue with { Name = "first" }, CancellationToken.None));

        await CountAsync("create a queue", () => channels.CreateAsync(queue, CancellationToken.None));
        await CountAsync("send a message", () => channels.SendAsync(queue, [ten[0]], CancellationToken.None));
        await CountAsync("send the same message again", () => channels.SendAsync(queue, [ten[0]], CancellationToken.None));
        await CountAsync("receive one message", () => channels.ReceiveAsync(queue, 1, 0, CancellationToken.None));
        await SucceedAsync(() => channels.SendAsync(queue, ten, CancellationToken.None));
        await CountAsync("receive ten messages", () => channels.ReceiveAsync(queue, 10, 0, CancellationToken.None));
        await CountAsync("read a page of a queue", () => channels.ReadAsync(queue, 0, null, CancellationToken.None));
        await CountAsync("delete a message", () => channels.DeleteMessageAsync(queue, "3", CancellationToken.None));
        await CountAsync("delete a queue", () => channels.DeleteAsync(queue, CancellationToken.None));
    }

    private async Task CountItemsAsync()
    {
        ITableStore store = Stores.Items(_azure);
        var table = new TablePlace(Tenant, "t");
        await store.CreateAsync(new TableRecord(table, new KeyAttribute("id", "S"), null, DateTimeOffset.UnixEpoch), CancellationToken.None);

        await CountAsync("put a new item", () => ChangeAsync("one"));
        await CountAsync("change an item", () => ChangeAsync("two"));
        await CountAsync("make the same change again", () => ChangeAsync("two"));
        await CountAsync("get an item", async () =>
            await store.FindItemAsync(table, "k", CancellationToken.None) is { } item ? (Result<JsonObject>)item : new ServiceError("Missing", "missing"));

        async ValueTask<Result<ItemChangeOutcome>> ChangeAsync(string id) => await store.ChangeItemAsync(
            table, "k", id, 9, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, _ => new ItemChange(Accepted: true, JsonObject.Empty, JsonObject.Empty), CancellationToken.None);
    }

    private async Task<T> CountAsync<T>(string request, Func<ValueTask<Result<T>>> call)
        where T : notnull
    {
        _azure.Counts.Reset();
        T answer = await SucceedAsync(call);
        _counted.Add(request, Cost.Of(_azure.Counts));
        return answer;
    }

    private static async Task<T> SucceedAsync<T>(Func<ValueTask<Result<T>>> call)
        where T : notnull
    {
        Result<T> result = await call();
        Assert.True(result.Succeeded, result.Error?.Message);
        return result.Value;
    }

    private StateMachineUseCases Machines() => new(
        Stores.Machines(_azure), Versions(), new DefinitionCompiler(ResourceCatalog.Permissive, ServiceLimits.Default), new ResourceNames(ServiceLimits.Default), Pages(),
        ServiceLimits.Default, new ManualTime());

    private VersionUseCases Versions() => new(
        Stores.Machines(_azure), Stores.Versions(_azure).Versions, new ResourceNames(ServiceLimits.Default), Pages(), ServiceLimits.Default, new ManualTime());

    private static ApiKeys Keys(ITenantStore store) => new(store, Ring, new ManualTime());

    private static PageTokens Pages() => new(Ring, ServiceLimits.Default);

    private static CreateStateMachineRequest Create(string name, string definition) => new(name, definition);

    private static JsonObject Login(string password) => (JsonObject)JsonValue.Parse(
        """{"authorizationType":"BASIC","authParameters":{"basicAuthParameters":{"username":"ann","password":"PASSWORD"}}}"""
            .Replace("PASSWORD", password, StringComparison.Ordinal));

    private static string Small(string comment) =>
        """{"StartAt":"A","States":{"A":{"Type":"Succeed"}},"Comment":"COMMENT"}""".Replace("COMMENT", comment, StringComparison.Ordinal);

    private static string Large() => Small(new string('c', 40_000));
}
