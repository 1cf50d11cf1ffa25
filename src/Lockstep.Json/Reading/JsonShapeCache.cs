namespace Lockstep.Json;

/// <summary>
/// Gives objects with the same names in the same order one <see cref="JsonKeys"/>. A fixed number of places, as in <see
/// cref="JsonTextCache"/>.
/// </summary>
internal sealed class JsonShapeCache
{
    private const int Places = 128;
    private const int MostNames = 16;

    private readonly JsonKeys?[] _shapes = new JsonKeys?[Places];

    /// <summary>The shape with these names, all of them present; null when a name occurs twice.</summary>
    public JsonKeys? Find(ReadOnlySpan<string?> names)
    {
        if (names.Length > MostNames)
        {
            return JsonKeys.TryCreate(Present(names));
        }

        int place = Place(names);
        JsonKeys? known = _shapes[place];
        if (known is not null && AreEqual(known.Names, names))
        {
            return known;
        }

        JsonKeys? created = JsonKeys.TryCreate(Present(names));
        _shapes[place] = created ?? known;
        return created;
    }

    private static int Place(ReadOnlySpan<string?> names)
    {
        int hash = names.Length;
        foreach (string? name in names)
        {
            hash = (hash * 31) + (string.IsNullOrEmpty(name) ? 0 : name[0] + (name[^1] * 7) + name.Length);
        }

        return (hash ^ (hash >> 8)) & (Places - 1);
    }

    private static bool AreEqual(ReadOnlySpan<string> known, ReadOnlySpan<string?> names)
    {
        if (known.Length != names.Length)
        {
            return false;
        }

        for (int i = 0; i < names.Length; i++)
        {
            if (!string.Equals(known[i], names[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static string[] Present(ReadOnlySpan<string?> names)
    {
        string[] present = new string[names.Length];
        for (int i = 0; i < present.Length; i++)
        {
            present[i] = names[i] ?? throw new InvalidOperationException("A member has no name.");
        }

        return present;
    }
}
