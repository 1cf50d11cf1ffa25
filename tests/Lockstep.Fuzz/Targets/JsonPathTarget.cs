using System.Text;
using Lockstep.Json;
using Lockstep.Json.Paths;
using Lockstep.TestKit;

namespace Lockstep.Fuzz.Targets;

/// <summary>JSONPath: parsed, and evaluated within a bounded number of visited nodes.</summary>
internal sealed class JsonPathTarget : IFuzzTarget
{
    private static readonly JsonPathLimits Limits = new() { MaxVisitedNodes = 50_000 };

    private static readonly JsonValue Document = JsonValue.Parse(
        """{"a":{"b":[1,2.50,{"c":"x","d":null}],"é":true},"store":{"book":[{"price":8.95,"isbn":"0-1","tags":["x","y"]},{"price":22,"title":"(a+)+$"}]},"":[[],{}]}""");

    public string Name => "jsonpath";

    public bool IsJson => false;

    public IReadOnlyList<string> Tokens { get; } =
    [
        "$", "@", ".", "..", "[", "]", "(", ")", "?", "[?(", "!", "*", ",", ":", "'", "\"", "\\", "/", "==", "!=", "<=", ">", "=~", "&&", "||", " in ", " nin ", " subsetof ", " size ", " empty ", "-1", "0",
        "9999999999", "1e5", "{", "}", ".length()", ".min()", ".concat(", "['a']", "[0:3:2]", "[-1:]", "(a+)+", "{9}", "/i", "null", "true", " ", "é", "\uD83D\uDE00",
    ];

    public IEnumerable<byte[]> Corpus() =>
    [
        .. File.ReadLines(Repository.PathOf("tests/Lockstep.Json.Tests/Fuzz/corpus/paths.txt")).Where(line => line.Length > 0).Select(Encoding.UTF8.GetBytes),
        .. Selectors(),
    ];

    public bool Run(byte[] input)
    {
        string text = Encoding.UTF8.GetString(input);
        if (ReferencePath.TryParse(text, out ReferencePath? place, out _))
        {
            place.Evaluate(Document);
            place.Set(Document, JsonBoolean.True);
        }

        if (!JsonPath.TryParse(text, out JsonPath? path, out JsonPathError? error))
        {
            return error.Offset >= 0 && error.Offset <= text.Length
                ? false
                : throw new InvalidOperationException($"The offset {error.Offset} lies outside the text.");
        }

        JsonPathResult first = path.Evaluate(Document, Limits);
        if (!JsonPath.TryParse(path.Text, out JsonPath? again, out _) || !Equals(first.Value, again.Evaluate(Document, Limits).Value))
        {
            throw new InvalidOperationException("The text of the path means something else.");
        }

        return true;
    }

    private static IEnumerable<byte[]> Selectors() => SharedData.Find("jsonpath-cts.json") is { } path
        ? ((JsonArray)((JsonObject)JsonValue.Parse(File.ReadAllText(path)))["tests"]!).OfType<JsonObject>() // The suite's format has it.
            .Select(test => test["selector"]).OfType<JsonString>().Select(selector => Encoding.UTF8.GetBytes(selector.Value))
        : [];
}
