using System.Text.Json;
using Lockstep.TestKit;

namespace Lockstep.Jsonata.Tests.Oracle;

/// <summary>
/// The rules of the JSONata package that no documentation states, a group of expressions for each in parity.jsonl with what the package gives: a value, no
/// value, or the code and the message of a failure.
/// </summary>
public sealed class ParityTests
{
    [Fact]
    public void Expressions_come_to_what_the_package_gives()
    {
        string[] lines = File.ReadAllLines(Repository.PathOf("tests/Lockstep.Jsonata.Tests/Oracle/parity.jsonl"));
        var different = new List<string>();
        foreach (string line in lines)
        {
            using var asked = JsonDocument.Parse(line);
            JsonElement root = asked.RootElement;
            var each = new DifferentialCase(root.GetProperty("e").GetString() ?? "", root.GetProperty("d").GetRawText());
            OracleAnswer theirs = OracleAnswer.Of(root);
            OracleAnswer ours = OracleAnswer.Ours(each);
            if (!ours.Agrees(theirs) || (theirs.IsMalformed && ours.Position != theirs.Position))
            {
                different.Add($"{root.GetProperty("rule").GetString()}: {each.Expression}  on  {each.Document}\n  expected {theirs}\n  found    {ours}");
            }
        }

        Assert.True(different.Count == 0, string.Join('\n', different));
        Assert.InRange(lines.Length, 100, int.MaxValue);
    }
}
