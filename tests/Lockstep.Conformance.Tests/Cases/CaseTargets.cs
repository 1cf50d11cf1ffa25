using System.Text;
using Lockstep.Embedded.Hosting;
using Lockstep.Engine.Commands;
using Lockstep.Engine.Stimuli;
using Lockstep.Json;
using Lockstep.Service;
using Lockstep.Service.Channels;
using Lockstep.Service.Effects;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.Objects;
using Lockstep.Service.Tables;
using Lockstep.Service.Targets;
using Lockstep.Service.Tenancy;
using Lockstep.Targets;
using Lockstep.Targets.Outgoing;
using Lockstep.TestKit;
using Lockstep.TestKit.Processes;

namespace Lockstep.Conformance.Tests.Cases;

/// <summary>
/// The real targets over the embedded stores, with what the setup of a case creates: queues, topics, tables and buckets. Opened at the first call.
/// Invariant: what it answers is what a tenant would get; only the ends of callbacks, which somebody outside reports, are the recording's.
/// </summary>
internal sealed class CaseTargets(ConformanceCase recorded, Placeholders placeholders) : IDisposable
{
    private const string EffectKeys = "conformance";

    /// <summary>The tenant in whose account the cases were recorded.</summary>
    public static readonly TenantId Owner = TenantId.TryParse("111111111111", out TenantId tenant) ? tenant : throw new InvalidOperationException();

    private readonly ManualTime _time = new();
    private TemporaryFolder? _folder;
    private EmbeddedHost? _host;
    private OutgoingHttp? _http;
    private LockstepService? _service;
    private TaskTargetRegistry? _registry;

    /// <summary>Calls that the real targets have answered.</summary>
    public int Answered { get; private set; }

    /// <summary>The application over the stores.</summary>
    public LockstepService Service
    {
        get
        {
            _registry ??= OpenAsync().GetAwaiter().GetResult();
            return _service ?? throw new InvalidOperationException("The stores are open without an application.");
        }
    }

    /// <summary>Whether a call is one that the real targets answer: of data that this service keeps, and not mocked by the case.</summary>
    public bool Serves(InvokeTask call) => recorded["mockConfig"] is null
        && ServiceOf(call) is "sqs" or "sns" or "events" or "s3" or "dynamodb"
        && StandardTargets.Catalog.Find(call.Resource)?.Patterns.Contains(call.Resource.Pattern) == true;

    /// <summary>Calls the target.</summary>
    /// <param name="call">The call.</param>
    /// <param name="now">The virtual time.</param>
    public Stimulus Answer(InvokeTask call, DateTimeOffset now)
    {
        TaskTargetRegistry registry = _registry ?? OpenAsync().GetAwaiter().GetResult();
        TaskOutcome outcome = TaskCalls.InvokeAsync(
            registry,
            call,
            new ExecutionKey(Owner, "Machine:Exec"),
            EffectKeys,
            static (message, defect) => throw new InvalidOperationException(message, defect),
            CancellationToken.None).AsTask().GetAwaiter().GetResult();
        Answered++;
        return TaskCalls.ToStimulus(call, outcome, now);
    }

    public void Dispose()
    {
        _host?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _http?.Dispose();
        _folder?.Dispose();
    }

    private static string ServiceOf(InvokeTask call)
    {
        string service = call.Resource.Service;
        return service.StartsWith("aws-sdk:", StringComparison.Ordinal) ? service["aws-sdk:".Length..] : service;
    }

    private async Task<TaskTargetRegistry> OpenAsync()
    {
        _folder = new TemporaryFolder();
        _host = EmbeddedHost.Open(_folder.Path, new EmbeddedSetup(
            new EmbeddedOptions(), _time, machine => throw new InvalidOperationException($"No execution of {machine.Name} runs here.")));
        var options = new TargetOptions { Region = "us-east-1" };
        _http = new OutgoingHttp(options, new SystemNameResolver(), _time);
        LockstepService Composed() => _service ?? throw new InvalidOperationException("A target was called too early.");
        _registry = StandardTargets.Create(
            options,
            _http,
            _host.Functions,
            _host.StateMachines,
            () => Composed().Executions,
            _time,
            TenantData.Of(Composed));
        ServiceKeys keys = await ServiceKeys.LoadAsync(_host.SigningKeys, _time, CancellationToken.None);
        _service = new LockstepService(
            _host.PortsWith(_registry.Catalog) with { Targets = _registry },
            keys,
            ServiceLimits.Default,
            new ServiceSettings { Region = options.Region },
            _time);
        foreach (JsonObject step in (recorded["setup"] as JsonArray ?? JsonArray.Empty).OfType<JsonObject>())
        {
            await PrepareAsync(_service, Text(step, "op"), (JsonObject)placeholders.Substitute(step["args"] ?? JsonObject.Empty));
        }

        return _registry;
    }

    private async Task PrepareAsync(LockstepService service, string operation, JsonObject arguments)
    {
        switch (operation)
        {
            case "sqs_create_queue":
                await CreateAsync(service, ChannelKind.Queue, "$SQS_");
                break;
            case "sns_create_topic":
                await CreateAsync(service, ChannelKind.Topic, "$SNS_");
                break;
            case "s3_create_bucket":
                // A bucket is there once something is in it.
                await PutAsync(service, Text(arguments, "Bucket"), "lockstep/conformance", "");
                break;
            case "put_object":
                await PutAsync(service, Text(arguments, "Bucket"), Text(arguments, "Key"), Text(arguments, "Body"));
                break;
            case "dynamodb_create_table":
                Require(await service.Tables.CreateAsync(
                    new TablePlace(Owner, Text(arguments, "table_name")), new KeyAttribute(Text(arguments, "partition_key"), "S"), null, CancellationToken.None));
                break;
            default:
                break; // What happens outside the service: rules, subscriptions, those who receive and report.
        }
    }

    /// <summary>The fixtures name what they create only by the placeholders that the case has for it.</summary>
    private async Task CreateAsync(LockstepService service, ChannelKind kind, string prefix)
    {
        IEnumerable<string> names = (recorded["bindings"] as JsonObject ?? JsonObject.Empty)
            .Select(binding => binding.Name)
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(placeholders.Substitute)
            .Select(value => value[(value.LastIndexOfAny(['/', ':']) + 1)..])
            .Distinct();
        foreach (string name in names)
        {
            Require(await service.Channels.CreateAsync(new ChannelPlace(Owner, kind, name), CancellationToken.None));
        }
    }

    private static async Task PutAsync(LockstepService service, string bucket, string key, string body)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(body));
        Require(await service.Objects.PutAsync(new ObjectPlace(Owner, bucket, key), null, content, CancellationToken.None));
    }

    private static void Require<T>(Service.Errors.Result<T> result)
        where T : notnull
    {
        if (!result.Succeeded)
        {
            throw new InvalidDataException($"The setup of the case is refused: {result.Error.Message}");
        }
    }

    private static string Text(JsonObject json, string name) =>
        (json[name] as JsonString)?.Value ?? throw new InvalidDataException($"A step of the setup has no {name}: {json}");
}
