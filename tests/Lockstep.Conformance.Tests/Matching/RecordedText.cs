using System.Text;
using System.Text.RegularExpressions;

namespace Lockstep.Conformance.Tests.Matching;

/// <summary>
/// Compares texts with recorded ones, in which placeholders stand for what changes from run to run. A placeholder binds where it occurs
/// first in a case, and must mean the same afterwards.
/// </summary>
internal sealed partial class RecordedText
{
    private const string Iso8601 = @"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z";

    private static readonly HashSet<string> Times = new(StringComparer.Ordinal)
    {
        "timestamp", "date", "datetime", "start-date", "stop-date", "start-time", "entered-time", "creation-date",
    };

    private readonly Dictionary<string, string> _bound = new(StringComparer.Ordinal);

    public bool Matches(string recorded, string ours)
    {
        if (recorded == ours || (Times.Contains(recorded) && IsTime().IsMatch(ours)))
        {
            return true;
        }

        switch (recorded)
        {
            case "snf_role_arn" or "sfn_role_arn":
                return ours == "snf_role_arn";
            case "map_run_arn":
                return ours.Contains(":mapRun:", StringComparison.Ordinal);
            case "generated-uuid":
                return Guid.TryParse(ours, out _);
            case "RandomNumberGenerated":
                return double.TryParse(ours, out _);
            default:
                return recorded.Contains('<', StringComparison.Ordinal) && MatchesPattern(recorded, ours);
        }
    }

    private bool MatchesPattern(string recorded, string ours)
    {
        var pattern = new StringBuilder("^");
        var names = new List<string>();
        int at = 0;
        foreach (Match placeholder in Placeholder().Matches(recorded))
        {
            pattern.Append(Regex.Escape(recorded[at..placeholder.Index]));
            at = placeholder.Index + placeholder.Length;
            if (placeholder.Value is "<region>" or "<partition>")
            {
                pattern.Append("[^:]*");
            }
            else if (_bound.TryGetValue(placeholder.Value, out string? value))
            {
                pattern.Append(Regex.Escape(value));
            }
            else
            {
                pattern.Append("(.+?)");
                names.Add(placeholder.Value);
            }
        }

        pattern.Append(Regex.Escape(recorded[at..])).Append('$');
        Match match = Regex.Match(ours, pattern.ToString(), RegexOptions.Singleline);
        if (!match.Success)
        {
            return false;
        }

        for (int i = 0; i < names.Count; i++)
        {
            _bound.TryAdd(names[i], match.Groups[i + 1].Value);
        }

        return true;
    }

    [GeneratedRegex("^" + Iso8601 + "$")]
    private static partial Regex IsTime();

    [GeneratedRegex("<[a-zA-Z][a-zA-Z0-9_.-]*(:[0-9]+)?>")]
    private static partial Regex Placeholder();
}
