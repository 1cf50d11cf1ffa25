namespace Lockstep.Embedded.Committing;

/// <summary>The moments at which a crash is most instructive.</summary>
public enum Failpoint
{
    /// <summary>A batch is applied and not yet committed.</summary>
    BeforeCommit,

    /// <summary>A batch is on disk and nobody knows yet.</summary>
    AfterCommit,

    /// <summary>An effect has been carried out and its outcome is not yet recorded.</summary>
    AfterEffect,
}

/// <summary>Lets a crash test end the process at a chosen moment. Production passes <see cref="NoFailpoints"/>.</summary>
public interface IFailpoints
{
    /// <summary>The moment has come; returns unless the test ends the process here.</summary>
    void Hit(Failpoint failpoint);
}

/// <summary>No moment is special.</summary>
public sealed class NoFailpoints : IFailpoints
{
    /// <summary>The only one.</summary>
    public static NoFailpoints Instance { get; } = new();

    /// <inheritdoc/>
    public void Hit(Failpoint failpoint)
    {
    }
}
