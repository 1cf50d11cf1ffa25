using System.Globalization;

namespace Lockstep.Azure.Ports;

/// <summary>
/// What Azure Tables accepts (Azure documentation, "Understanding the Table service data model" and "Performing entity group
/// transactions"). Whoever breaks a rule has a defect: every adapter checks here before it sends, and throws.
/// </summary>
public static class TableRules
{
    /// <summary>Characters of a partition key or a row key.</summary>
    public const int MaxKeyLength = 512;

    /// <summary>UTF-16 characters of a text value.</summary>
    public const int MaxTextLength = 32 * 1024;

    /// <summary>Bytes of a binary value.</summary>
    public const int MaxBinaryBytes = 64 * 1024;

    /// <summary>Bytes of an entity, its keys and names included (<see cref="EntityBytes"/>).</summary>
    public const int MaxEntityBytes = 1024 * 1024;

    /// <summary>Values of an entity.</summary>
    public const int MaxProperties = 252;

    /// <summary>Characters of the name of a value.</summary>
    public const int MaxPropertyNameLength = 255;

    /// <summary>Changes of one transaction.</summary>
    public const int MaxWrites = 100;

    /// <summary>Bytes of one transaction as it travels (<see cref="TransactionBytes(IReadOnlyList{EntityWrite})"/>).</summary>
    public const int MaxTransactionBytes = 4 * 1024 * 1024;

    /// <summary>Entities of a page.</summary>
    public const int MaxPageItems = 1_000;

