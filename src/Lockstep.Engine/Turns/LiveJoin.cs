using Lockstep.Engine.State;
using Lockstep.Json;

namespace Lockstep.Engine.Turns;

/// <summary>The working copy of a <see cref="Joining"/> activity: the frames a Parallel or Map state opened, and their outputs.</summary>
internal sealed class LiveJoin
{
    private readonly PersistentTable<JsonValue>.Editor _results;

    public LiveJoin(Joining saved)
    {
        Open = saved.Open.Edit();
        _results = saved.Results.Edit();
        if (saved is Iterating iterating)
        {
            Items = iterating.Items;
            EffectiveInput = iterating.EffectiveInput;
            Next = iterating.Next;
        }
    }

    private LiveJoin(JsonArray? items, JsonValue? effectiveInput)
    {
        Open = PersistentTable<long>.Empty.Edit();
        _results = PersistentTable<JsonValue>.Empty.Edit();
        Items = items;
        EffectiveInput = effectiveInput;
    }

    /// <summary>Frames still running: index of the branch or iteration to frame id.</summary>
    public PersistentTable<long>.Editor Open { get; }

    /// <summary>The array of a Map state; null for a Parallel state.</summary>
    public JsonArray? Items { get; }

    /// <summary>What <c>$</c> means in the ItemSelector; null for a Parallel state.</summary>
    public JsonValue? EffectiveInput { get; }

    /// <summary>Index of the first iteration not opened yet.</summary>
    public int Next { get; set; }

    public static LiveJoin OfBranches() => new(null, null);

    public static LiveJoin OfItems(JsonArray items, JsonValue effectiveInput) => new(items, effectiveInput);

    public void Finish(int index, JsonValue output)
    {
        Open.Remove(index);
        _results.Set(index, output);
    }

    /// <summary>The outputs in order of the index, whatever the order in which they came.</summary>
    public JsonArray Outputs()
    {
        var outputs = new JsonArrayBuilder(_results.Count);
        foreach (KeyValuePair<long, JsonValue> entry in _results.Entries())
        {
            outputs.Add(entry.Value);
        }

        return outputs.ToArray();
    }

    public Joining Save()
    {
        PersistentTable<long> open = Open.ToTable();
        PersistentTable<JsonValue> results = _results.ToTable();
        return Items is not null && EffectiveInput is not null
            ? new Iterating(open, results, Items, EffectiveInput, Next)
            : new RunningBranches(open, results);
    }
}
