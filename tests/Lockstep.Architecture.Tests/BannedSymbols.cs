using Lockstep.TestKit;

namespace Lockstep.Architecture.Tests;

/// <summary>The list that the analyzer reads, matched against the metadata of an assembly.</summary>
internal static class BannedSymbols
{
    /// <summary>The documentation ids of the list, such as <c>T:System.Random</c>.</summary>
    public static IReadOnlyList<string> All { get; } = [.. File.ReadLines(Repository.PathOf("BannedSymbols.Deterministic.txt"))
        .Select(line => line.Split(';')[0])
        .Where(id => id.Length > 0)];

    /// <summary>The banned ids that an assembly refers to.</summary>
    public static IEnumerable<string> UsedBy(AssemblyMetadata assembly) => All.Where(id => IsUsed(id[0], id[2..], assembly));

    private static bool IsUsed(char kind, string name, AssemblyMetadata assembly) => kind switch
    {
        'N' => assembly.TypeReferences.Any(type => type.StartsWith(name + ".", StringComparison.Ordinal)),
        'T' => assembly.TypeReferences.Contains(name),
        'M' => assembly.MemberReferences.Any(member => member.StartsWith(WithoutParameters(name) + "(", StringComparison.Ordinal)),
        'P' => assembly.MemberReferences.Any(member => member.StartsWith(Getter(name) + "(", StringComparison.Ordinal)),
        _ => throw new InvalidDataException($"BannedSymbols.Deterministic.txt: '{kind}:{name}' is of no kind that this test knows."),
    };

    private static string WithoutParameters(string name) => name.Split('(')[0];

    private static string Getter(string name)
    {
        int dot = name.LastIndexOf('.');
        return $"{name[..dot]}.get_{name[(dot + 1)..]}";
    }
}
