namespace Lockstep.Engine;

/// <summary>
/// Makes the task token of an attempt. A pure function of its arguments and of a persistent key: the same token on every replay.
/// </summary>
public interface ITaskTokenIssuer
{
    /// <summary>The token of one attempt of one task of an execution.</summary>
    string Issue(ExecutionIdentity execution, CommandId task);
}
