using System.Runtime.InteropServices;

namespace Lockstep.Cli.Run;

/// <summary>Turns the signals that ask a command to end into a cancellation, so that the command can end in its own way.</summary>
internal sealed class Interrupt : IDisposable
{
    private readonly CancellationTokenSource _asked;
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;

    /// <summary>Listens until disposal.</summary>
    public Interrupt(CancellationToken cancellation)
    {
        _asked = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Ask);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ask);
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _asked.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _asked.Dispose();
    }

    private void Ask(PosixSignalContext context)
    {
        context.Cancel = true;
        _asked.Cancel();
    }
}
