using System.Text;

namespace Lockstep.Asl.Expressions;

/// <summary>The bracketed spelling of a path, <c>$['a']['b'][0]</c>, which Step Functions uses in causes.</summary>
internal static class NormalizedPath
{
    public static string Of(string text)
    {
        var result = new StringBuilder("$");
        int at = text.StartsWith("$$", StringComparison.Ordinal) ? 2 : 1;
        while (at < text.Length)
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
