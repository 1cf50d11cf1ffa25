using System.Text;
using Lockstep.Json;
using Lockstep.Jsonata;

namespace Lockstep.Fuzz.Targets;

/// <summary>JSONata: compiled, and evaluated within little fuel, with the functions of JSONata itself and of the States Language.</summary>
internal sealed class JsonataTarget : IFuzzTarget
{
    private static readonly JsonataLimits Limits = new() { MaxFuel = 50_000, MaxDepth = 300, MaxLength = 100_000 };

    private static readonly JsonataOptions Standard = new() { Limits = Limits };

    private static readonly JsonataOptions OfAsl = new() { Functions = JsonataFunctionSet.Asl, Limits = Limits };

    private static readonly JsonValue Document = JsonValue.Parse(
        """
        {"Account":{"Name":"Firefly","Order":[{"OrderID":"o1","Product":[{"Description":{"Colour":"Purple","Weight":0.75},"Price":34.45,"Quantity":2,"SKU":"040"},
          {"Price":21.67,"Quantity":1}]},{"OrderID":"o2","Product":[{"Price":34.45,"Quantity":4},{"Price":107.99,"Quantity":1}]}]},
          "nums":[1,2.5,-3,0,1e21],"text":"Hello, World é","flag":true,"nothing":null,"nest":[[1,[2]],[]],"date":"2026-02-28T23:59:59.123Z","":{"x":1}}
        """);

    private static readonly JsonObject Bindings = (JsonObject)JsonValue.Parse("""{"v":[1,2,{"a":"b"}],"states":{"input":{"a":1},"context":{}}}""");

    public string Name => "jsonata";

    public bool IsJson => false;

    public IReadOnlyList<string> Tokens { get; } =
    [
        "$", "$$", "$v", "$states", ".", "..", "*", "**", "%", "%.%", "@$x", "#$i", "^(", ">", "<", "[", "]", "[]", "{", "}", "(", ")", ":=", "?:", "??", "?", ":", ";", ",", "~>", "|", "&", "=", "!=", " in ",
        " and ", " or ", "-", "+", "/", "..", "function($x){", "λ($a, $b)<n-n:n>{", "/a+(b|c)*/i", "`a b`", "\"", "'", "\\u00e9", "1e308", "0.1", "9007199254740993", "null", "true", "$map(", "$filter(",
        "$reduce(", "$sort(", "$string(", "$number(", "$formatNumber(1.5, '#,##0.00')", "$toMillis(", "$fromMillis(0, '[Y0001]-[M01]-[D01]')", "$formatInteger(12, 'w')", "$replace(", "$match(", "$split(",
        "$eval(", "$merge(", "$partition([1..9], 2)", "$range(0, 9, 3)", "$hash('a', 'SHA-256')", "$parse('{}')", "[1..1000]", "$power(2, 1000)", "$each(", "$sift(", "$spread(", "$lookup(", " ", "/* c */", "é", "\uD83D\uDE00",
    ];

    public IEnumerable<byte[]> Corpus() => [.. FuzzTargets.Lines("jsonata.txt"), .. Suite()];

    public bool Run(byte[] input)
    {
        string text = Encoding.UTF8.GetString(input);
        bool standard = TryRun(text, Standard);
        return TryRun(text, OfAsl) || standard;
    }

    private static bool TryRun(string text, JsonataOptions options)
    {
        JsonataExpression expression;
        try
        {
            expression = JsonataExpression.Compile(text, options);
        }
        catch (JsonataException)
        {
            return false;
        }

        string first = Outcome(expression);
        string again = Outcome(expression);
        return first == again ? true : throw new InvalidOperationException($"It gives {first}, and then {again}.");
    }

    private static string Outcome(JsonataExpression expression)
    {
        try
        {
            return expression.Evaluate(Document, Bindings, new JsonataContext(1_767_323_045_000, 7, Limits))?.ToString() ?? "undefined";
        }
        catch (JsonataException failure)
        {
            return failure.Code;
        }
    }

    private static IEnumerable<byte[]> Suite() => FuzzTargets.Beside("jsonata/groups")
        .Select(file => JsonValue.Parse(Encoding.UTF8.GetString(file)))
        .SelectMany(value => value as IEnumerable<JsonValue> ?? [value])
        .OfType<JsonObject>()
        .Select(test => test["expr"])
        .OfType<JsonString>()
        .Select(expression => Encoding.UTF8.GetBytes(expression.Value));
}
