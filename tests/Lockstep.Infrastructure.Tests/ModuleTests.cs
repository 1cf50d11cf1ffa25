using System.Text.Json;
using System.Text.RegularExpressions;
using Lockstep.Infrastructure.Tests.Bicep;
using Lockstep.TestKit;

namespace Lockstep.Infrastructure.Tests;

/// <summary>The Bicep files fit together: what a compiler says first, said where there is none.</summary>
public sealed partial class ModuleTests
{
    [Fact]
    public void Every_module_that_is_used_is_there_and_every_file_is_used() =>
        Assert.Equal(
            BicepFile.All.Select(file => file.Path).Where(path => path != "infra/main.bicep"),
            BicepFile.Main.Of("module").Select(BicepFile.Main.PathOfModule).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Every_module_gets_the_parameters_it_declares_and_no_other()
    {
        foreach (BicepDeclaration module in BicepFile.Main.Of("module"))
        {
            BicepFile file = BicepFile.Load(BicepFile.Main.PathOfModule(module));
            string[] passed = [.. module.Body["params"]?.Object?.Names ?? []];
            string[] required = [.. file.Of("param").Where(parameter => parameter.Value is null).Select(parameter => parameter.Name)];
            string[] declared = [.. file.Of("param").Select(parameter => parameter.Name)];

            Findings.None(required.Except(passed).Select(name => $"{module.Name} does not get {name}"));
            Findings.None(passed.Except(declared).Select(name => $"{module.Name} gets {name}, which it does not declare"));
            Assert.Equal(passed.Length, passed.Distinct().Count());
        }
    }

    [Fact]
    public void Every_output_that_is_read_is_declared()
    {
        Dictionary<string, string[]> outputs = BicepFile.Main.Of("module").ToDictionary(
            module => module.Name,
            module => BicepFile.Load(BicepFile.Main.PathOfModule(module)).Of("output").Select(output => output.Name).ToArray(),
            StringComparer.Ordinal);

        Findings.None(OutputRead().Matches(BicepFile.Main.Text)
            .Where(match => !outputs.TryGetValue(match.Groups[1].Value, out string[]? names) || !names.Contains(match.Groups[2].Value))
            .Select(match => match.Value));
    }

    [Fact]
    public void A_module_that_may_be_left_out_is_read_only_where_it_is_there()
    {
        string[] conditional = [.. BicepFile.Main.Of("module").Where(module => module.Value?.Tokens[0].IsWord("if") == true).Select(module => module.Name)];

        Assert.Equal(["scheduler", "network"], conditional);
        Findings.None(OutputRead().Matches(BicepFile.Main.Text)
            .Where(match => conditional.Contains(match.Groups[1].Value) != match.Value.Contains("!.", StringComparison.Ordinal))
            .Select(match => match.Value));
    }

    [Fact]
    public void Every_file_that_a_template_takes_in_is_there()
    {
        string[] loaded = [.. BicepFile.All.SelectMany(file => LoadedFile().Matches(file.Text)
            .Select(match => Path.Combine(Path.GetDirectoryName(Repository.PathOf(file.Path)) ?? "", match.Groups[1].Value)))];

        Assert.NotEmpty(loaded);
        Findings.None(loaded.Where(path => !File.Exists(path)));
    }

    [Fact]
    public void Every_name_is_declared() => Findings.None(BicepFile.All.SelectMany(BicepNames.Undeclared));

    [Fact]
    public void Every_parameter_and_variable_is_used() => Findings.None(BicepFile.All.SelectMany(BicepNames.Unused));

    [Fact]
    public void Every_parameter_says_what_it_is() =>
        Findings.None(
            from file in BicepFile.All
            from parameter in file.Of("param")
            where !parameter.Decorators.Contains("description")
            select $"{file.Path}: {parameter.Name}");

    [Fact]
    public void Every_file_opens_with_what_it_is_for() =>
        Findings.None(BicepFile.All.Where(file => !file.Text.StartsWith("// ", StringComparison.Ordinal)).Select(file => file.Path));

    [Fact]
    public void Main_makes_the_resource_group_and_leaves_the_rest_to_modules()
    {
        Assert.Equal(["Microsoft.Resources/resourceGroups"], BicepFile.Main.Resources.Select(resource => resource.Type.Split('@')[0]));
        Assert.Contains("targetScope = 'subscription'", BicepFile.Main.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_resource_that_has_a_place_has_the_tags() =>
        Findings.None(
            from file in BicepFile.All
            from resource in file.Resources
            where resource.Body["location"] is not null && resource.Body["tags"] is null
            select $"{file.Path}: {resource.Name}");

    [Fact]
    public void Every_name_in_the_group_holds_the_resource_token() =>
        Findings.None(
            from module in BicepFile.Main.Of("module")
            from parameter in module.Body["params"]?.Object?.Properties ?? []
            where parameter.Key is "name" or "planName" or "workspaceName" or "componentName" && parameter.Value.Tokens[0].Kind == BicepTokenKind.Text
            where !parameter.Value.ToString().Contains("${resourceToken}", StringComparison.Ordinal)
            select $"{module.Name}: {parameter.Key}");

    [Fact]
    public void A_resource_type_has_one_api_version_and_a_stable_one()
    {
        string[] types = [.. BicepFile.All.SelectMany(file => file.Resources).Select(resource => resource.Type).Distinct()];

        Findings.None(types.GroupBy(type => type.Split('@')[0]).Where(versions => versions.Count() > 1).Select(versions => string.Join(", ", versions)));
        // Diagnostic settings have never had a stable version.
        Assert.Equal(
            ["Microsoft.Insights/diagnosticSettings@2021-05-01-preview"], types.Where(type => type.EndsWith("-preview", StringComparison.Ordinal)));
    }

    [Fact]
    public void Parameters_file_gives_every_parameter_its_own_default()
    {
        using JsonDocument parameters = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("infra/main.parameters.json")));
        Dictionary<string, string> given = parameters.RootElement.GetProperty("parameters").EnumerateObject()
            .ToDictionary(entry => entry.Name, entry => entry.Value.GetProperty("value").GetString() ?? "", StringComparer.Ordinal);

        Assert.Equal(BicepFile.Main.Of("param").Select(parameter => parameter.Name), given.Keys);
        foreach (BicepDeclaration parameter in BicepFile.Main.Of("param"))
        {
            Match variable = Variable().Match(given[parameter.Name]);
            Assert.True(variable.Success, $"{parameter.Name}: {given[parameter.Name]}");
            if (variable.Groups[2].Success)
            {
                Assert.Equal(parameter.Value?.Literal ?? parameter.Value?.ToString(), variable.Groups[2].Value);
            }
            else
            {
                Assert.StartsWith("AZURE_", variable.Groups[1].Value, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("param a string\noutput b string = '${a}x'\n", 0)]
    [InlineData("output b string = c\n", 1)]
    [InlineData("output b string = 'x${c}'\n", 1)]
    [InlineData("output b array = [for c in []: { name: c, other: d }]\n", 1)]
    [InlineData("output b array = map([], c => { c: c.d })\n", 0)]
    [InlineData("output b string = madeUp('x')\n", 1)]
    public void Rule_about_names_bites(string text, int expected) =>
        Assert.Equal(expected, BicepNames.Undeclared(BicepFile.Parse("test.bicep", text)).Count());

    [Theory]
    [InlineData("var a = {\n")]
    [InlineData("var a = [)\n")]
    [InlineData("var a = 'b\n")]
    [InlineData("using 'x'\n")]
    [InlineData("var a = { b }\n")]
    public void Text_that_is_not_understood_is_refused(string text) =>
        Assert.Throws<FormatException>(() => BicepFile.Parse("test.bicep", text));

    [GeneratedRegex(@"\b(\w+)!?\.outputs\.(\w+)")]
    private static partial Regex OutputRead();

    [GeneratedRegex(@"\bload\w+Content\('([^']+)'\)")]
    private static partial Regex LoadedFile();

    [GeneratedRegex(@"^\$\{([A-Z_]+)(?:=(.*))?\}$")]
    private static partial Regex Variable();
}
