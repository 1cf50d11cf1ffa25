using Lockstep.Json;

namespace Lockstep.Fuzz.Targets;

/// <summary>JSON: read, and what was read is written and read again.</summary>
internal sealed class JsonTarget : IFuzzTarget
{
    public string Name => "json";

    public bool IsJson => true;

    public IReadOnlyList<string> Tokens { get; } =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\uD83D", "\\uDE00", "\\n", "null", "tru", "-", "1e", "0", "1", ".5", "E+", "1e400", "-0", " ", "\n", "\0", "{\"a\":", "[[", "é", "\uFEFF",
        "123456789012345678901234567890", "0.1000", "\u007f",
    ];

    public IEnumerable<byte[]> Corpus() => FuzzTargets.Files("tests/Lockstep.Json.Tests/Fuzz/corpus/reader", "*.json");

    public bool Run(byte[] input)
    {
        JsonReadResult read = JsonReader.Read(input);
        if (!read.IsSuccess)
        {
            JsonLocator.TryLocate(input, read.Error?.Pointer ?? "/a/0", out _);
            return false;
        }

        string text = read.Value.ToString();
        JsonReadResult again = JsonReader.Read(text);
        return again.IsSuccess && again.Value.Equals(read.Value) && again.Value.ToString() == text
            ? true
            : throw new InvalidOperationException($"It was written as {text}, which is something else.");
    }
}
