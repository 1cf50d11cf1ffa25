using Lockstep.Asl.Diagnostics;

namespace Lockstep.Asl.Tests;

/// <summary>Each limit of definitions, at the limit and one beyond it.</summary>
public sealed class LimitTests
{
    [Theory]
    [InlineData(80, null)]
    [InlineData(81, DiagnosticCodes.InvalidStateName)]
    [InlineData(0, DiagnosticCodes.InvalidStateName)]
    public void State_names_have_1_to_80_characters(int length, string? code)
    {
        string name = new('n', length);
        AssertOnly(code, """{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"NAME"},"NAME":{"Type":"Succeed"}}}"""
            .Replace("NAME", name, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(40, null)]
    [InlineData(41, DiagnosticCodes.InvalidLabelName)]
    [InlineData(0, DiagnosticCodes.InvalidLabelName)]
    public void Labels_have_1_to_40_characters(int length, string? code) => AssertOnly(code, Labelled(new string('l', length)));

    [Theory]
    [InlineData("a.b-c_d")]
    [InlineData("a b", DiagnosticCodes.InvalidLabelName)]
    [InlineData("a/b", DiagnosticCodes.InvalidLabelName)]
    [InlineData("second", DiagnosticCodes.DuplicateLabelName)]
    public void Labels_have_no_special_characters_and_are_unique(string label, string? code = null) => AssertOnly(code, Labelled(label));

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, DiagnosticCodes.DefinitionTooLarge)]
    public void Definitions_have_at_most_1_MiB(int excess, string? code)
    {
        const string Template = """{"Comment":"#","StartAt":"A","States":{"A":{"Type":"Succeed"}}}""";
        int length = AslLimits.Default.MaxDefinitionBytes - (Template.Length - 1) + excess;
        AssertOnly(code, Template.Replace("#", new string('x', length), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(196, null)]
    [InlineData(197, DiagnosticCodes.InvalidJson)]
    public void Definitions_nest_at_most_200_levels(int levelsBelowState, string? code)
    {
        // The machine, States, the state and Result's holder make up the rest.
        string nested = new string('[', levelsBelowState + 1) + new string(']', levelsBelowState + 1);
        AssertOnly(code, """{"StartAt":"A","States":{"A":{"Type":"Pass","Result":NESTED,"End":true}}}"""
            .Replace("NESTED", nested, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(80, null)]
    [InlineData(81, DiagnosticCodes.InvalidVariableName)]
    public void Variable_names_have_at_most_80_characters(int length, string? code)
    {
        string name = new('v', length);
        AssertOnly(code, """{"StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"NAME":1},"End":true}}}"""
            .Replace("NAME", name, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(3, null)]
    [InlineData(4, DiagnosticCodes.TooManyStates)]
    public void States_are_counted(int count, string? code)
    {
        string states = string.Join(',', Enumerable.Range(0, count).Select(i => $$"""
            "S{{i}}":{"Type":"Pass","Next":"S{{(i + 1) % count}}"}
            """));
        var options = new AslOptions { Limits = new AslLimits { MaxStates = 3 } };
        AssertOnly(code, """{"StartAt":"S0","States":{STATES}}""".Replace("STATES", states, StringComparison.Ordinal), options);
    }

    [Theory]
    [InlineData(100, false)]
    [InlineData(101, true)]
    public void At_most_100_diagnostics_are_reported(int problems, bool isTruncated)
    {
        string fields = string.Concat(Enumerable.Range(0, problems).Select(i => $",\"Unknown{i}\":1"));
        AslParseResult result = AslParser.Parse(
            """{"StartAt":"A","States":{"A":{"Type":"Succeed"}}FIELDS}""".Replace("FIELDS", fields, StringComparison.Ordinal));
        Assert.Equal(isTruncated ? 101 : 100, result.Diagnostics.Length);
        Assert.Equal(isTruncated, result.Diagnostics[^1].Code == DiagnosticCodes.TooManyDiagnostics);
        Assert.False(result.IsValid);
    }

    private static string Labelled(string label) => """
        {"StartAt":"First","States":{"First":FIRST,"Second":SECOND}}
        """
        .Replace("FIRST", DistributedMap(label, "A", "\"Next\":\"Second\""), StringComparison.Ordinal)
        .Replace("SECOND", DistributedMap("second", "B", "\"End\":true"), StringComparison.Ordinal);

    private static string DistributedMap(string label, string child, string transition) => """
        {"Type":"Map","Label":"LABEL",TRANSITION,"ItemProcessor":{
          "ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"CHILD","States":{"CHILD":{"Type":"Succeed"}}}}
        """
        .Replace("LABEL", label, StringComparison.Ordinal)
        .Replace("TRANSITION", transition, StringComparison.Ordinal)
        .Replace("CHILD", child, StringComparison.Ordinal);

    private static void AssertOnly(string? code, string definition, AslOptions? options = null)
    {
        AslParseResult result = AslParser.Parse(definition, options);
        Assert.Equal(code is null ? [] : [code], result.Diagnostics.Select(diagnostic => diagnostic.Code).Distinct());
        Assert.Equal(code is null, result.IsValid);
    }
}
