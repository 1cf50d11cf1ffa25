using Lockstep.Service.Executions;

namespace Lockstep.Embedded.Hosting;

/// <summary>Where the driver tells the operator what no caller can be told.</summary>
public interface IEmbeddedLog
{
    /// <summary>Something needs the operator's attention; the service goes on.</summary>
    /// <param name="message">What, in words that hold no payload and no credential.</param>
    /// <param name="cause">What was thrown; null for nothing.</param>
    /// <param name="execution">The execution that it concerns; null for none.</param>
    void Warn(string message, Exception? cause = null, ExecutionKey? execution = null);
}

/// <summary>Writes one line for each message to standard error.</summary>
public sealed class StandardErrorLog : IEmbeddedLog
{
    /// <inheritdoc/>
    public void Warn(string message, Exception? cause = null, ExecutionKey? execution = null)
    {
        string place = execution is { } key ? $" (execution {key.Id} of tenant {key.Tenant})" : "";
        Console.Error.WriteLine(cause is null ? $"warning: {message}{place}" : $"warning: {message}{place}: {cause}");
    }
}
