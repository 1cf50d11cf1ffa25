namespace Lockstep.Embedded.Hosting;

/// <summary>The one error with which opening a data folder fails. Its message says what is wrong and how to mend it.</summary>
public sealed class EmbeddedStartupException : Exception
{
    /// <summary>Composes the error.</summary>
    public EmbeddedStartupException(StorageFailure failure, string message, Exception? cause = null)
        : base(message, cause) => Failure = failure;

    /// <summary>What is wrong; its number is the exit code.</summary>
    public StorageFailure Failure { get; }
}
