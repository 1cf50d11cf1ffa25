namespace Lockstep.Embedded.Hosting;

/// <summary>Where the driver tells the operator what no caller can be told.</summary>
public interface IEmbeddedLog
{
    /// <summary>Something needs the operator's attention; the service goes on.</summary>
    void Warn(string message, Exception? cause = null);
}

/// <summary>Writes one line for each message to standard error.</summary>
public sealed class StandardErrorLog : IEmbeddedLog
{
    /// <inheritdoc/>
    public void Warn(string message, Exception? cause = null) =>
        Console.Error.WriteLine(cause is null ? $"warning: {message}" : $"warning: {message}: {cause}");
}
