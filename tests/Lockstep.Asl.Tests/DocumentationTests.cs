using System.Reflection;
using Lockstep.Asl.Diagnostics;
using Lockstep.TestKit;

namespace Lockstep.Asl.Tests;

/// <summary>The pages about the language name every code and every limit.</summary>
public sealed class DocumentationTests
{
    public static TheoryData<string> Codes =>
        [.. typeof(DiagnosticCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(code => (string?)code.GetRawConstantValue() ?? "")];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_code_has_an_entry(string code) =>
        Assert.Contains($"\n## {code}\n", File.ReadAllText(Repository.PathOf("docs/diagnostics.md")), StringComparison.Ordinal);

    [Theory]
    [InlineData(nameof(AslLimits.MaxDefinitionBytes), "Lockstep:Limits:MaxDefinitionBytes")]
    [InlineData(nameof(AslLimits.MaxDefinitionDepth), "Lockstep:Limits:MaxDefinitionDepth")]
    [InlineData(nameof(AslLimits.MaxStates), "Lockstep:Limits:MaxStates")]
    [InlineData(nameof(AslLimits.MaxStateNameLength), "Lockstep:Limits:MaxStateNameLength")]
    [InlineData(nameof(AslLimits.MaxVariableNameLength), "Lockstep:Limits:MaxVariableNameLength")]
    [InlineData(nameof(AslLimits.MaxIntrinsicNesting), "Lockstep:Limits:MaxIntrinsicNesting")]
    [InlineData(nameof(AslLimits.MaxDiagnostics), "Lockstep:Limits:MaxDiagnostics")]
    public void Every_limit_is_in_the_table_with_its_default(string property, string key)
    {
        string text = File.ReadAllText(Repository.PathOf("docs/asl-support.md"));
        object? value = typeof(AslLimits).GetProperty(property)?.GetValue(AslLimits.Default);
        string row = Assert.Single(text.Split('\n'), line => line.Contains($"`{key}`", StringComparison.Ordinal));
        Assert.Contains(FormattableString.Invariant($"| {value:N0} |"), row, StringComparison.Ordinal);
    }
}
