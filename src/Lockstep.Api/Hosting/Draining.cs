namespace Lockstep.Api.Hosting;

/// <summary>
/// The wish to stop. From then on /readyz says no, polls and streams end, and everything else is still answered: the host stops
/// when the last answer is out.
/// </summary>
public sealed class Draining : IDisposable
{
    private readonly CancellationTokenSource _begun = new();

    /// <summary>Cancelled when draining begins.</summary>
    public CancellationToken Begun => _begun.Token;

    /// <summary>Whether it has begun.</summary>
    public bool HasBegun => _begun.IsCancellationRequested;

    /// <summary>Begins; again is as good as once.</summary>
    public void Begin() => _begun.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _begun.Dispose();
}
