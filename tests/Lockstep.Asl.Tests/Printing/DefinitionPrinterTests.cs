using System.Text.RegularExpressions;
using Lockstep.Asl.Model;
using Lockstep.Asl.Printing;
using Lockstep.Json;
using Lockstep.TestKit;

namespace Lockstep.Asl.Tests.Printing;

/// <summary>What is printed means what was read: for published and recorded machines, and for generated ones.</summary>
public sealed partial class DefinitionPrinterTests(ITestOutputHelper output)
{
    private const int Seed = 20_261_123;
    private const int Generated = 1_000;

    private static readonly AslOptions Options = AslOptions.Default with { AllowPlaceholders = true };

    [Fact]
    public void Published_machines_are_the_same_after_printing()
    {
        IEnumerable<string> texts = Directory.EnumerateFiles(SharedData.Require("asl-corpus"), "*.json").Order(StringComparer.Ordinal)
            .Select(file => Unquoted().Replace(File.ReadAllText(file), "$1 1"));
        Assert.InRange(Check(texts), 70, int.MaxValue);
    }

    [Fact]
    public void Recorded_machines_are_the_same_after_printing()
    {
        IEnumerable<string> texts = Directory.EnumerateFiles(SharedData.Require("conformance"), "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => JsonValue.Parse(File.ReadAllText(file)))
            .SelectMany(recording => recording is not JsonObject json ? []
                : json["rows"] is JsonArray rows ? rows.OfType<JsonObject>().Select(row => row["definition"]) : [json["definition"]])
            .OfType<JsonObject>()
            .Select(definition => Function().Replace(definition.ToString(), "arn:aws:lambda:local:000000000001:function:f"));
        Assert.InRange(Check(texts), 100, int.MaxValue);
    }

    [Fact]
    public void Generated_machines_are_the_same_after_printing()
    {
        var generator = new DefinitionGenerator(Seed);
        foreach (string text in Enumerable.Range(0, Generated).Select(_ => generator.Next()))
        {
            AslParseResult parsed = AslParser.Parse(text, Options);
            Assert.True(parsed.Definition is not null, $"{string.Join('\n', parsed.Diagnostics)}\n{text}");
            CheckSame(text, parsed.Definition);
        }
    }

    [Fact]
    public void What_is_the_same_in_two_spellings_is_printed_once()
    {
        const string one = """{"StartAt":"A","States":{"A":{"Type":"Wait","SecondsPath":"$.s","Next":"B"},"B":{"End":true,"Type":"Pass","InputPath":null}}}""";
        const string other = """
            { "States": { "A": { "Next": "B", "SecondsPath": "$.s", "Type": "Wait" }, "B": { "InputPath": null, "Type": "Pass", "End": true, "QueryLanguage": "JSONPath" } },
              "QueryLanguage": "JSONPath", "StartAt": "A" }
            """;
        Assert.Equal(
            """{"StartAt":"A","States":{"A":{"Type":"Wait","SecondsPath":"$.s","Next":"B"},"B":{"Type":"Pass","InputPath":null,"End":true}}}""",
            PrintOf(one));
        Assert.Equal(PrintOf(one), PrintOf(other));
    }

    [Theory]
    [InlineData("\"Seconds\":1", "\"Seconds\":2")]
    [InlineData("\"SecondsPath\":\"$.a\"", "\"SecondsPath\":\"$.b\"")]
    [InlineData("\"Seconds\":1,\"Assign\":{\"a\":1}", "\"Seconds\":1,\"Assign\":{\"a\":2}")]
    [InlineData("\"Seconds\":1,\"Assign\":{\"a.$\":\"$.x\"}", "\"Seconds\":1,\"Assign\":{\"a.$\":\"$.y\"}")]
    [InlineData("\"Timestamp\":\"{% $now() %}\",\"QueryLanguage\":\"JSONata\"", "\"Timestamp\":\"{% $uuid() %}\",\"QueryLanguage\":\"JSONata\"")]
    public void The_comparison_sees_what_differs(string one, string other) =>
        Assert.NotNull(Difference.Find(Read(WaitWith(one)), Read(WaitWith(other))));

    private static string WaitWith(string fields) => """{"StartAt":"A","States":{"A":{"Type":"Wait",""" + fields + ",\"End\":true}}}";

    private static StateMachineDefinition Read(string text)
    {
        AslParseResult parsed = AslParser.Parse(text, Options);
        return parsed.Definition ?? throw new InvalidOperationException(string.Join('\n', parsed.Diagnostics) + "\n" + text);
    }

    private static string PrintOf(string text) => DefinitionPrinter.Print(Read(text)).ToString();

    private static void CheckSame(string text, StateMachineDefinition definition)
    {
        string printed = DefinitionPrinter.Print(definition).ToString();
        StateMachineDefinition again = Read(printed);
        Assert.True(Difference.Find(definition, again) is null, $"{Difference.Find(definition, again)}\n{text}\n{printed}");
        Assert.Equal(printed, DefinitionPrinter.Print(again).ToString());
    }

    private int Check(IEnumerable<string> texts)
    {
        int checkedMachines = 0;
        int refused = 0;
        foreach (string text in texts)
        {
            if (AslParser.Parse(text, Options).Definition is { } definition)
            {
                CheckSame(text, definition);
                checkedMachines++;
            }
            else
            {
                refused++;
            }
        }

        output.WriteLine($"{checkedMachines} machines printed and read again; {refused} are refused");
        return checkedMachines;
    }

    /// <summary>A placeholder that stands for a number is written without quotes, which is not JSON before deployment.</summary>
    [GeneratedRegex(@"(:)\s*\$\{\w+\}")]
    private static partial Regex Unquoted();

    [GeneratedRegex(@"\$LAMBDA:\w+")]
    private static partial Regex Function();
}
