using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lockstep.Engine.Commands;
using Lockstep.Engine.History;
using Lockstep.Engine.Stimuli;
using Lockstep.Engine.Tests.Support;
using Lockstep.Json;
using Lockstep.TestKit;

namespace Lockstep.Engine.Tests.Golden;

/// <summary>
/// Whole histories, kept as files: definition and input in NAME.json, what they must give in NAME.history.txt; a case may be stopped after some turns, and redriven. A difference is a change of
/// behaviour: it needs a new interpreter revision, or a reason why nobody can have relied on it. With LOCKSTEP_WRITE_GOLDEN=1 in the environment
/// the files are written instead.
/// </summary>
public sealed class GoldenHistoryTests
{
    public static TheoryData<string> Names() =>
        new(Directory.GetFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal));

    private static string Folder => Repository.PathOf("tests/Lockstep.Engine.Tests/Golden/Cases");

    [Theory]
    [MemberData(nameof(Names))]
    public void TheHistoryIsAsKept(string name)
    {
        var golden = (JsonObject)JsonValue.Parse(File.ReadAllText(Path.Combine(Folder, name + ".json")));
        string actual = HistoryOf(golden);
        string file = Path.Combine(Folder, name + ".history.txt");
        if (Environment.GetEnvironmentVariable("LOCKSTEP_WRITE_GOLDEN") == "1")
        {
            File.WriteAllText(file, actual);
        }

        Assert.Equal(File.ReadAllText(file).ReplaceLineEndings("\n"), actual);
    }

    private static string HistoryOf(JsonObject golden)
    {
        string definition = golden["definition"]?.ToString() ?? throw new InvalidDataException("A golden case without a definition.");
        var answers = new Dictionary<string, Queue<JsonValue>>(StringComparer.Ordinal);
        foreach (Lockstep.Json.JsonProperty state in golden["answers"] as JsonObject ?? JsonObject.Empty)
        {
            answers.Add(state.Name, new Queue<JsonValue>((JsonArray)state.Value));
        }

        var run = new Run(Machines.Load(definition));
        var driver = new Driver(run, call => Answer(answers, call, run.Now));
        run.Start(golden["input"]?.ToString() ?? "{}");
        driver.Drive(golden["stopAfterTurns"] is JsonNumber turns ? (int)turns.ToDouble() : 10_000);
        if (run.State.Status == ExecutionStatus.Running && golden["stopAfterTurns"] is not null)
        {
            run.Send(new StopRequested(run.Now, "Stopped", null));
        }

        foreach (JsonValue redrive in golden["redrives"] as JsonArray ?? JsonArray.Empty)
        {
            run.Now = run.Now.AddMinutes(1);
            run.Redrive(((JsonObject)redrive)["input"]);
            driver.Drive();
        }

        var text = new StringBuilder();
        foreach (HistoryEvent shown in run.History)
        {
            text.Append(Shown(shown)).Append('\n');
        }

        return text.ToString();
    }

    // An answer is {"output": …}, {"error": …, "cause": …} or null for none.
    private static Stimulus? Answer(Dictionary<string, Queue<JsonValue>> answers, InvokeTask call, DateTimeOffset now) =>
        answers[call.StateName].Dequeue() switch
        {
            JsonObject failed when failed["error"] is JsonString error =>
                new TaskFailed(now, call.Id, error.Value, (failed["cause"] as JsonString)?.Value),
            JsonObject succeeded when succeeded["output"] is JsonValue output => new TaskSucceeded(now, call.Id, output),
            _ => null,
        };

    private static string Shown(HistoryEvent shown)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            HistoryEventJson.Write(writer, shown);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
