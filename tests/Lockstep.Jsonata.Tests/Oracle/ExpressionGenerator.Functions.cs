namespace Lockstep.Jsonata.Tests.Oracle;

/// <summary>Calls of the library's functions.</summary>
internal sealed partial class ExpressionGenerator
{
    private static readonly string[] Expressions = [@"/a/", @"/[a-c]/", @"/(\w)(\w+)?/", @"/l+/", @"/^\s+/", @"/\d+/", @"/B/i", @"/(a)|(b)/", @"/o\b/", @"/,/", @"/.$/"];

    private string Text(int depth) => choices.Below(12) switch
    {
        0 or 1 or 2 => $"{Operand(depth)} & {Operand(depth)}",
        3 => $"$string({Any(depth - 1)}{(choices.OneIn(4) ? ", true" : "")})",
        4 => $"${choices.Of("uppercase", "lowercase", "trim", "length")}({TextOr(depth)})",
        5 => $"$substring({TextOr(depth)}, {choices.Of("0", "1", "-2", "2", "10", "1.5")}{choices.Of("", ", 1", ", 3", ", -1", ", 0")})",
        6 => $"${choices.Of("substringBefore", "substringAfter")}({TextOr(depth)}, {TextLiteral()})",
        7 => $"$pad({TextOr(depth)}, {choices.Of("5", "-5", "12", "0")}{choices.Of("", ", \"#\"", ", \"ab\"", ", \"\"")})",
        8 => $"$join({Any(depth - 1)}{choices.Of("", ", \"-\"", ", \"\"")})",
        9 => $"$split({TextOr(depth)}, {Pattern()}{choices.Of("", ", 2", ", 0", ", 1.5")})",
        10 => $"$replace({TextOr(depth)}, {Pattern()}, {choices.Of("\"-\"", "\"$0$0\"", "\"[$1]\"", "\"$$\"", "\"\"")}{choices.Of("", ", 1", ", 0")})",
        _ => choices.Of($"$match({TextOr(depth)}, {choices.Of<string>(Expressions)})", $"$contains({TextOr(depth)}, {Pattern()})"),
    };

    private string TextOr(int depth) => choices.OneIn(4) ? Any(depth - 1) : choices.Of("\"Hello World\"", "\"abcabc\"", "\"a1b22\"", "name", "\" x  y \"", "$string(a)");

    private string Pattern() => choices.OneIn(2) ? choices.Of<string>(Expressions) : TextLiteral();

    private string Function(int depth) => choices.Below(24) switch
    {
        0 => $"$append({Any(depth - 1)}, {Any(depth - 1)})",
        1 => $"$reverse({Any(depth - 1)})",
        2 => $"$distinct({Any(depth - 1)})",
        3 => $"$zip({Any(depth - 1)}, {Any(depth - 1)})",
        4 => $"$keys({Any(depth - 1)})",
        5 => $"$lookup({Any(depth - 1)}, {choices.Of("\"a\"", "\"id\"", "\"none\"")})",
        6 => $"$spread({Any(depth - 1)})",
        7 => $"$merge({Any(depth - 1)})",
        8 => $"$type({Any(depth - 1)})",
        9 => $"$sort({Any(depth - 1)})",
        10 => $"$power({NumberLiteral()}, {choices.Of("0", "2", "-1", "0.5", "3")})",
        11 => $"$round({choices.Of(NumberLiteral(), "2.5", "3.5", "1.005", "-2.5", "125", "id")}{choices.Of("", ", 1", ", 2", ", -1")})",
        12 => $"$formatBase({choices.Of("255", "-10", "id", "3.7")}{choices.Of("", ", 2", ", 16", ", 36", ", 1")})",
        13 => $"$formatNumber({choices.Of("1234.5", "-0.256", "id", "0", "12345678.9", "1e-3")}, {choices.Of("\"#,##0.00\"", "\"0\"", "\"#.##\"", "\"0.0e0\"", "\"00.00%\"", "\"#0;(#0)\"", "\"0,\"", "\"#0.0#;x\"")})",
        14 => $"$formatInteger({choices.Of("1234", "-7", "id", "21", "100", "0")}, {choices.Of("\"0\"", "\"#,##0\"", "\"w\"", "\"Ww;o\"", "\"I\"", "\"a\"", "\"0;o\"", "\"x\"")})",
        15 => $"$fromMillis({choices.Of("0", "1521801216617", "-1", "id", "1e12")}{choices.Of("", ", \"[Y0001]-[M01]-[D01]\"", ", \"[D1o] [MNn] [Y] [FNn,3-3]\"", ", \"[h]:[m] [P] [W] [d]\"", ", \"[q]\"", ", \"[H01]:[m01] [Z]\", \"+0530\"")})",
        16 => choices.Of("$toMillis(\"2026-01-31\")", "$toMillis(\"2026-01-31T10:20:30.456Z\")", "$toMillis(\"x\")", "$toMillis(\"31st January 2026\", \"[D1o] [MNn] [Y]\")", "$toMillis(\"2026-31\", \"[Y]-[D]\")"),
        17 => $"${choices.Of("base64encode", "encodeUrlComponent", "encodeUrl", "decodeUrlComponent")}({TextOr(depth)})",
        18 => $"$error({choices.Of("", "\"no\"")})",
        19 => $"$assert({Condition(depth - 1)}, \"asserted\")",
        20 => $"$eval({choices.Of("\"1 + 2\"", "\"a\"", "\"[1,2].$\"", "\"(\"", "\"$uppercase('x')\"")})",
        21 => $"{Operand(depth)} ~> |{choices.Of("$", "a", "items", "**")}|{"{"}\"t\": {choices.Of("1", "id", "$count($)")}{"}"}{choices.Of("", ", \"a\"", ", [\"b\", \"c\"]")}|",
        22 => $"$each({Any(depth - 1)}, function($x, $k) {{ $k & {choices.Of("\"\"", "$type($x)")} }})",
        _ => $"$sift({Any(depth - 1)}, function($x, $k) {{ {choices.Of("$k = \"a\"", "$x > 1", "$exists($x)", "$type($x) = \"number\"")} }})",
    };

    private string HigherOrder(int depth) => choices.Below(7) switch
    {
        0 => $"$map({Any(depth - 1)}, function($x{choices.Of("", ", $i", ", $i, $all")}) {{ {choices.Of("$x", "$type($x)", "[$x]", "$x & \"!\"", "$count($x)")} }})",
        1 => $"$filter({Any(depth - 1)}, function($x, $i) {{ {choices.Of("$i > 0", "$x", "$type($x) = \"number\"", "$exists($x.id)")} }})",
        2 => $"$reduce({Any(depth - 1)}, function($p, $x) {{ {choices.Of("$p & $x", "$append($p, $x)", "$count($p) + 1")} }}{choices.Of("", ", 0", ", []", ", \"\"")})",
        3 => $"$single({Any(depth - 1)}, function($x) {{ {choices.Of("true", "$x = 1", "$type($x) = \"string\"")} }})",
        4 => $"$sort({Any(depth - 1)}, function($l, $r) {{ {choices.Of("$l.id > $r.id", "$string($l) > $string($r)", "false")} }})",
        5 => $"$map({Any(depth - 1)}, {choices.Of("$string", "$type", "$uppercase(?)", "$append(?, 1)", "$not", "$count")})",
        _ => $"(function($x, $y) {{ {choices.Of("$x", "[$x, $y]", "$x & $y", "$x ? $y : $x")} }})({Any(depth - 1)}, {Leaf()})",
    };
}
