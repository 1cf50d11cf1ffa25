using Lockstep.Asl;
using Lockstep.Asl.Compiled;
using Lockstep.Engine;
using Lockstep.Engine.History;
using Lockstep.Json;
using Lockstep.Targets.Outgoing;
using Lockstep.Targets.Tests.Fakes;
using Lockstep.TestKit;

namespace Lockstep.Targets.Tests.Samples;

/// <summary>Each machine under samples/ is valid against the real catalog of targets and does what its README says.</summary>
public sealed class SampleTests
{
    public static TheoryData<string> Folders => new(
        Directory.GetDirectories(Repository.PathOf("samples")).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal));

    [Fact]
    public void There_are_six() => Assert.Equal(6, Folders.Count);

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_sample_gives_the_output_that_it_promises(string folder)
    {
        SampleRun run = Pump("approved").Run(folder, Read(folder, "input.json"));

        Assert.Equal((ExecutionStatus.Succeeded, null, null), (run.Status, run.Error, run.Cause));
        Assert.Equal(Read(folder, "expected-output.json").ToString(), run.Output?.ToString());
        Assert.Equal(Enumerable.Range(1, run.History.Count).Select(id => (long)id), run.History.Select(entry => entry.Id));
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_sample_has_a_readme_that_names_its_files(string folder)
    {
        string readme = File.ReadAllText(Repository.PathOf($"samples/{folder}/README.md"));

        Assert.Contains("definition.asl.json", readme);
        Assert.Contains("input.json", readme);
    }

    [Theory]
    [InlineData("rejected", "Nobody approved order 1001.")]
    [InlineData("", "Nobody approved order 1001.")]
    public void An_order_that_is_rejected_or_forgotten_gives_its_stock_back(string decision, string cause)
    {
        SampleRun run = Pump(decision).Run("order-approval", Read("order-approval", "input.json"));

        Assert.Equal((ExecutionStatus.Failed, "OrderNotApproved", cause), (run.Status, run.Error, run.Cause));
        Assert.Contains("Release stock", Entered(run));
    }

    [Fact]
    public void A_small_order_asks_nobody()
    {
        SamplePump pump = Pump("");

        SampleRun run = pump.Run("order-approval", ((JsonObject)Read("order-approval", "input.json")).With("amount", JsonNumber.Of(999)));

        Assert.Equal(ExecutionStatus.Succeeded, run.Status);
        Assert.Empty(pump.Announcements);
    }

    [Theory]
    [InlineData(13, "Norway", "Reserve stock,Charge card,Release stock,Undone", "undone")]
    [InlineData(20, "Atlantis", "Reserve stock,Charge card,Ship,Refund card,Release stock,Undone", "undone")]
    [InlineData(20, "Norway", "Reserve stock,Charge card,Ship,Shipped", null)]
    public void The_saga_undoes_what_it_did_last_first(long amount, string country, string states, string? status)
    {
        JsonObject input = ((JsonObject)Read("order-saga", "input.json")).With("amount", JsonNumber.Of(amount)).With("country", JsonString.Of(country));

        SampleRun run = Pump("").Run("order-saga", input);

        Assert.Equal(states, string.Join(',', Entered(run)));
        Assert.Equal(status, (((JsonObject?)run.Output)?["status"] as JsonString)?.Value);
    }

    [Fact]
    public void No_more_items_are_priced_at_a_time_than_the_map_allows()
    {
        SamplePump pump = Pump("");

        SampleRun run = pump.Run("price-catalogue", Read("price-catalogue", "input.json"));

        Assert.Equal(20, pump.MostOpenTasks);
        Assert.Equal(3_000, run.History.Count(entry => entry.Type == HistoryEventType.MapIterationSucceeded));
    }

    [Fact]
    public void The_nightly_load_waits_longer_before_each_try()
    {
        SampleRun run = Pump("").Run("nightly-etl", Read("nightly-etl", "input.json"));

        Assert.Equal(3, run.History.Count(entry => entry.Type == HistoryEventType.LambdaFunctionFailed));
        Assert.True(run.History[^1].Timestamp - run.History[0].Timestamp >= TimeSpan.FromSeconds(1 + 2));
    }

    private static SamplePump Pump(string decision) => new(Load, decision);

    private static IEnumerable<string> Entered(SampleRun run) => run.History
        .Select(entry => (entry.Details as StateEnteredDetails)?.Name)
        .OfType<string>();

    private static CompiledMachine Load(string name)
    {
        string path = name == "settle-account" ? "samples/settle-accounts/settle-account.asl.json" : $"samples/{name}/definition.asl.json";
        using OutgoingHttp http = new(new TargetOptions(), new SystemNameResolver(), TimeProvider.System);
        TaskTargetRegistry registry = StandardTargets.Create(
            new TargetOptions(), http, new MemoryFunctionStore(), new MemoryMachines(), () => throw new InvalidOperationException(), TimeProvider.System,
            TenantData.Of(() => throw new InvalidOperationException()));
        AslLoadResult loaded = AslCompiler.Load(File.ReadAllText(Repository.PathOf(path)), new AslOptions { Resources = registry.Catalog });
        Assert.Empty(loaded.Diagnostics);
        return loaded.Machine ?? throw new InvalidOperationException(path);
    }

    private static JsonValue Read(string folder, string file) => JsonValue.Parse(File.ReadAllText(Repository.PathOf($"samples/{folder}/{file}")));
}