    private static readonly DateTimeOffset EarliestTime = new(1601, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Checks a partition key or a row key. Surrogates, too, are no part of a key: in front of them the order of the service is not certain to be ordinal.</summary>
    /// <exception cref="ArgumentException">It is too long, or has a character that keys cannot have.</exception>
    public static void CheckKey(string key)
    {
        if (key.Length > MaxKeyLength)
        {
            throw Broken($"A key has {key.Length} characters; {MaxKeyLength} are allowed.");
        }

        foreach (char c in key)
        {
            if (c is '/' or '\\' or '#' or '?' || char.IsControl(c) || char.IsSurrogate(c))
            {
                throw Broken($"A key has the character U+{(int)c:X4}: {key}");
            }
        }
    }

    /// <summary>Checks where an entity is.</summary>
    /// <exception cref="ArgumentException">A key breaks a rule.</exception>
    public static void CheckKey(EntityKey key)
    {
        CheckKey(key.Partition);
        CheckKey(key.Row);
    }

    /// <summary>Checks a range and the size of its page.</summary>
    /// <exception cref="ArgumentException">A key breaks a rule, or the size is out of range.</exception>
    public static void CheckQuery(EntityRange range, int maxItems)
    {
        CheckKey(range.Partition);
        CheckKey(range.FromRow);
        CheckKey(range.ToRow);
        if (maxItems is < 1 or > MaxPageItems)
        {
            throw Broken($"A page of {maxItems} entities was asked for; 1 to {MaxPageItems} are allowed.");
        }
    }

    /// <summary>Checks a transaction.</summary>
    /// <exception cref="ArgumentException">It is empty or too large, leaves its partition, or changes a row twice; or one of its entities breaks a rule.</exception>
    public static void CheckTransaction(IReadOnlyList<EntityWrite> writes)
    {
        if (writes.Count is < 1 or > MaxWrites)
        {
            throw Broken($"A transaction has {writes.Count} changes; 1 to {MaxWrites} are allowed.");
        }

        HashSet<string> rows = new(StringComparer.Ordinal);
        foreach (EntityWrite write in writes)
        {
            CheckKey(write.Key);
            if (write.Key.Partition != writes[0].Key.Partition)
            {
                throw Broken($"A transaction changes the partitions {writes[0].Key.Partition} and {write.Key.Partition}.");
            }

            if (!rows.Add(write.Key.Row))
            {
                throw Broken($"A transaction changes {write.Key} twice.");
            }

            if (EntityOf(write) is { } entity)
            {
                CheckEntity(entity);
            }
        }

        long bytes = TransactionBytes(writes);
        if (bytes > MaxTransactionBytes)
        {
            throw Broken($"A transaction has {bytes} bytes; {MaxTransactionBytes} are allowed.");
        }
    }

    /// <summary>Bytes of an entity as the service counts them.</summary>
    public static long EntityBytes(Entity entity)
    {
        long bytes = 4 + (2L * (entity.Key.Partition.Length + entity.Key.Row.Length));
        foreach ((string name, object value) in entity.Properties)
        {
            bytes += 8 + (2L * name.Length) + value switch
            {
                string text => 4 + (2L * text.Length),
                ReadOnlyMemory<byte> binary => 4 + binary.Length,
                bool => 1,
                _ => 8,
            };
        }

        return bytes;
    }

    /// <summary>Bytes of a transaction as it travels, never fewer than it will have for ordinary content: binaries as base64, texts as escaped JSON.</summary>
    public static long TransactionBytes(IReadOnlyList<EntityWrite> writes) => writes.Sum(TransactionBytes);

    /// <summary>The part of one change in the bytes of its transaction.</summary>
    public static long TransactionBytes(EntityWrite write)
    {
        // Headers of the part; the keys stand in its address, where a character takes up to nine bytes, and in its body.
        long bytes = 1024 + (15L * (write.Key.Partition.Length + write.Key.Row.Length));
        if (EntityOf(write) is { } entity)
        {
            foreach ((string name, object value) in entity.Properties)
            {
                // Beside the value stands the name once more, with the type.
                bytes += 64 + (2L * name.Length) + value switch
                {
                    string text => EscapedLength(text),
                    // Base64 takes 4/3; a writer of JSON may escape the plus signs in it, which are one in 64.
                    ReadOnlyMemory<byte> binary => 4 + (binary.Length * 3L / 2),
                    _ => 32,
                };
            }
        }

        return bytes;
    }

    /// <summary>The entity that a change writes; null for a deletion.</summary>
    public static Entity? EntityOf(EntityWrite write) => write switch
    {
        InsertEntity insert => insert.Entity,
        ReplaceEntity replace => replace.Entity,
        PutEntity put => put.Entity,
        DeleteEntity => null,
        _ => throw new ArgumentOutOfRangeException(nameof(write), write, "No such change."),
    };

    private static void CheckEntity(Entity entity)
    {
        if (entity.Properties.Count > MaxProperties)
        {
            throw Broken($"{entity.Key} has {entity.Properties.Count} values; {MaxProperties} are allowed.");
        }

        foreach ((string name, object value) in entity.Properties)
        {
            CheckName(entity.Key, name);
            CheckValue(entity.Key, name, value);
        }

        long bytes = EntityBytes(entity);
        if (bytes > MaxEntityBytes)
        {
            throw Broken($"{entity.Key} has {bytes} bytes; {MaxEntityBytes} are allowed.");
        }
    }

    private static void CheckName(EntityKey key, string name)
    {
        bool isIdentifier = name.Length is > 0 and <= MaxPropertyNameLength
            && (char.IsAsciiLetter(name[0]) || name[0] == '_') && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
        if (!isIdentifier || name is "PartitionKey" or "RowKey" or "Timestamp")
        {
            throw Broken($"{key} has a value of the name '{name}'; a name is an identifier of at most {MaxPropertyNameLength} characters that the service does not use itself.");
        }
    }

    private static void CheckValue(EntityKey key, string name, object value)
    {
        switch (value)
        {
            case string text when text.Length > MaxTextLength:
                throw Broken($"{name} of {key} has {text.Length} characters; {MaxTextLength} are allowed.");
            case string text when !IsWellFormed(text):
                throw Broken($"{name} of {key} has half of a surrogate pair, which does not survive UTF-8.");
            case ReadOnlyMemory<byte> binary when binary.Length > MaxBinaryBytes:
                throw Broken($"{name} of {key} has {binary.Length} bytes; {MaxBinaryBytes} are allowed.");
            case DateTimeOffset time when time < EarliestTime:
                throw Broken($"{name} of {key} is before the year 1601.");
            case string or ReadOnlyMemory<byte> or DateTimeOffset or long or bool:
                return;
            default:
                throw Broken($"{name} of {key} is of type {value.GetType()}.");
        }
    }

    private static bool IsWellFormed(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[++i])))
            {
                return false;
            }
        }

        return true;
    }

    private static long EscapedLength(string text)
    {
        long length = 2;
        foreach (char c in text)
        {
            length += char.IsAsciiLetterOrDigit(c) || c is ' ' or '-' or '_' or '.' or ':' or ',' or '{' or '}' or '[' or ']' or '/' or '$' or '(' or ')' ? 1 : 6;
        }

        return length;
    }

    private static ArgumentException Broken(FormattableString message) => new(message.ToString(CultureInfo.InvariantCulture));
}
