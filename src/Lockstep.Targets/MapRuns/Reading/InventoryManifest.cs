using Lockstep.Json;
using Lockstep.Service.Objects;
using Lockstep.Service.Tenancy;

namespace Lockstep.Targets.MapRuns.Reading;

/// <summary>A manifest.json of S3 Inventory: the files of a list of objects, and the names of their columns.</summary>
/// <param name="Files">The files, in their order.</param>
/// <param name="Columns">The names of the columns.</param>
internal sealed record InventoryManifest(IReadOnlyList<ObjectPlace> Files, JsonArray Columns)
{
    private const string BucketArn = "arn:aws:s3:::";

    /// <summary>Reads a manifest.</summary>
    /// <param name="tenant">Whose objects the files are.</param>
    /// <param name="json">The manifest.</param>
    /// <param name="bucket">Where the manifest is; the files are there too when it names no other bucket.</param>
    /// <exception cref="ItemReadException">It is none, or lists files of another format than CSV.</exception>
    public static InventoryManifest Read(TenantId tenant, JsonValue json, string bucket)
    {
        if (json is not JsonObject manifest || manifest["files"] is not JsonArray files || Text(manifest, "fileSchema") is not string schema)
        {
            throw new ItemReadException("The manifest has to be an object with \"files\" and \"fileSchema\", as S3 Inventory writes it.");
        }

        if (Text(manifest, "fileFormat") is string format && format != "CSV")
        {
            throw new ItemReadException($"The manifest lists files in the format {format}; CSV can be read.");
        }

        string place = Text(manifest, "destinationBucket") ?? bucket;
        place = place.StartsWith(BucketArn, StringComparison.Ordinal) ? place[BucketArn.Length..] : place;
        JsonValue[] columns = [.. schema.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(JsonString.Of)];
        return columns.Length == 0
            ? throw new ItemReadException("The \"fileSchema\" of the manifest names no column.")
            : new InventoryManifest([.. files.Select(file => FileOf(tenant, place, file))], JsonArray.Of(columns));
    }

    private static ObjectPlace FileOf(TenantId tenant, string bucket, JsonValue file)
    {
        string key = file is JsonObject entry && Text(entry, "key") is string named
            ? named
            : throw new ItemReadException("Every element of \"files\" in the manifest has to be an object with a \"key\".");
        var place = new ObjectPlace(tenant, bucket, key);
        return ObjectNames.Check(place) is { } badName ? throw new ItemReadException(badName.Message) : place;
    }

    private static string? Text(JsonObject json, string name) => (json[name] as JsonString)?.Value;
}
