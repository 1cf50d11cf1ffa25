using Lockstep.Asl;
using Lockstep.Asl.Diagnostics;
using Lockstep.Asl.Resources;
using Lockstep.Service.Definitions;
using Lockstep.Service.Limits;

namespace Lockstep.Service.Tests;

/// <summary>The limits of definitions that an operator configures reach the compiler.</summary>
public sealed class DefinitionLimitTests
{
    [Fact]
    public void States_are_counted()
    {
        ServiceLimits limits = ServiceLimits.Default with { MaxStates = 2 };
        Assert.True(Compile(limits, Chain("a", "b")).IsValid);
        Assert.Contains(Compile(limits, Chain("a", "b", "c")).Diagnostics, diagnostic => diagnostic.Code == DiagnosticCodes.TooManyStates);
    }

    [Fact]
    public void Names_of_states_are_measured()
    {
        ServiceLimits limits = ServiceLimits.Default with { MaxStateNameLength = 3 };
        Assert.True(Compile(limits, Chain("abc")).IsValid);
        Assert.False(Compile(limits, Chain("abcd")).IsValid);
    }

    [Fact]
    public void Names_of_variables_are_measured()
    {
        ServiceLimits limits = ServiceLimits.Default with { MaxVariableNameLength = 3 };
        Assert.True(Compile(limits, Pass(""" "Assign":{"abc":1}""")).IsValid);
        Assert.False(Compile(limits, Pass(""" "Assign":{"abcd":1}""")).IsValid);
    }

    [Fact]
    public void Calls_of_intrinsic_functions_are_nested_up_to_the_limit()
    {
        ServiceLimits limits = ServiceLimits.Default with { MaxIntrinsicNesting = 2 };
        Assert.True(Compile(limits, Pass(""" "Parameters":{"x.$":"States.Array(States.Array(1))"}""")).IsValid);
        Assert.False(Compile(limits, Pass(""" "Parameters":{"x.$":"States.Array(States.Array(States.Array(1)))"}""")).IsValid);
    }

    [Fact]
    public void A_definition_is_nested_up_to_the_limit()
    {
        ServiceLimits limits = ServiceLimits.Default with { MaxDefinitionDepth = 16 };
        string Nested(int depth) => Pass($""" "Result":{new string('[', depth - 3)}{new string(']', depth - 3)}""");
        Assert.True(Compile(limits, Nested(16)).IsValid);
        Assert.False(Compile(limits, Nested(17)).IsValid);
    }

    [Fact]
    public void As_many_diagnostics_are_reported_as_may_be()
    {
        string[] broken = [.. Enumerable.Range(0, 10).Select(i => $"\"s{i}\":{{\"Type\":\"Nonsense\"}}")];
        string text = $$"""{"StartAt":"s0","States":{ {{string.Join(',', broken)}} } }""";
        int all = Compile(ServiceLimits.Default, text).Diagnostics.Length;
        Assert.Equal(all, Compile(ServiceLimits.Default with { MaxDiagnostics = all }, text).Diagnostics.Length);
        AslLoadResult cut = Compile(ServiceLimits.Default with { MaxDiagnostics = all - 1 }, text);
        Assert.Contains(cut.Diagnostics, diagnostic => diagnostic.Code == DiagnosticCodes.TooManyDiagnostics);
    }

    [Fact]
    public void What_was_stored_under_greater_limits_still_compiles()
    {
        string text = Chain([.. Enumerable.Range(0, ServiceLimits.Default.MaxStates + 1).Select(i => $"s{i}")]);
        Assert.False(Compile(ServiceLimits.Default, text).IsValid);
        Assert.True(DefinitionCompiler.ForStored().Compile(text, Service.StateMachines.WorkflowType.Standard).IsValid);
    }

    private static AslLoadResult Compile(ServiceLimits limits, string definition) =>
        new DefinitionCompiler(ResourceCatalog.Permissive, limits).Compile(definition, Service.StateMachines.WorkflowType.Standard);

    private static string Pass(string field) => $$"""{"StartAt":"P","States":{"P":{"Type":"Pass",{{field}},"End":true} } }""";

    private static string Chain(params string[] names)
    {
        IEnumerable<string> states = names.Select((name, i) =>
            $"\"{name}\":{{\"Type\":\"Pass\",{(i + 1 < names.Length ? $"\"Next\":\"{names[i + 1]}\"" : "\"End\":true")}}}");
        return $$"""{"StartAt":"{{names[0]}}","States":{ {{string.Join(',', states)}} } }""";
    }
}
