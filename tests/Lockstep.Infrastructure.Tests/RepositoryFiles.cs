using Lockstep.TestKit;
using YamlDotNet.RepresentationModel;

namespace Lockstep.Infrastructure.Tests;

/// <summary>The files of the repository that tools read, and YAML as nodes.</summary>
internal static class RepositoryFiles
{
    /// <summary>The workflows, by path from the root.</summary>
    public static IReadOnlyList<string> Workflows { get; } = [.. Directory
        .EnumerateFiles(Repository.PathOf(".github/workflows"), "*.yml")
        .Select(path => ".github/workflows/" + Path.GetFileName(path))
        .Order(StringComparer.Ordinal)];

    /// <summary>Reads a YAML file of one document.</summary>
    public static YamlMappingNode Yaml(string path)
    {
        using var reader = new StringReader(File.ReadAllText(Repository.PathOf(path)));
        var stream = new YamlStream();
        stream.Load(reader);
        return (YamlMappingNode)stream.Documents.Single().RootNode;
    }

    /// <summary>What is under a key, or null.</summary>
    public static YamlNode? At(this YamlNode? node, params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
        {
            node = node is YamlMappingNode mapping && mapping.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? value) ? value : null;
        }

        return node;
    }

    /// <summary>The entries of a mapping by their keys; none when there is no mapping.</summary>
    public static IEnumerable<(string Key, YamlNode Value)> Entries(this YamlNode? node) =>
        node is YamlMappingNode mapping ? mapping.Children.Select(entry => (entry.Key.ToString(), entry.Value)) : [];

    /// <summary>The items of a sequence; none when there is no sequence.</summary>
    public static IEnumerable<YamlNode> Items(this YamlNode? node) => node is YamlSequenceNode sequence ? sequence.Children : [];
}
