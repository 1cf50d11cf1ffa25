using System.Globalization;

namespace Lockstep.Jsonata.Tests.Oracle;

/// <summary>
/// Expressions over the documents of <see cref="DocumentGenerator"/>, from every part of the language but the clock, chance and what
/// the package does in ways that no rule explains. Names of members do not look like numbers, which ECMAScript would put first. Most make
/// sense somewhere; the others have to fail alike.
/// </summary>
internal sealed partial class ExpressionGenerator(Choices choices)
{
    private int _names;

    /// <summary>An expression.</summary>
    public string Next()
    {
        _names = 0;
        return Any(1 + choices.Below(4));
    }

    private string Any(int depth) => depth <= 0 ? Leaf() : choices.Below(18) switch
    {
        0 or 1 or 2 or 3 => Path(depth),
        4 or 5 => Number(depth),
        6 or 7 => Text(depth),
        8 => Condition(depth),
        9 => Array(depth),
        10 => Object(depth),
        11 => Block(depth),
        12 => $"{Operand(depth)} ? {Any(depth - 1)} : {Any(depth - 1)}",
        13 => $"{Leaf()} {choices.Of("?:", "??")} {Operand(depth)}",
        14 => HigherOrder(depth),
        15 => Function(depth),
        16 => Binding(depth),
        _ => Chain(depth),
    };

    private string Operand(int depth) => depth <= 1 ? Leaf() : $"({Any(depth - 1)})";

    private string Leaf() => choices.Below(12) switch
    {
        0 => choices.Of("true", "false", "null"),
        1 or 2 => NumberLiteral(),
        3 or 4 => TextLiteral(),
        5 => "$",
        6 => choices.Of("$$", "nothing", "[]", "{}"),
        7 when _names > 0 => Variable(),
        _ => Name(),
    };

    private string Name() => choices.OneIn(10) ? "`" + choices.Of("a", "b") + "`" : choices.Of("a", "b", "c", "id", "name", "items");

    private string Variable() => "$v" + choices.Below(_names).ToString(CultureInfo.InvariantCulture);

    private string NewVariable() => "$v" + _names++.ToString(CultureInfo.InvariantCulture);

    private string NumberLiteral() => choices.Of("0", "1", "2", "3", "10", "-1", "0.5", "2.5", "1e2", "100", "7");

    private string TextLiteral() => choices.Of("\"\"", "\"a\"", "'b'", "\"abc\"", "\"x,y\"", "\"10\"", "\"Hello World\"", "\"l\"", "\", \"");

    private string Path(int depth)
    {
        string path = choices.Below(8) switch
        {
            0 => "$",
            1 => "$$",
            2 => "*",
            3 => "**",
            4 when _names > 0 => Variable(),
            _ => Name(),
        };
        path += Suffix();
        for (int steps = choices.Below(3); steps > 0; steps--)
        {
            path += "." + Step(depth) + Suffix();
        }

        return choices.OneIn(8) ? path + OrderBy() : choices.OneIn(12) ? path + GroupBy() : path;
    }

    private string Step(int depth) => choices.Below(12) switch
    {
        0 => "*",
        1 => "**",
        2 => "%",
        3 => $"({Any(depth - 1)})",
        4 => "{" + $"\"k\": {Any(depth - 1)}" + "}",
        5 => $"[{Any(depth - 1)}]",
        6 => choices.Of("$string()", "$type($)", "$count($)", "$keys()", "$sum($)"),
        7 => $"$[{NumberLiteral()}]",
        _ => Name(),
    };

    private string Suffix() => choices.Below(9) switch
    {
        0 => $"[{choices.Of("0", "1", "-1", "2", "0.5")}]",
        1 => "[]",
        2 => $"[{Predicate()}]",
        3 when choices.OneIn(3) => $"#{NewVariable()}",
        4 when choices.OneIn(3) => $"@{NewVariable()}",
        _ => "",
    };

