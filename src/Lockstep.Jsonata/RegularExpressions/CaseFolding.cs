namespace Lockstep.Jsonata.RegularExpressions;

/// <summary>
/// Which characters are one under the flag i: those with the same ECMAScript canonical form (Canonicalize without the flag u), which is the
/// capital letter unless that is several characters or the capital of a character beyond ASCII lies in ASCII.
/// </summary>
internal static class CaseFolding
{
    private static readonly Dictionary<char, char[]> Equivalents = FindEquivalents();

    /// <summary>The set with all characters that are the same as one of it.</summary>
    public static CharacterSet Close(CharacterSet set)
    {
        bool isOne = set.Ranges.Count == 1 && set.Ranges[0].Low == set.Ranges[0].High;
        IEnumerable<char> others = isOne
            ? Equivalents.GetValueOrDefault(set.Ranges[0].Low, [])
            : Equivalents.Where(entry => set.Contains(entry.Key)).SelectMany(entry => entry.Value);
        return CharacterSet.Of(set.Ranges.Concat(others.Select(c => (c, c))));
    }

    private static Dictionary<char, char[]> FindEquivalents()
    {
        var classes = new Dictionary<char, List<char>>();
        for (int code = 0; code <= char.MaxValue; code++)
        {
            char c = (char)code;
            char canonical = Canonicalize(c);
            if (canonical != c || char.ToLowerInvariant(c) != c)
            {
                Class(classes, canonical).Add(c);
            }
        }

        foreach ((char canonical, List<char> members) in classes)
        {
            if (!members.Contains(canonical))
            {
                members.Add(canonical);
            }
        }

        return classes.Values
            .Where(members => members.Count > 1)
            .SelectMany(members => members.Select(member => (member, others: members.Where(other => other != member).ToArray())))
            .ToDictionary(entry => entry.member, entry => entry.others);
    }

    private static List<char> Class(Dictionary<char, List<char>> classes, char canonical)
    {
        if (!classes.TryGetValue(canonical, out List<char>? members))
        {
            classes[canonical] = members = [];
        }

        return members;
    }

    private static char Canonicalize(char c)
    {
        char upper = char.ToUpperInvariant(c);
        return (c >= 128 && upper < 128) || HasCapitalOfSeveralCharacters(c) ? c : upper;
    }

    // Of the characters whose full capital form is several, these alone have a single one too (SpecialCasing.txt).
    private static bool HasCapitalOfSeveralCharacters(char c) =>
        c is (>= '\u1f80' and <= '\u1faf') or '\u1fb3' or '\u1fbc' or '\u1fc3' or '\u1fcc' or '\u1ff3' or '\u1ffc';
}
