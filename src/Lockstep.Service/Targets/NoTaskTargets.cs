using Lockstep.Asl.Resources;

namespace Lockstep.Service.Targets;

/// <summary>Serves nothing: for an application that calls nothing.</summary>
public sealed class NoTaskTargets : ITaskTargets
{
    /// <summary>The one there is.</summary>
    public static NoTaskTargets Instance { get; } = new();

    /// <inheritdoc/>
    public ITaskTarget? Find(TaskResource resource) => null;
}
