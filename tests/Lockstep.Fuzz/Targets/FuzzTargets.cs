using System.Text;
using Lockstep.TestKit;

namespace Lockstep.Fuzz.Targets;

/// <summary>Every parser that reads what a tenant sends.</summary>
public static class FuzzTargets
{
    /// <summary>All, in the order of the documentation.</summary>
    public static IReadOnlyList<IFuzzTarget> All { get; } =
    [
        new DefinitionTarget(), new JsonPathTarget(), new JsonataTarget(), new IntrinsicTarget(), new CsvTarget(), new JsonLinesTarget(), new JsonTarget(), new MockTarget(),
    ];

    /// <summary>The lines of a file of seeds, each an input.</summary>
    internal static IEnumerable<byte[]> Lines(string name) =>
        File.ReadLines(Repository.PathOf("tests/Lockstep.Fuzz/seeds/" + name)).Where(line => line.Length > 0).Select(Encoding.UTF8.GetBytes);

    /// <summary>The parts of a file of seeds, each an input; a line of four hyphens ends one.</summary>
    internal static IEnumerable<byte[]> Parts(string name) =>
        File.ReadAllText(Repository.PathOf("tests/Lockstep.Fuzz/seeds/" + name)).Split("\n----\n").Select(Encoding.UTF8.GetBytes);

    /// <summary>Files of the repository.</summary>
    internal static IEnumerable<byte[]> Files(string folder, string pattern) =>
        Directory.GetFiles(Repository.PathOf(folder), pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllBytes);

    /// <summary>Files of a corpus beside the repository; none when it is not there.</summary>
    internal static IEnumerable<byte[]> Beside(string folder) => SharedData.Find(folder) is { } path
        ? Directory.GetFiles(path, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)
        : [];
}
