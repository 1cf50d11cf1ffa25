using System.Globalization;
using Lockstep.Json;

namespace Lockstep.Engine.MapRuns;

/// <summary>
/// What a Map state wants of its map run: the parameters of <see cref="MapRunResources.Run"/> and the input of the map run's own execution. The fields
/// of the state are evaluated already, but for the ItemSelector, which needs each item.
/// </summary>
/// <param name="Json">The request as it is stored and sent.</param>
public sealed record MapRunRequest(JsonObject Json)
{
    /// <summary>The map run's ARN.</summary>
    public string Arn => Text("MapRunArn");

    /// <summary>The last part of the ARN, which no other map run has.</summary>
    public string Name => Text("Name");

    /// <summary>Stands in ARNs between the machine and the name.</summary>
    public string Label => Text("Label");

    /// <summary>Index of the Map state in the compiled machine.</summary>
    public int MapState => (int)(Number("MapState") ?? 0);

    /// <summary>The items; null when an ItemReader reads them.</summary>
    public JsonArray? Items => Json["Items"] as JsonArray;

    /// <summary>Whether the items are the members of an object.</summary>
    public bool AreMembers => Json.Contains("Members");

    /// <summary>The arguments of the ItemReader; null when the items are given.</summary>
    public JsonValue? Source => Json["Source"];

    /// <summary>Items to read at most; 0 means no cap.</summary>
    public long MaxItems => Number("MaxItems") ?? 0;

    /// <summary>What <c>$</c> means in the ItemSelector.</summary>
    public JsonValue Input => Json["Input"] ?? JsonNull.Instance;

    /// <summary>The context object that the ItemSelector sees, without <c>Map</c>.</summary>
    public JsonObject Context => Json["Context"] as JsonObject ?? JsonObject.Empty;

    /// <summary>The variables that the ItemSelector sees.</summary>
    public JsonObject Variables => Json["Variables"] as JsonObject ?? JsonObject.Empty;

    /// <summary>Items of a batch at most; null when only the bytes count.</summary>
    public long? MaxItemsPerBatch => Number("MaxItemsPerBatch");

    /// <summary>Bytes of a batch at most; null when there is no other limit than that of payloads.</summary>
    public long? MaxInputBytesPerBatch => Number("MaxInputBytesPerBatch");

    /// <summary>What every batch carries besides its items; null for nothing.</summary>
    public JsonValue? BatchInput => Json["BatchInput"];

    /// <summary>The arguments of the ResultWriter; null when nothing is written.</summary>
    public JsonValue? Destination => Json["Destination"];

    /// <summary>How many children may run at a time, and how many may fail, as the state says.</summary>
    public MapRunSettings Settings => new(Number("MaxConcurrency") ?? 0, Number("ToleratedFailureCount"), Json["ToleratedFailurePercentage"] as JsonNumber);

    /// <summary>Children at most that the service runs at a time for a map run, whatever the state says; null in a request that no service has taken.</summary>
    public long? MostConcurrency => Number("MostConcurrency");

    /// <summary>Items that are read at a time; null in a request that no service has taken.</summary>
    public long? ItemsAtOnce => Number("ItemsAtOnce");

    /// <summary>How often the map run has been redriven with this; 0 for its start.</summary>
    public int Redrives => (int)(Number("Redrives") ?? 0);

    /// <summary>The request for a redrive of the same map run, or for its start, where it had none.</summary>
    public MapRunRequest Redriven(int redrives) => new(Json.With("Redrives", JsonNumber.Of(redrives)));

    /// <summary>The request with the limits of the service that takes it. They hold for the life of the map run.</summary>
    public MapRunRequest Within(int mostConcurrency, int itemsAtOnce) => new(Json
        .With("MostConcurrency", JsonNumber.Of(mostConcurrency))
        .With("ItemsAtOnce", JsonNumber.Of(itemsAtOnce)));

    private string Text(string name) => (Json[name] as JsonString)?.Value ?? throw Malformed(name);

    private long? Number(string name) => Json[name] switch
    {
        null => null,
        JsonNumber number when number.TryGetInt64(out long value) => value,
        _ => throw Malformed(name),
    };

    private static InvalidOperationException Malformed(string name) =>
        new(string.Create(CultureInfo.InvariantCulture, $"The request for a map run has no valid {name}."));
}

/// <summary>What of a map run may be changed while it runs.</summary>
/// <param name="MaxConcurrency">Children that may run at a time; 0 means as many as the service allows.</param>
/// <param name="ToleratedFailureCount">Items that may fail; null when the count does not matter.</param>
/// <param name="ToleratedFailurePercentage">Per cent of the items that may fail; null when the share does not matter.</param>
public sealed record MapRunSettings(long MaxConcurrency, long? ToleratedFailureCount, JsonNumber? ToleratedFailurePercentage);
