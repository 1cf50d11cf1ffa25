namespace Lockstep.Functions.Composition;

/// <summary>The settings of the app cannot be used; the message says which and why, and never a value that could be a secret.</summary>
public sealed class InvalidSettingsException : Exception
{
    /// <summary>Without a reason.</summary>
    public InvalidSettingsException()
    {
    }

    /// <summary>With the setting and what it has to be.</summary>
    public InvalidSettingsException(string message)
        : base(message)
    {
    }

    /// <summary>With the setting and what has refused it.</summary>
    public InvalidSettingsException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
