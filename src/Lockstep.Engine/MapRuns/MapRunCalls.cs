using Lockstep.Asl.Compiled;
using Lockstep.Json;

namespace Lockstep.Engine.MapRuns;

/// <summary>The parameters with which a map run starts a child.</summary>
/// <param name="Index">Counts the children of a map run from 0; the child is named after it.</param>
/// <param name="Input">The child's input.</param>
public sealed record MapChildRequest(long Index, JsonValue Input)
{
    /// <summary>
    /// Whether the child may have been started before the map run was redriven: one that did not succeed is redriven, one that was never stored is started.
    /// </summary>
    public bool IsRedriven { get; init; }

    /// <summary>Whether the child is known to be stored, so that it has its input, and <see cref="Input"/> says nothing.</summary>
    public bool IsStored { get; init; }

    /// <summary>Reads the parameters.</summary>
    public static MapChildRequest Read(JsonValue json) =>
        json is not JsonObject request ? throw Calls.Malformed("a child")
        : request["Input"] is JsonValue input ? new MapChildRequest(Calls.Number(request, "Index"), input) { IsRedriven = request.Contains("Redriven") }
        : request.Contains("Redriven") ? new MapChildRequest(Calls.Number(request, "Index"), JsonNull.Instance) { IsRedriven = true, IsStored = true }
        : throw Calls.Malformed("a child");

    internal JsonObject ToJson()
    {
        JsonObjectBuilder request = new JsonObjectBuilder().Add("Index", JsonNumber.Of(Index));
        if (!IsStored)
        {
            request.Add("Input", Input);
        }

        if (IsRedriven)
        {
            request.Add("Redriven", JsonBoolean.True);
        }

        return request.Build();
    }
}

/// <summary>The parameters with which a map run asks for items.</summary>
/// <param name="MaxItems">Items to read at most.</param>
/// <param name="Cursor">Where the read before ended; null for the first.</param>
/// <param name="Version">Which content the read before found; null for the first.</param>
/// <param name="Source">The arguments of the ItemReader.</param>
/// <param name="Format">What is read, and how.</param>
public sealed record ItemsRequest(long MaxItems, string? Cursor, string? Version, JsonValue Source, ItemFormat Format)
{
    /// <summary>Reads the parameters.</summary>
    public static ItemsRequest Read(JsonValue json) => json is JsonObject request
        ? new ItemsRequest(
            Calls.Number(request, "MaxItems"),
            Calls.Text(request, "Cursor"),
            Calls.Text(request, "Version"),
            request["Source"] ?? JsonNull.Instance,
            ItemFormat.Read(request["Format"]))
        : throw Calls.Malformed("items");

    internal JsonObject ToJson()
    {
        JsonObjectBuilder request = new JsonObjectBuilder()
            .Add("MaxItems", JsonNumber.Of(MaxItems)).Add("Source", Source).Add("Format", Format.ToJson());
        Calls.Add(request, "Cursor", Cursor);
        Calls.Add(request, "Version", Version);
        return request.Build();
    }
}

/// <summary>What an ItemReader reads, and how.</summary>
/// <param name="ListsObjects">Whether the items are the objects of a bucket, not the content of one.</param>
/// <param name="InputType"><c>CSV</c>, <c>JSON</c> or <c>JSONL</c>; null when objects are listed.</param>
/// <param name="ItemsPointer">The array within a JSON document, as a JSON Pointer; null for the document itself.</param>
/// <param name="CsvHeaders">Names of the columns; null when the first row has them.</param>
/// <param name="CsvDelimiter">What stands between columns.</param>
public sealed record ItemFormat(bool ListsObjects, string? InputType, string? ItemsPointer, JsonArray? CsvHeaders, char CsvDelimiter)
{
    /// <summary>Whether the items are those in the objects that are listed, not the objects.</summary>
    public bool Flattens { get; init; }

    /// <summary>Whether the object is a manifest that Athena has written, and the format that of the files it lists.</summary>
    public bool IsAthenaData { get; init; }

    internal static ItemFormat Of(ItemReaderFields? reader) =>
        new(reader?.ListsObjects ?? false, reader?.InputType, reader?.ItemsPointer, reader?.CsvHeaders, reader?.CsvDelimiter ?? ',')
        {
            Flattens = reader?.Flattens ?? false,
            IsAthenaData = reader?.ManifestType == "ATHENA_DATA",
        };

    internal static ItemFormat Read(JsonValue? json) => json is JsonObject format
        ? new ItemFormat(
            format.Contains("ListsObjects"),
            Calls.Text(format, "InputType"),
            Calls.Text(format, "ItemsPointer"),
            format["CSVHeaders"] as JsonArray,
            Calls.Text(format, "CSVDelimiter")?[0] ?? ',')
        {
            Flattens = format.Contains("Flattens"),
            IsAthenaData = format.Contains("AthenaData"),
        }
        : throw Calls.Malformed("items");

    internal JsonObject ToJson()
    {
        var format = new JsonObjectBuilder();
        if (ListsObjects)
        {
            format.Add("ListsObjects", JsonBoolean.True);
        }

        if (Flattens)
        {
            format.Add("Flattens", JsonBoolean.True);
        }

        if (IsAthenaData)
        {
            format.Add("AthenaData", JsonBoolean.True);
        }

        Calls.Add(format, "InputType", InputType);
        Calls.Add(format, "ItemsPointer", ItemsPointer);
        if (CsvHeaders is not null)
        {
            format.Add("CSVHeaders", CsvHeaders);
        }

        return format.Add("CSVDelimiter", JsonString.Of(CsvDelimiter.ToString())).Build();
    }
}

/// <summary>Items that were read.</summary>
/// <param name="Items">The items, in their order.</param>
/// <param name="Cursor">Where to go on; null when there is nothing more.</param>
/// <param name="Version">Which content they come from; null when it has no version.</param>
public sealed record ItemsAnswer(JsonArray Items, string? Cursor, string? Version)
{
    /// <summary>Where the items come from, as <see cref="ItemOrigins"/> has it; empty when that is not known.</summary>
    public JsonArray Origins { get; init; } = JsonArray.Empty;

    /// <summary>Writes the answer.</summary>
    public JsonObject ToJson()
    {
        var answer = new JsonObjectBuilder().Add("Items", Items);
        Calls.Add(answer, "Cursor", Cursor);
        Calls.Add(answer, "Version", Version);
        if (Origins.Count > 0)
        {
            answer.Add("Origins", Origins);
        }

        return answer.Build();
    }

    internal static ItemsAnswer Read(JsonValue json) => json is JsonObject answer && answer["Items"] is JsonArray items
        ? new ItemsAnswer(items, Calls.Text(answer, "Cursor"), Calls.Text(answer, "Version")) { Origins = answer["Origins"] as JsonArray ?? JsonArray.Empty }
        : throw Calls.Malformed("items");
}

/// <summary>How the calls of map runs are written down.</summary>
internal static class Calls
{
    public static long Number(JsonObject json, string name) =>
        json[name] is JsonNumber number && number.TryGetInt64(out long value) ? value : throw Malformed(name);

    public static string? Text(JsonObject json, string name) => (json[name] as JsonString)?.Value;

    public static void Add(JsonObjectBuilder json, string name, string? text)
    {
        if (text is not null)
        {
            json.Add(name, JsonString.Of(text));
        }
    }

    public static InvalidOperationException Malformed(string what) => new($"A call of a map run for {what} is malformed.");
}
