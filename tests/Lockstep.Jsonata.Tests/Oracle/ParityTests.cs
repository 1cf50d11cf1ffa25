using System.Text.Json;
using Lockstep.TestKit;

namespace Lockstep.Jsonata.Tests.Oracle;

/// <summary>What the JSONata package gives for expressions that were put to it: a value, no value, or the code and the message of a failure.</summary>
public sealed class ParityTests
{
    /// <summary>The rules of the package that no documentation states, a group of expressions for each in parity.jsonl, each with its document.</summary>
    [Fact]
    public void Expressions_come_to_what_the_package_gives()
    {
        string[] lines = Lines("parity.jsonl");
        Assert.InRange(lines.Length, 100, int.MaxValue);
        AssertAgreement(lines, static asked => asked.GetProperty("d").GetRawText());
    }

    /// <summary>Expressions as people write them, all over the one document that the first line of everyday.jsonl holds.</summary>
    [Fact]
    public void Everyday_expressions_come_to_what_the_package_gives()
    {
        string[] lines = Lines("everyday.jsonl");
        Assert.InRange(lines.Length, 300, int.MaxValue);
        using var first = JsonDocument.Parse(lines[0]);
        string document = first.RootElement.GetProperty("d").GetRawText();
        AssertAgreement(lines[1..], _ => document);
    }

    private static string[] Lines(string file) => File.ReadAllLines(Repository.PathOf("tests/Lockstep.Jsonata.Tests/Oracle/" + file));

    private static void AssertAgreement(string[] lines, Func<JsonElement, string> documentOf)
    {
        var different = new List<string>();
        foreach (string line in lines)
        {
            using var asked = JsonDocument.Parse(line);
            JsonElement root = asked.RootElement;
            var each = new DifferentialCase(root.GetProperty("e").GetString() ?? "", documentOf(root));
            OracleAnswer theirs = OracleAnswer.Of(root);
            OracleAnswer ours = OracleAnswer.Ours(each);
            if (!ours.Agrees(theirs) || (theirs.IsMalformed && ours.Position != theirs.Position))
            {
                string rule = root.TryGetProperty("rule", out JsonElement named) ? $"{named.GetString()}: " : "";
                different.Add($"{rule}{each.Expression}  on  {each.Document}\n  expected {theirs}\n  found    {ours}");
            }
        }

        Assert.True(different.Count == 0, string.Join('\n', different));
    }
}
