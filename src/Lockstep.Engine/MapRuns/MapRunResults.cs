using Lockstep.Json;

namespace Lockstep.Engine.MapRuns;

/// <summary>
/// The parameters with which a map run asks for its results: for as many as one call may go over, from where the call before ended.
/// </summary>
/// <param name="Children">How many children it has started: their indices are below.</param>
/// <param name="Destination">The arguments of the ResultWriter; null when the results are only collected.</param>
/// <param name="Transformation"><c>NONE</c>, <c>COMPACT</c> or <c>FLATTEN</c>.</param>
/// <param name="OutputType"><c>JSON</c> or <c>JSONL</c>.</param>
/// <param name="MapRunArn">The map run.</param>
/// <param name="MaxBytes">Bytes that the result of the state may have.</param>
/// <param name="Cursor">Where the call before ended; null for the first.</param>
public sealed record ResultsRequest(
    long Children, JsonValue? Destination, string Transformation, string OutputType, string MapRunArn, long MaxBytes, ResultsCursor? Cursor = null)
{
    /// <summary>Reads the parameters.</summary>
    public static ResultsRequest Read(JsonValue json) =>
        json is JsonObject request
            ? new ResultsRequest(
                Calls.Number(request, "Children"),
                request["Destination"],
                Calls.Text(request, "Transformation") ?? throw Calls.Malformed("results"),
                Calls.Text(request, "OutputType") ?? throw Calls.Malformed("results"),
                Calls.Text(request, "MapRunArn") ?? throw Calls.Malformed("results"),
                Calls.Number(request, "MaxBytes"),
                ResultsCursor.Read(request["Cursor"]))
            : throw Calls.Malformed("results");

    /// <summary>Writes the parameters.</summary>
    public JsonObject ToJson()
    {
        JsonObjectBuilder request = new JsonObjectBuilder()
            .Add("Children", JsonNumber.Of(Children))
            .Add("Transformation", JsonString.Of(Transformation))
            .Add("OutputType", JsonString.Of(OutputType))
            .Add("MapRunArn", JsonString.Of(MapRunArn))
            .Add("MaxBytes", JsonNumber.Of(MaxBytes));
        if (Destination is not null)
        {
            request.Add("Destination", Destination);
        }

        if (Cursor is not null)
        {
            request.Add("Cursor", Cursor.ToJson());
        }

        return request.Build();
    }
}

/// <summary>How far the results of a map run are gone over. It has the same size however many there are.</summary>
/// <param name="Next">Index of the child with which to go on.</param>
/// <param name="Written">Children whose results were written so far.</param>
/// <param name="SucceededFiles">Files written so far with results of children that succeeded.</param>
/// <param name="FailedFiles">Files written so far with results of children that did not.</param>
/// <param name="Bytes">Bytes of the results that were collected so far.</param>
public sealed record ResultsCursor(long Next, long Written, long SucceededFiles, long FailedFiles, long Bytes)
{
    /// <summary>Before the first child.</summary>
    public static ResultsCursor Start { get; } = new(0, 0, 0, 0, 0);

    internal static ResultsCursor? Read(JsonValue? json) => json switch
    {
        null => null,
        JsonObject cursor => new ResultsCursor(
            Calls.Number(cursor, "Next"),
            Calls.Number(cursor, "Written"),
            Calls.Number(cursor, "SucceededFiles"),
            Calls.Number(cursor, "FailedFiles"),
            Calls.Number(cursor, "Bytes")),
        _ => throw Calls.Malformed("results"),
    };

    internal JsonObject ToJson() => JsonObject.Of(
        new JsonProperty("Next", JsonNumber.Of(Next)),
        new JsonProperty("Written", JsonNumber.Of(Written)),
        new JsonProperty("SucceededFiles", JsonNumber.Of(SucceededFiles)),
        new JsonProperty("FailedFiles", JsonNumber.Of(FailedFiles)),
        new JsonProperty("Bytes", JsonNumber.Of(Bytes)));
}

/// <summary>The results, or a part of them.</summary>
/// <param name="Output">The result of the Map state; null when it is what was collected, or when there is more to go over.</param>
/// <param name="Written">Children whose results were written so far.</param>
public sealed record ResultsAnswer(JsonValue? Output, long Written)
{
    /// <summary>Results of this call, to be put behind those of the calls before; null where they are written.</summary>
    public JsonArray? Collected { get; init; }

    /// <summary>Where to go on; null when all results are gone over.</summary>
    public ResultsCursor? Next { get; init; }

    /// <summary>Writes the answer.</summary>
    public JsonObject ToJson()
    {
        JsonObjectBuilder answer = new JsonObjectBuilder().Add("Written", JsonNumber.Of(Written));
        if (Output is not null)
        {
            answer.Add("Output", Output);
        }

        if (Collected is not null)
        {
            answer.Add("Collected", Collected);
        }

        if (Next is not null)
        {
            answer.Add("Next", Next.ToJson());
        }

        return answer.Build();
    }

    /// <summary>Reads an answer.</summary>
    public static ResultsAnswer Read(JsonValue json) =>
        json is JsonObject answer && (answer.Contains("Output") || answer.Contains("Collected") || answer.Contains("Next"))
            ? new ResultsAnswer(answer["Output"], Calls.Number(answer, "Written"))
            {
                Collected = answer["Collected"] as JsonArray,
                Next = ResultsCursor.Read(answer["Next"]),
            }
            : throw Calls.Malformed("results");
}
