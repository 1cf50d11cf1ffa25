namespace Lockstep.Jsonata.Tests.Oracle;

/// <summary>What binds names: functions with their surroundings, partial application, recursion, signatures, and paths that join.</summary>
internal sealed partial class ExpressionGenerator
{
    private string Binding(int depth) => choices.Below(12) switch
    {
        0 => $"($f := function($n) {{ $n <= 0 ? {Leaf()} : $f($n - 1) }}; $f({choices.Of("3", "0", "id", "40")}))",
        1 => $"($f := function($n, $s) {{ $n < 1 ? $s : $f($n - 1, {choices.Of("$s & \"x\"", "$append($s, $n)", "[$s]", "$s + $n")}) }}; $f({choices.Of("4", "0", "2")}, {Leaf()}))",
        2 => $"($f := function($x) {{ function($y) {{ {choices.Of("[$x, $y]", "$x & $y", "$x", "$y ? $x")} }} }}; $f({Any(depth - 1)})({Leaf()}))",
        3 => $"($f := {choices.Of("$append(?, 1)", "$append(\"a\", ?)", "$append(?, ?)", "$lookup(?, \"a\")", "$type(?)")}; $f({Any(depth - 1)}))",
        4 => $"($f := {choices.Of("$string ~> $length", "$count ~> $string", "$uppercase ~> $split(?, \"\")", "$sum ~> $abs", "function($x) {[$x]} ~> $count")}; $f({Any(depth - 1)}))",
        5 => $"function($x{choices.Of("", ", $y")})<{choices.Of("s", "n", "x", "a", "o", "(sn)", "a<n>", "a<s>", "s-", "n?", "j", "b", "l", "(ao)", "x-")}{choices.Of("", "x?", "n?")}:x>{{ {choices.Of("$x", "$type($x)", "[$x, $y]", "$count($x)")} }}({Any(depth - 1)}{choices.Of("", ", 1", ", \"z\"")})",
        6 => $"{Any(depth - 1)} ~> function($x) {{ {choices.Of("$x", "[$x]", "$count($x)", "{\"v\": $x}")} }}",
        7 => Join(),
        8 => $"({NewVariableOf(depth)}; $g := function($x) {{ [$x, {Variable()}] }}; $g({Leaf()}))",
        9 => $"({NewVariableOf(depth)}; ({Variable()} := {Leaf()}; {Variable()}) & {Variable()})",
        10 => $"$map({Any(depth - 1)}, function($x, $i) {{ $i = {choices.Of("0", "1")} ? {Leaf()} : $x }})[{choices.Of("0", "-1", "[0, 1]", "$type($) = \"number\"")}]",
        _ => $"$reduce([{Any(depth - 1)}, {Leaf()}, {Leaf()}], function($l, $r) {{ {choices.Of("[$l, $r]", "{\"l\": $l, \"r\": $r}", "$exists($l) ? $r : 0")} }})",
    };

    private string NewVariableOf(int depth)
    {
        string value = Any(depth - 1);
        return $"{NewVariable()} := {value}";
    }

    private string Join()
    {
        string first = NewVariable();
        string second = NewVariable();
        string names = choices.Of("items", "a", "b", "**", "items.a", "*");
        return choices.Below(5) switch
        {
            0 => $"{names}@{first}.$$.{choices.Of("items", "b", "c")}@{second}[{first}.id = {second}.id].{{\"l\": {first}, \"r\": {second}}}",
            1 => $"{names}#{first}.{choices.Of("id", "name", "*", "a")}#{second}.[{first}, {second}, $]",
            2 => $"{names}@{first}#{second}.{{\"at\": {second}, \"of\": {first}.{Name()}}}",
            3 => $"{names}.{Name()}#{first}[{first} < 2].%.{choices.Of("id", "name", "$count($)")}",
            _ => $"{names}[{choices.Of("id", "a")}]@{first}.{Name()}.[{first}.id, $, %.{Name()}]",
        };
    }
}
