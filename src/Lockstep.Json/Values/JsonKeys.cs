using System.Diagnostics.CodeAnalysis;

namespace Lockstep.Json;

/// <summary>
/// The names of an object in order, apart from its values, so that objects of one shape share them: replacing a member copies no names, and
/// adding the same member to the same shape finds the resulting shape again. Names are unique. Immutable but for two caches, each one
/// reference to something immutable.
/// </summary>
internal sealed class JsonKeys
{
    /// <summary>Up to this many names a linear search beats hashing.</summary>
    private const int MostLinear = 8;

    /// <summary>
    /// Longer shapes do not remember what was appended to them: the memory held on to would grow with the square of the length.
    /// </summary>
    private const int MostRemembering = 16;

    private readonly string[] _names;
    private Dictionary<string, int>? _index;
    private JsonKeys? _lastAppended;

    private JsonKeys(string[] names, long printedLength)
    {
        _names = names;
        PrintedLength = printedLength;
    }

    public static JsonKeys Empty { get; } = new([], 0);

    public int Count => _names.Length;

    /// <summary>UTF-8 bytes of all names in quotes, each with its colon.</summary>
    public long PrintedLength { get; }

    public ReadOnlySpan<string> Names => _names;

    public string this[int index] => _names[index];

    /// <summary>Takes the array over; null when a name occurs twice.</summary>
    public static JsonKeys? TryCreate(string[] names)
    {
        if (names.Length == 0)
        {
            return Empty;
        }

        long printedLength = 0;
        foreach (string name in names)
        {
            printedLength += JsonStringText.QuotedLength(name) + 1;
        }

        var keys = new JsonKeys(names, printedLength);
        return keys.HasDuplicates() ? null : keys;
    }

    public int IndexOf(string name)
    {
        string[] names = _names;
        if (names.Length > MostLinear)
        {
            return Index().TryGetValue(name, out int at) ? at : -1;
        }

        for (int i = 0; i < names.Length; i++)
        {
            if (string.Equals(names[i], name))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>
    /// As <see cref="IndexOf(string)"/>, for a caller that looks for one name in many objects, most of which have it in the same place.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <param name="hint">Where it was last time; any value is safe, and so are races on it.</param>
    public int IndexOf(string name, ref int hint)
    {
        int last = hint;
        string[] names = _names;
        if ((uint)last < (uint)names.Length && string.Equals(names[last], name))
        {
            return last;
        }

        int index = IndexOf(name);
        hint = index;
        return index;
    }

    /// <summary>These names and one more, which must not be among them.</summary>
    public JsonKeys Append(string name)
    {
        JsonKeys? last = _lastAppended;
        if (last is not null && string.Equals(last._names[^1], name))
        {
            return last;
        }

        string[] names = new string[_names.Length + 1];
        _names.CopyTo(names, 0);
        names[^1] = name;
        var appended = new JsonKeys(names, PrintedLength + JsonStringText.QuotedLength(name) + 1);
        if (names.Length <= MostRemembering)
        {
            _lastAppended = appended;
        }

        return appended;
    }

    public JsonKeys RemoveAt(int index)
    {
        string[] names = new string[_names.Length - 1];
        _names.AsSpan(0, index).CopyTo(names);
        _names.AsSpan(index + 1).CopyTo(names.AsSpan(index));
        return names.Length == 0 ? Empty : new JsonKeys(names, PrintedLength - JsonStringText.QuotedLength(_names[index]) - 1);
    }

    private bool HasDuplicates()
    {
        if (_names.Length > MostLinear)
        {
            return !TryIndex(out _index);
        }

        for (int i = 1; i < _names.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (string.Equals(_names[i], _names[j]))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private Dictionary<string, int> Index()
    {
        if (_index is null)
        {
            TryIndex(out Dictionary<string, int>? index);
            _index = index ?? throw new InvalidOperationException("An object has the same name twice.");
        }

        return _index;
    }

    private bool TryIndex([NotNullWhen(true)] out Dictionary<string, int>? index)
    {
        index = new Dictionary<string, int>(_names.Length, StringComparer.Ordinal);
        for (int i = 0; i < _names.Length; i++)
        {
            if (!index.TryAdd(_names[i], i))
            {
                index = null;
                return false;
            }
        }

        return true;
    }
}
