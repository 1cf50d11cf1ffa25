using Lockstep.Asl.Diagnostics;
using Lockstep.TestKit;

namespace Lockstep.Asl.Tests;

/// <summary>
/// What a person sees for each definition under Golden/diagnostics. With LOCKSTEP_GOLDEN_UPDATE=1 the expected texts are written anew; read the
/// difference before keeping it.
/// </summary>
public sealed class DiagnosticRendererTests
{
    private const string Folder = "tests/Lockstep.Asl.Tests/Golden/diagnostics";

    public static TheoryData<string> Names =>
        [.. Directory.EnumerateFiles(Repository.PathOf(Folder), "*.asl.json").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Diagnostics_render_as_before(string name)
    {
        string text = File.ReadAllText(Repository.PathOf($"{Folder}/{name}"));
        string expectedFile = Repository.PathOf($"{Folder}/{Path.ChangeExtension(name, null)}.txt");
        string rendered = DiagnosticRenderer.Render(AslCompiler.Load(text).Diagnostics, text, name);
        if (Environment.GetEnvironmentVariable("LOCKSTEP_GOLDEN_UPDATE") == "1")
        {
            File.WriteAllText(expectedFile, rendered);
        }

        Assert.Equal(File.ReadAllText(expectedFile), rendered);
    }
}