    private string OrderBy() =>
        "^(" + string.Join(", ", Enumerable.Range(0, 1 + choices.Below(2)).Select(_ => choices.Of("", "<", ">") + choices.Of(Name(), "$", "id"))) + ")";

    private string GroupBy() => choices.Of("{", ".{") + $"\"x\" & $string({choices.Of(Name(), "$type($)", "name")}): {choices.Of("$", "id", "$count($)", "$sum(id)")}" + "}";

    private string Number(int depth) => choices.Below(6) switch
    {
        0 => $"-{Operand(depth)}",
        1 => $"$count({Any(depth - 1)})",
        2 => $"${choices.Of("sum", "max", "min", "average")}({Any(depth - 1)})",
        3 => $"${choices.Of("abs", "floor", "ceil", "round", "sqrt", "number")}({Any(depth - 1)})",
        4 => $"{Operand(depth)} {choices.Of("/", "%")} {choices.Of("2", "3", "-4", "1.5", "\"x\"")}",
        _ => $"{Operand(depth)} {choices.Of("+", "-", "*")} {Operand(depth)}",
    };

    private string Condition(int depth) => depth <= 0 ? SimpleCondition() : choices.Below(6) switch
    {
        0 => $"{Operand(depth)} {choices.Of("and", "or")} {Operand(depth)}",
        1 => $"${choices.Of("not", "boolean", "exists")}({Any(depth - 1)})",
        2 => $"{Operand(depth)} in {Operand(depth)}",
        3 => SimpleCondition(),
        _ => $"{Operand(depth)} {choices.Of("=", "!=", "<", "<=", ">", ">=")} {Operand(depth)}",
    };

    private string SimpleCondition() => $"{choices.Of("id", "a", "$", "name")} {choices.Of("=", "!=", "<", ">")} {choices.Of("1", "5", "\"abc\"", "null", "id")}";

    // True of nothing that has no member: on nothing the package takes "true" for a match and gives an item without a value.
    private string Predicate() => choices.Below(4) switch
    {
        0 => $"{Name()} {choices.Of("=", "!=")} {choices.Of("1", "null", "\"abc\"", "$$.id")} and $exists({Name()})",
        1 => $"$type({choices.Of("id", "name", "$")}) = {choices.Of("\"number\"", "\"string\"", "\"object\"")}",
        2 => $"{choices.Of("id", "b")} in [{NumberLiteral()}, 5, \"abc\"]",
        _ => $"{choices.Of("id", "a")} {choices.Of("<", ">=")} {choices.Of("5", "12")}",
    };

    private string Array(int depth) => choices.Below(4) switch
    {
        1 => $"[{Any(depth - 1)}, 1, 2][[{choices.Of("0", "0..1", "1, 0", "-1")}]]",
        0 => $"[{choices.Of("0", "1", "-2", "id")}..{choices.Of("0", "3", "5", "id")}]",
        _ => "[" + string.Join(", ", Enumerable.Range(0, choices.Below(4)).Select(_ => Any(depth - 1))) + "]",
    };

    private string Object(int depth)
    {
        string[] keys = ["\"k\"", "\"m\"", "\"n\"", "name", "\"x\" & id"];
        return "{" + string.Join(", ", Enumerable.Range(0, choices.Below(3)).Select(i => $"{(choices.OneIn(4) ? keys[3 + i % 2] : keys[i])}: {Any(depth - 1)}")) + "}";
    }

    private string Block(int depth)
    {
        string value = Any(depth - 1);
        string name = NewVariable();
        return $"({name} := {value}; {Any(depth - 1)}{(choices.OneIn(2) ? $"; [{name}, {Any(depth - 1)}]" : "")})";
    }

    private string Chain(int depth) =>
        $"{Operand(depth)} ~> {choices.Of("$string()", "$count()", "$uppercase()", "$sum", "$keys()", "$reverse()", "$join(\"-\")", "$type", "$append(1)", "$string() ~> $length()")}";
}
