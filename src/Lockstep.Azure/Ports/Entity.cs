using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Lockstep.Azure.Ports;

/// <summary>Where an entity is: the partition, within which reads are consistent and writes can be atomic, and the row in it.</summary>
/// <param name="Partition">At most 512 characters; none of <c>/ \ # ?</c> and no control characters.</param>
/// <param name="Row">As the partition. Rows of a partition are ordered by ordinal comparison.</param>
public readonly record struct EntityKey(string Partition, string Row);

/// <summary>
/// One row of Azure Tables. Values are <see cref="string"/>, <see cref="long"/>, <see cref="bool"/>, <see cref="DateTimeOffset"/> or
/// <see cref="ReadOnlyMemory{T}"/> of bytes; a text has at most 32 Ki characters, a binary at most 64 KiB, an entity at most 1 MiB.
/// </summary>
/// <param name="Key">Where it is.</param>
/// <param name="Properties">Its values by name.</param>
public sealed record Entity(EntityKey Key, ImmutableDictionary<string, object> Properties)
{
    /// <summary>An entity without values.</summary>
    public Entity(EntityKey key)
        : this(key, ImmutableDictionary<string, object>.Empty)
    {
    }

    /// <summary>The version that was read; null for one that was not read from a table. Compared, never interpreted.</summary>
    public string? ETag { get; init; }

    /// <summary>The same entity with one value more; null leaves it out.</summary>
    public Entity With(string name, object? value)
    {
        if (value is not (null or string or long or bool or DateTimeOffset or ReadOnlyMemory<byte>))
        {
            throw new ArgumentException($"A value of type {value.GetType()} cannot be kept in a table.", nameof(value));
        }

        return this with { Properties = value is null ? Properties.Remove(name) : Properties.SetItem(name, value) };
    }

    /// <summary>Reads a value; false when the entity has none of that name.</summary>
    /// <exception cref="InvalidOperationException">The value has another type: the table holds what this code has not written.</exception>
    public bool TryGet<T>(string name, [MaybeNullWhen(false)] out T value)
        where T : notnull
    {
        if (!Properties.TryGetValue(name, out object? found))
        {
            value = default;
            return false;
        }

        value = found is T typed
            ? typed
            : throw new InvalidOperationException($"{name} of {Key} is of type {found.GetType()}, but has to be {typeof(T)}.");
        return true;
    }

    /// <summary>Reads a value that has to be there.</summary>
    /// <exception cref="InvalidOperationException">It is missing, or has another type.</exception>
    public T Get<T>(string name)
        where T : notnull => TryGet<T>(name, out var value) ? value : throw new InvalidOperationException($"{Key} has no {name}.");
}
