using Lockstep.Asl.Resources;
using Lockstep.Embedded.Hosting;
using Lockstep.Engine;
using Lockstep.Json;
using Lockstep.Service;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Definitions;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.StateMachines;
using Lockstep.Targets.Outgoing;
using Lockstep.Targets.SampleFunctions;
using Lockstep.Targets.Tests.Fakes;
using Lockstep.TestKit;
using Microsoft.AspNetCore.Http;

namespace Lockstep.Targets.Tests.Samples;

/// <summary>
/// The durable service with the real targets: data folder, driver, registry, way out. The sample functions answer over real HTTP; whoever is
/// asked for an approval decides at once with the token in the link.
/// </summary>
internal sealed class SampleService : IAsyncDisposable
{
    private readonly string _folder;
    private readonly EmbeddedHost _host;
    private readonly OutgoingHttp _http;
    private readonly LoopbackServer _server;

    private SampleService(string folder, EmbeddedHost host, OutgoingHttp http, LoopbackServer server, LockstepService service)
    {
        _folder = folder;
        _host = host;
        _http = http;
        _server = server;
        Service = service;
    }

    public LockstepService Service { get; }

    public IEnumerable<ReceivedRequest> Calls => _server.Received;

    public static async Task<SampleService> OpenAsync(string decision)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        LockstepService? service = null;
        LockstepService Composed() => service ?? throw new InvalidOperationException("Too early.");
        LoopbackServer server = await LoopbackServer.StartAsync((context, body) => AnswerAsync(context, body, decision, service));
        TargetOptions options = new() { DevelopmentMode = true, PublicUrl = server.Url };
        var http = new OutgoingHttp(options, new SystemNameResolver(), TimeProvider.System);
        var time = new FastTime();
        string folder = Directory.CreateTempSubdirectory("lockstep-samples-").FullName;
        ServiceLimits limits = ServiceLimits.Default;
        var stored = new DefinitionCompiler(ResourceCatalog.Permissive, limits);
        EmbeddedHost host = EmbeddedHost.Open(folder, new EmbeddedSetup(
            new EmbeddedOptions(),
            time,
            machine => stored.Compile(machine.Definition, machine.Type).Machine ?? throw new InvalidOperationException(machine.Name)));
        ServiceKeys keys = await ServiceKeys.LoadAsync(host.SigningKeys, time, cancellation);
        TaskTargetRegistry targets = StandardTargets.Create(
            options, http, host.Functions, host.StateMachines, () => Composed().Executions, time,
            TenantData.Of(Composed), new MapRunTargets(host.MapRuns, host.Objects, Data.DataSteps.MapRunLimits, time));
        service = new LockstepService(
            host.PortsWith(targets.Catalog),
            keys,
            limits,
            new ServiceSettings { AllowPlainHttpFunctions = true },
            time);
        await host.Tenants.EnsureAsync(Invocations.Tenant, cancellation);
        await host.StartAsync(new TaskTokens(keys.TaskTokens, limits), targets, cancellation);
        foreach (string name in SampleCatalog.Names)
        {
            Require(await service.Functions.PutAsync(Invocations.Tenant, name, new Uri(server.Url, name).ToString(), cancellation));
        }

        return new SampleService(folder, host, http, server, service);
    }

    public async Task CreateAsync(string name, string path, Func<string, string>? edit = null)
    {
        string definition = await File.ReadAllTextAsync(Repository.PathOf(path), TestContext.Current.CancellationToken);
        Require(await Service.StateMachines.CreateAsync(
            Invocations.Tenant, new CreateStateMachineRequest(name, edit?.Invoke(definition) ?? definition), TestContext.Current.CancellationToken));
    }

    /// <summary>Starts a machine and waits for its end.</summary>
    public async Task<ExecutionRecord> RunAsync(string name, JsonValue input)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        StartOutcome started = Require(await Service.Executions.StartAsync(Invocations.Tenant, name, "run", input, parent: null, cancellation));
        using IExecutionFollower follower = Service.Changes.Follow(started.Execution.Key);
        long seen = 0;
        while (true)
        {
            ExecutionRecord record = Require(await Service.Executions.DescribeAsync(started.Execution.Key, cancellation));
            if (record.Status != ExecutionStatus.Running)
            {
                return record;
            }

            var page = Require(await Service.Executions.HistoryAfterAsync(started.Execution.Key, seen, cancellation));
            seen = page.Items.Count > 0 ? page.Items[^1].Id : seen;
            if (page.Items.Count == 0)
            {
                await follower.WaitAsync(seen, TimeSpan.FromMinutes(10), cancellation);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DrainAsync(CancellationToken.None);
        await _host.DisposeAsync();
        _http.Dispose();
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task AnswerAsync(HttpContext context, string body, string decision, LockstepService? service)
    {
        string name = context.Request.Path.Value?.Trim('/') ?? "";
        if (name == "notify-approver" && service is not null && decision.Length > 0)
        {
            // The decision arrives before the submission has been answered, which the driver has to cope with.
            string link = ((JsonString?)((JsonObject)JsonValue.Parse(body))["link"])?.Value ?? "";
            string token = Uri.UnescapeDataString(link[(link.IndexOf('=', StringComparison.Ordinal) + 1)..]);
            Require(await service.Callbacks.SucceedAsync(token, JsonObject.Of("decision", JsonString.Of(decision)), context.RequestAborted));
        }

        SampleResponse response = SampleEndpoint.Answer(name, System.Text.Encoding.UTF8.GetBytes(body), context.Request.Headers[SampleEndpoint.AttemptHeader]);
        context.Response.StatusCode = response.Status;
        context.Response.ContentType = "application/json";
        if (response.FunctionError is { } error)
        {
            context.Response.Headers[SampleEndpoint.FunctionErrorHeader] = error;
        }

        await context.Response.WriteAsync(response.Body.ToString(), context.RequestAborted);
    }

    private static T Require<T>(Result<T> result)
        where T : notnull => result.Succeeded ? result.Value : throw new InvalidOperationException($"{result.Error.Code}: {result.Error.Message}");
}
