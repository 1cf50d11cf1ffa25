using Lockstep.Asl.Resources;
using Lockstep.Azure.Ports;
using Lockstep.Azure.StateMachines;
using Lockstep.Azure.Storage;
using Lockstep.Service.Definitions;
using Lockstep.Service.Errors;
using Lockstep.Service.Limits;
using Lockstep.Service.Naming;
using Lockstep.Service.Paging;
using Lockstep.Service.Security;
using Lockstep.Service.StateMachines;
using Lockstep.TestKit;
using Lockstep.TestKit.Azure;
using Lockstep.TestKit.Drivers;

namespace Lockstep.Azure.Tests.Storage;

/// <summary>
/// Publishing and aliases, cut off at each call to storage in turn, before it and after it, and asked for again by another process: each revision has one version, numbers
/// have no gap, and aliases route to what is there.
/// </summary>
public sealed class CutOffVersionTests
{
    private static readonly StorageRetry Once = new(new StorageRetryOptions { MaxAttempts = 1 }, new ManualTime());
    private static readonly KeyRing Ring = new([new SigningKey("k", new byte[KeyRing.SecretBytes], DateTimeOffset.UnixEpoch)]);

    /// <summary>What a client does, step by step. Each step may be asked for again.</summary>
    private static readonly Func<World, Task>[] Steps =
    [
        world => world.Machines.CreateAsync(
            HarnessSteps.Anna, new CreateStateMachineRequest("m", Definition(1)) { Publish = true, VersionDescription = "one" }, CancellationToken.None).AsTask(),
        world => world.Machines.UpdateAsync(HarnessSteps.Anna, "m", new UpdateStateMachineRequest(Definition(2), null), CancellationToken.None).AsTask(),
        world => world.Versions.PublishAsync(HarnessSteps.Anna, "m", new PublishVersionRequest(null, "two"), CancellationToken.None).AsTask(),
        world => world.Aliases.CreateAsync(
            HarnessSteps.Anna, "m", new CreateAliasRequest("live", null, [new AliasRoute(1, 90), new AliasRoute(2, 10)]), CancellationToken.None).AsTask(),
        world => world.Aliases.CreateAsync(HarnessSteps.Anna, "m", new CreateAliasRequest("old", null, [new AliasRoute(1, 100)]), CancellationToken.None).AsTask(),
        world => world.Machines.UpdateAsync(HarnessSteps.Anna, "m", new UpdateStateMachineRequest(Definition(3), null), CancellationToken.None).AsTask(),
        world => world.Versions.PublishAsync(HarnessSteps.Anna, "m", new PublishVersionRequest(null, "three"), CancellationToken.None).AsTask(),
        world => world.Aliases.UpdateAsync(
            HarnessSteps.Anna, "m", "live", new UpdateAliasRequest("new", [new AliasRoute(2, 40), new AliasRoute(3, 60)]), CancellationToken.None).AsTask(),
        world => world.Aliases.DeleteAsync(HarnessSteps.Anna, "m", "old", null, CancellationToken.None).AsTask(),
        world => world.Versions.DeleteAsync(HarnessSteps.Anna, "m", 1, CancellationToken.None).AsTask(),
        world => world.Versions.PublishAsync(HarnessSteps.Anna, "m", new PublishVersionRequest(null, "again"), CancellationToken.None).AsTask(),
    ];

    [Fact]
    public async Task Whatever_is_cut_off_anywhere_can_be_asked_for_again()
    {
        var calm = new World();
        foreach (Func<World, Task> step in Steps)
        {
            await step(calm);
        }

        string expected = await calm.ShowAsync();
        Assert.Equal("3 three 3, 2 two 2; live new 2:40 3:60; 3; rows appvv", expected);
        foreach (Fault fault in (Fault[])[Fault.BeforeEffect, Fault.AnswerLost, Fault.SentTwice])
        {
            int call = 0;
            bool isInjected;
            do
            {
                var world = new World();
                world.Azure.Faults = Faults.Once(++call, fault);
                foreach (Func<World, Task> step in Steps)
                {
                    await InsistAsync(world, step);
                }

                isInjected = world.Azure.Faults.Injected > 0;
                world.Azure.Faults = Faults.None;
                Assert.True(expected == await world.ShowAsync(), $"call {call}, {fault}: {await world.ShowAsync()}");
            }
            while (isInjected);
            Assert.InRange(call, 40, 400);
        }
    }

    private static string Definition(int number) => $$"""{"Comment":"{{number}}",""" + """ "StartAt":"A","States":{"A":{"Type":"Succeed"}}}""";

    private static async Task InsistAsync(World world, Func<World, Task> step)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await step(world);
                return;
            }
            catch (StorageUnavailableException) when (attempt < 3)
            {
                // The process was cut off; the next one is asked again.
            }
        }
    }

    /// <summary>The use cases of processes that do not try again by themselves, each with stores of its own.</summary>
    private sealed class World
    {
        private readonly ManualTime _time = new();

        public MemoryAzure Azure { get; } = new();

        public StateMachineUseCases Machines => new(
            Store, Versions, new DefinitionCompiler(ResourceCatalog.Permissive, ServiceLimits.Default), Names, Pages, ServiceLimits.Default, _time);

        public VersionUseCases Versions => new(Store, new TableVersionStore(Azure.Tables, Once), Names, Pages, ServiceLimits.Default, _time);

        public AliasUseCases Aliases => new(Store, new TableVersionStore(Azure.Tables, Once), Names, Pages, ServiceLimits.Default, _time);

        private TableStateMachineStore Store => new(Azure.Tables, Azure.Blobs, Once, _time);

        private static ResourceNames Names => new(ServiceLimits.Default);

        private static PageTokens Pages => new(Ring, ServiceLimits.Default);

        /// <summary>Versions with description and definition, newest first; aliases with routes; the definition in force; kinds of the rows of versions and aliases.</summary>
        public async Task<string> ShowAsync()
        {
            var versions = new TableVersionStore(Azure.Tables, Once);
            var page = new PageRequest(9, null);
            List<string> published = [];
            foreach (StateMachineVersion version in (await versions.ListVersionsAsync(HarnessSteps.Anna, "m", page, CancellationToken.None)).Items)
            {
                StateMachineRecord? machine = await Store.FindRevisionAsync(HarnessSteps.Anna, "m", version.RevisionId, CancellationToken.None);
                published.Add($"{version.Number} {version.Description} {NumberOf(machine)}");
            }

            IEnumerable<string> aliases = (await versions.ListAliasesAsync(HarnessSteps.Anna, "m", null, page, CancellationToken.None)).Items
                .Select(alias => $"{alias.Name} {alias.Description} {string.Join(' ', alias.Routes.Select(route => $"{route.Version}:{route.Weight}"))}");
            string rows = string.Concat(Azure.Tables.All(TableName.Machines).Select(row => row.Key.Row[0]).Where(kind => "vapd".Contains(kind, StringComparison.Ordinal)).Order());
            StateMachineRecord? inForce = await Store.FindAsync(HarnessSteps.Anna, "m", CancellationToken.None);
            return $"{string.Join(", ", published)}; {string.Join(", ", aliases)}; {NumberOf(inForce)}; rows {rows}";
        }

        private static char? NumberOf(StateMachineRecord? machine) => machine?.Definition[12];
    }
}
