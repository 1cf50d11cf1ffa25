using System.Text.RegularExpressions;

namespace Lockstep.Jsonata.Tests.Oracle;

/// <summary>Expressions that are mostly malformed: tokens of valid ones left out, doubled, swapped, put in or cut, and single characters changed.</summary>
internal sealed partial class MutationGenerator(Choices choices, ExpressionGenerator expressions)
{
    private static readonly string[] Valid =
    [
        "a.b[0].c", "a[b = 1]{c: $sum(d)}", "$map(a, function($x, $i) { $x + $i })", "($x := 1; $y := $x & 'b'; [$x..3])", "a^(>b, <c)[0]", "a@$v.b#$i.{'k': $v}",
        "$ ~> |a.b|{'c': 1}, ['d']|", "function($x, $y)<n-(sn)a<s>f<s:s>?:o>{ $x }(1, 2)", "$replace(a, /x(y)+/im, 'z')", "a ? b : c ? d : e", "a ?: b ?? c", "/* note */ `a b`.\"c\\u0041\\n\"",
        "a.*.**.%.%.$", "-1.5e+3 * -(2) % 3 / 4 - .5", "not (a and b or c in [1, 2])", "$f(?, 1)(2)", "{'a': [1, [2]], \"b\": {}, c & 'd': null}", "a <= b != c >= d < e > f = g", "λ($x){$x}(true)",
        "a[].b[][0][]", "($$; $; false)", "$a.$b.$c()", "a.(b; c).[d].{e: f}",
    ];

    private static readonly string[] Tokens =
    [
        "(", ")", "[", "]", "{", "}", ",", ";", ":", ".", "..", "?", ":=", "~>", "|", "^", "@", "#", "%", "*", "**", "+", "-", "/", "&", "=", "!=", "<", ">", "<=", ">=", "!", "~", "and",
        "or", "in", "$", "$$", "$x", "a", "1", "1e400", "'s'", "\"", "'", "`", "\\", "/x/", "//", "/*", "*/", "null", "true", "function", "λ", "?:", "??", "0.", ".5", "1..2", "\u00a0", "\t", "é",
        "\\u12", "\"\\q\"", "\"\\u00g0\"", "`a`", "function($x){", "function($x)<n:n>{$x}", "a[0]", "{'a':1}", "^(", "/(/", "/[/", "/a/g", "@$v", "#$i", "10", "-",
    ];

    /// <summary>An expression.</summary>
    public string Next()
    {
        string text = choices.OneIn(3) ? expressions.Next() : choices.Of<string>(Valid);
        List<string> tokens = [.. Pieces().Matches(text).Select(match => match.Value)];
        for (int changes = 1 + choices.Below(3); changes > 0 && tokens.Count > 0; changes--)
        {
            Change(tokens);
        }

        text = string.Concat(tokens);
        return choices.OneIn(6) && text.Length > 1 ? text[..choices.Below(text.Length)] : text;
    }

    private void Change(List<string> tokens)
    {
        int at = choices.Below(tokens.Count);
        int other = choices.Below(tokens.Count);
        switch (choices.Below(6))
        {
            case 0:
                tokens.RemoveAt(at);
                break;
            case 1:
                tokens.Insert(at, tokens[at]);
                break;
            case 2:
                (tokens[at], tokens[other]) = (tokens[other], tokens[at]);
                break;
            case 3:
                tokens[at] = choices.Of<string>(Tokens);
                break;
            case 4 when tokens[at].Length > 0:
                tokens[at] = tokens[at].Remove(choices.Below(tokens[at].Length), 1);
                break;
            default:
                tokens.Insert(at, choices.Of<string>(Tokens));
                break;
        }
    }

    [GeneratedRegex(@"\s+|[\w$`]+|'[^']*'|""[^""]*""|~>|:=|\.\.|\*\*|[<>!]=|\?[:?]|.", RegexOptions.Singleline)]
    private static partial Regex Pieces();
}
