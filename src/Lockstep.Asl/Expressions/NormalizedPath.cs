using System.Text;

namespace Lockstep.Asl.Expressions;

/// <summary>The bracketed spelling of a path, <c>$['a']['b'][0]</c>, which Step Functions uses in causes.</summary>
internal static class NormalizedPath
{
    /// <param name="text">The path.</param>
    /// <param name="steps">How many of its steps to show.</param>
    public static string Of(string text, int steps = int.MaxValue)
    {
        var result = new StringBuilder("$");
        int at = text.StartsWith("$$", StringComparison.Ordinal) ? 2 : 1;
        for (; at < text.Length && steps > 0; steps--)
        {
            if (text[at] == '.' && at + 1 < text.Length && text[at + 1] is not ('.' or '*' or '['))
            {
                int end = text.AsSpan(at + 1).IndexOfAny('.', '[');
                end = end < 0 ? text.Length : at + 1 + end;
                result.Append("['").Append(text.AsSpan(at + 1, end - at - 1)).Append("']");
                at = end;
            }
            else if (text[at] == '[')
            {
                int end = text.IndexOf(']', at);
                end = end < 0 ? text.Length : end + 1;
                result.Append(text.AsSpan(at, end - at).ToString().Replace('"', '\''));
                at = end;
            }
            else
            {
                result.Append(text[at++]);
            }
        }

        return result.ToString();
    }
}
