using Lockstep.Asl.Resources;
using Lockstep.Embedded.Hosting;
using Lockstep.Embedded.Retention;
using Lockstep.Service;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Limits;
using Lockstep.Service.Telemetry;
using Lockstep.TestKit.Drivers;
using Lockstep.TestKit.Time;

namespace Lockstep.Embedded.Tests.Support;

/// <summary>The embedded host as the contracts see it.</summary>
internal sealed class EmbeddedHarness : IDriverHarness
{
    // Executions leave memory and are looked through rarely, so that a year takes few steps.
    private static readonly EmbeddedOptions _daily = new()
    {
        Retention = new RetentionOptions { Interval = TimeSpan.FromDays(1), MaxRows = 3 },
        Driver = new DriverOptions { ParkInterval = TimeSpan.FromDays(1), WakeHorizon = TimeSpan.FromDays(4), ParkAfter = TimeSpan.FromHours(1) },
    };

    private readonly TestService _service;
    private ServicePorts? _ports;
    private LockstepService? _application;

    private EmbeddedHarness(TestService service, ManualTimeProvider time)
    {
        _service = service;
        Time = time;
    }

    public ServicePorts Ports => _ports ?? throw new InvalidOperationException("The host is not open.");

    public LockstepService Service => _application ?? throw new InvalidOperationException("The host is not open.");

    public ITaskTokens Tokens => _service.Tokens;

    public ManualTimeProvider Time { get; }

    public ScriptedTargets Targets => _service.Targets;

    public ServiceTelemetry Telemetry { get; } = new(ServiceLimits.Default);

    public long Incarnation => 1;

    public bool CanCrash => true;

    public static async Task<IDriverHarness> OpenAsync()
    {
        var time = new ManualTimeProvider();
        TestService service = TestService.Closed(time, _daily);
        var harness = new EmbeddedHarness(service, time);
        service.Telemetry = harness.Telemetry;
        service.Opened = harness.ComposeAsync;
        await service.OpenAsync();
        return harness;
    }

    public Task RunUntilIdleAsync() => _service.RestAsync();

    public async Task AdvanceAsync(TimeSpan by)
    {
        DateTimeOffset target = Time.GetUtcNow() + by;
        await RunUntilIdleAsync();
        while (Time.NextDue is { } due && due <= target)
        {
            Time.Advance(due > Time.GetUtcNow() ? due - Time.GetUtcNow() : TimeSpan.Zero);
            await RunUntilIdleAsync();
        }

        Time.Advance(target - Time.GetUtcNow());
        await RunUntilIdleAsync();
    }

    public async Task ExpireAsync()
    {
        await RunUntilIdleAsync();
        await foreach (RetentionStep _ in _service.Host.Retention.StepsAsync())
        {
            // Every step counts, and none is looked at.
        }
    }

    public async Task CrashAndRestartAsync()
    {
        // Closing saves nothing: effects under way are left alone, and whatever is in memory goes with it.
        Targets.Forget();
        await _service.RestartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        Telemetry.Dispose();
    }

    private async Task ComposeAsync()
    {
        EmbeddedHost host = _service.Host;
        _ports = host.PortsWith(ResourceCatalog.Permissive);
        ServiceKeys keys = await ServiceKeys.LoadAsync(host.SigningKeys, Time, CancellationToken.None);
        _application = new LockstepService(_ports, keys, ServiceLimits.Default, new ServiceSettings(), Time);
    }
}
