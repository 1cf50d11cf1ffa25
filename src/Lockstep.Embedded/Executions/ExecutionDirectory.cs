using System.Collections.Concurrent;

namespace Lockstep.Embedded.Executions;

/// <summary>The executions in memory, by number. An execution has at most one actor that takes mail.</summary>
internal sealed class ExecutionDirectory
{
    private readonly ConcurrentDictionary<long, ExecutionActor> _actors = new();

    /// <summary>Executions in memory.</summary>
    public int Count => _actors.Count;

    /// <summary>Whether an execution is in memory.</summary>
    public bool Contains(long number) => _actors.ContainsKey(number);

    /// <summary>Adds the actor of a new execution, before anybody can know of it.</summary>
    public void Add(ExecutionActor actor) => _actors[actor.Number] = actor;

    /// <summary>Takes out an actor that is gone.</summary>
    public void Remove(ExecutionActor actor) => _actors.TryRemove(KeyValuePair.Create(actor.Number, actor));

    /// <summary>Hands a mail to an execution, loading it first when it is not in memory.</summary>
    public void Post(DriverRuntime runtime, long number, Mail mail, bool inline)
    {
        while (true)
        {
            ExecutionActor actor = _actors.GetOrAdd(number, static (number, runtime) => new ExecutionActor(runtime, number), runtime);
            if (actor.TryPost(mail, inline))
            {
                return;
            }

            // It is on its way out and removes itself only after it stopped taking mail.
            Remove(actor);
        }
    }
}
