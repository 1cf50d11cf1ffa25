using System.Text;
using System.Text.Json;
using Lockstep.Json.Paths;

namespace Lockstep.Json.Tests.Fuzz;

/// <summary>
/// Parsers answer every input: they never throw, hang, or exceed a limit. The framework's reader is asked as well, so that the two agree on
/// what JSON is.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private static readonly JsonDocumentOptions OracleOptions = new() { MaxDepth = 1_000 };

    [Fact]
    public void Reader_answers_every_input()
    {
        string[] files = Directory.GetFiles(Path.Combine(FuzzSource.CorpusFolder, "reader"));
        byte[][] corpus = [.. files.Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
        byte[][] tokens = Tokens(
            "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\uD83D",
             "null", "tru", "-", "1e", "0", "1", ".5", "E+", " ", "\n", "\0", "{\"a\":", "[[", "é", "\uFEFF");
        var source = new FuzzSource(corpus, tokens);
        int accepted = 0;
        for (int i = 0; i < FuzzSource.Iterations; i++)
        {
            byte[] input = source.Next();
            JsonReadResult result = JsonReader.Read(input);
            accepted += result.IsSuccess ? 1 : 0;
            AssertSound(input, result);
            JsonLocator.TryLocate(input, result.Error?.Pointer ?? "/a/0", out _, key: i % 2 == 0);
        }

        output.WriteLine($"{FuzzSource.Iterations} inputs, {accepted} of them JSON.");
    }

    [Fact]
    public void Paths_answer_every_input()
    {
        byte[][] corpus = [.. File.ReadLines(Path.Combine(FuzzSource.CorpusFolder, "paths.txt")).Select(Encoding.UTF8.GetBytes)];
        byte[][] tokens = Tokens(
            "$", "@", ".", "..", "[", "]", "(", ")", "?", "[?(", "!", "*", ",", ":", "'", "\"", "\\", "/",
            "==", "=~", "&&", "||", "in", "-1", "9999999999", "1e", "{", "}", ".length()", "['a']", "(a+)+", "{9}", " ", "é");
        var source = new FuzzSource(corpus, tokens);
        JsonValue[] documents =
        [
            JsonValue.Parse("{\"a\":[{\"b\":1,\"name\":\"ab/d\",\"tags\":[\"x\"]},[2],\"s\"],\"b\":[[1],2]}"),
            JsonValue.Parse("[{\"a\":{\"a\":[1,2]}},3]"),
        ];
        var limits = new JsonPathLimits { MaxVisitedNodes = 2_000 };
        int accepted = 0;
        for (int i = 0; i < FuzzSource.Iterations; i++)
        {
            string input = Encoding.UTF8.GetString(source.Next());
            if (!JsonPath.TryParse(input, out JsonPath? path, out JsonPathError? error))
            {
                Assert.InRange(error.Offset, 0, input.Length);
                Assert.NotEmpty(error.Message);
                continue;
            }

            accepted++;
            Assert.Equal(input, path.Text);
            foreach (JsonValue document in documents)
            {
                JsonPathResult result = path.Evaluate(document, limits);
                Assert.False(result.Found && result.LimitExceeded);
                Assert.Equal(result.Value?.ToString(), path.Evaluate(document, limits).Value?.ToString());
            }
        }

        output.WriteLine($"{FuzzSource.Iterations} inputs, {accepted} of them paths.");
    }

    private static void AssertSound(byte[] input, JsonReadResult result)
    {
        if (result.TryGetValue(out JsonValue? value, out JsonReadError? error))
        {
            Assert.InRange(value.Depth, 0, JsonReadLimits.Default.MaxDepth);
            byte[] printed = value.ToUtf8();
            Assert.Equal(value.Utf8Length, printed.Length);
            Assert.Equal(value, JsonReader.Read(printed).Value);
            Assert.True(input.AsSpan().StartsWith("\uFEFF"u8) || IsJson(input), Describe(input));
            return;
        }

        Assert.InRange(error.ByteOffset, 0, input.Length);
        Assert.True(error.Line > 0 && error.Column > 0);
        if (error.Code is JsonReadErrorCode.Syntax or JsonReadErrorCode.UnexpectedEnd or JsonReadErrorCode.TrailingText)
        {
            Assert.False(IsJson(input), Describe(input));
        }
    }

    private static bool IsJson(byte[] input)
    {
        try
        {
            JsonDocument.Parse(input, OracleOptions).Dispose();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Describe(byte[] input) => $"The two readers disagree about {Convert.ToHexString(input)}";

    private static byte[][] Tokens(params string[] tokens) => [.. tokens.Select(Encoding.UTF8.GetBytes)];
}
