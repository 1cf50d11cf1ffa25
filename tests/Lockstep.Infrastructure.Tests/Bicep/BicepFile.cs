using Lockstep.TestKit;

namespace Lockstep.Infrastructure.Tests.Bicep;

/// <summary>A Bicep file of the repository.</summary>
/// <param name="Path">From the root, with forward slashes.</param>
/// <param name="Text">The text, for rules about lines and comments.</param>
/// <param name="Declarations">Its top-level statements.</param>
internal sealed record BicepFile(string Path, string Text, IReadOnlyList<BicepDeclaration> Declarations)
{
    /// <summary>The file that azd deploys.</summary>
    public static BicepFile Main => Load("infra/main.bicep");

    /// <summary>Every Bicep file, by path.</summary>
    public static IReadOnlyList<BicepFile> All { get; } = [.. Directory
        .EnumerateFiles(Repository.PathOf("infra"), "*.bicep", SearchOption.AllDirectories)
        .Select(path => System.IO.Path.GetRelativePath(Repository.Root, path).Replace(System.IO.Path.DirectorySeparatorChar, '/'))
        .Order(StringComparer.Ordinal)
        .Select(Load)];

    /// <summary>The statements of one kind.</summary>
    public IEnumerable<BicepDeclaration> Of(string keyword) => Declarations.Where(declaration => declaration.Keyword == keyword);

    /// <summary>The one statement of a kind and name.</summary>
    public BicepDeclaration The(string keyword, string name) => Of(keyword).Single(declaration => declaration.Name == name);

    /// <summary>Every resource, also those within others; the type of such a one is completed from its parent's.</summary>
    public IEnumerable<BicepDeclaration> Resources => Of("resource").SelectMany(WithChildren);

    /// <summary>The file that a module statement of this file names, from the root.</summary>
    public string PathOfModule(BicepDeclaration module) =>
        System.IO.Path.GetRelativePath(
            Repository.Root, System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Repository.PathOf(Path)) ?? "", module.Type)).Replace('\\', '/');

    /// <summary>Reads a file.</summary>
    public static BicepFile Load(string path)
    {
        string text = File.ReadAllText(Repository.PathOf(path));
        return Parse(path, text);
    }

    /// <summary>Reads a text as if it were a file.</summary>
    public static BicepFile Parse(string path, string text)
    {
        try
        {
            return new BicepFile(path, text, BicepParser.Parse(BicepLexer.Read(text)));
        }
        catch (FormatException failure)
        {
            throw new FormatException($"{path}: {failure.Message}", failure);
        }
    }

    private static IEnumerable<BicepDeclaration> WithChildren(BicepDeclaration resource)
    {
        yield return resource;
        string[] parts = resource.Type.Split('@');
        foreach (BicepDeclaration child in resource.Body.Resources)
        {
            yield return child with { Type = $"{parts[0]}/{child.Type}@{parts[1]}" };
        }
    }
}
