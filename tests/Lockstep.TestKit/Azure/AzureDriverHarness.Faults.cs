using Lockstep.Azure.Hosting;
using Lockstep.Azure.Intents;

namespace Lockstep.TestKit.Azure;

/// <content>What goes wrong behind the backs of clients, and how the harness gets over it while the clock stands still.</content>
public sealed partial class AzureDriverHarness
{
    /// <summary>Sweeps, one after the other, that may be needed until nothing is left to look at.</summary>
    private const int MaxSweeps = 20;

    private readonly BackgroundFaults? _background;
    private RepeatedCalls? _repeated;
    private AzurePlatform? _later;

    /// <summary>Calls that a test holds, with those that wait for the same call.</summary>
    private int Held => Targets.Held + (_repeated?.Waiting ?? 0);

    /// <summary>The platform as it will be hours later: its sweep finds due what has been lost now.</summary>
    private async Task ComposeLaterAsync(AzurePorts ports, AzureOptions options)
    {
        _later?.Dispose();
        _later = _background is null
            ? null
            : await AzurePlatform.OpenAsync(ports with { Time = _background.Later, Telemetry = null }, options, CancellationToken.None);
    }

    /// <summary>True when anything has gone wrong, and the sweep was there since; it has no faults of its own, as there is always one after it.</summary>
    private async Task<bool> SweepWhatWasLostAsync()
    {
        if (_background is null || _later is null || !_background.TakeLosses())
        {
            return false;
        }

        SweepStep? step = null;
        for (int sweep = 0; sweep < MaxSweeps && step is not { Postponed: 0 }; sweep++)
        {
            _background.Later.MoveOn();
            step = await SweepLaterAsync(_background, _later);
            _host.Run();
            await _process.AllHeldAsync(() => Held, CancellationToken.None);
        }

        return true;
    }

    private static async Task<SweepStep> SweepLaterAsync(BackgroundFaults background, AzurePlatform later)
    {
        background.Leave();
        return await later.Sweep.StepAsync(CancellationToken.None);
    }
}
