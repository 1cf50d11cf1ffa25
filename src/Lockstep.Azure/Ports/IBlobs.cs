using Lockstep.Service.Errors;

namespace Lockstep.Azure.Ports;

/// <summary>
/// The container of bodies that are too large for a table. Names begin with the tenant. A blob, once written, is never written with other
/// content, so repeating a write changes nothing. Storage that cannot be reached throws <see cref="StorageUnavailableException"/>.
/// </summary>
public interface IBlobs
{
    /// <summary>Writes a blob; one that is there already is replaced.</summary>
    ValueTask PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation);

    /// <summary>Reads a blob; null when there is none.</summary>
    ValueTask<ReadOnlyMemory<byte>?> FindAsync(string name, CancellationToken cancellation);

    /// <summary>Removes a blob; one that is not there is no failure.</summary>
    ValueTask DeleteAsync(string name, CancellationToken cancellation);

    /// <summary>Names that begin with a prefix, ascending.</summary>
    /// <param name="prefix">The prefix.</param>
    /// <param name="maxItems">Names at most, 1 to 5,000.</param>
    /// <param name="continuation">What the page before said; null for the first.</param>
    /// <param name="cancellation">Gives up.</param>
    ValueTask<BlobPage> ListAsync(string prefix, int maxItems, string? continuation, CancellationToken cancellation);
}

/// <summary>A page of names.</summary>
/// <param name="Names">The names.</param>
/// <param name="Continuation">How to ask for the next page; null on the last one.</param>
public sealed record BlobPage(IReadOnlyList<string> Names, string? Continuation);
