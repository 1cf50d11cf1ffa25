namespace Lockstep.Service.Errors;

/// <summary>A store cannot be reached or written: broken infrastructure, not a property of the request. Hosts answer StorageUnavailable.</summary>
public class StorageUnavailableException : Exception
{
    /// <summary>Without a reason.</summary>
    public StorageUnavailableException()
    {
    }

    /// <summary>With a reason for the operator's log; callers do not see it.</summary>
    public StorageUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>With a reason and what was thrown below.</summary>
    public StorageUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
