using Lockstep.Service.Activities;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.StateMachines;

namespace Lockstep.Service.Tags;

/// <summary>Tags of state machines and activities after their creation.</summary>
/// <param name="store">Keeps them.</param>
/// <param name="limits">How many there may be.</param>
public sealed class TagUseCases(ITagStore store, ServiceLimits limits)
{
    private static readonly Dictionary<string, string> None = [];

    /// <summary>The tags of a state machine.</summary>
    public async ValueTask<IReadOnlyDictionary<string, string>> OfAsync(StateMachineRecord machine, CancellationToken cancellation) =>
        await store.FindAsync(ResourceOf(machine), cancellation) ?? machine.Tags;

    /// <summary>The tags of an activity.</summary>
    public async ValueTask<IReadOnlyDictionary<string, string>> OfAsync(ActivityRecord activity, CancellationToken cancellation) =>
        await store.FindAsync(ResourceOf(activity), cancellation) ?? None;

    /// <summary>Changes the tags of a state machine. Fails with TooManyTags.</summary>
    public ValueTask<Result<Accepted>> ChangeAsync(
        StateMachineRecord machine, IReadOnlyDictionary<string, string> set, IReadOnlyCollection<string> remove, CancellationToken cancellation) =>
        store.ChangeAsync(ResourceOf(machine), new TagChange(machine.Tags, set, remove, limits.MaxTags), cancellation);

    /// <summary>Changes the tags of an activity. Fails with TooManyTags.</summary>
    public ValueTask<Result<Accepted>> ChangeAsync(
        ActivityRecord activity, IReadOnlyDictionary<string, string> set, IReadOnlyCollection<string> remove, CancellationToken cancellation) =>
        store.ChangeAsync(ResourceOf(activity), new TagChange(None, set, remove, limits.MaxTags), cancellation);

    private static TaggedResource ResourceOf(StateMachineRecord machine) =>
        new(machine.Tenant, TaggedKind.StateMachine, machine.Name, machine.CreatedAt);

    private static TaggedResource ResourceOf(ActivityRecord activity) => new(activity.Tenant, TaggedKind.Activity, activity.Name, activity.CreatedAt);
}
