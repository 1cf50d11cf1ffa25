using System.Globalization;
using Lockstep.Asl.Evaluation;
using Lockstep.Engine.MapRuns;
using Lockstep.Json;
using Lockstep.Service.Objects;
using Lockstep.Service.Paging;
using Lockstep.Service.Targets;
using Lockstep.Service.Tenancy;
using Lockstep.Targets.MapRuns.Reading;

namespace Lockstep.Targets.MapRuns;

/// <summary>
/// Reads the next items of a map run, from where the read before ended. The content must not change meanwhile: then the map run fails rather than take
/// items of two contents. Repeated, the same read gives the same items.
/// </summary>
/// <param name="objects">Where the items are.</param>
/// <param name="maxItemBytes">Bytes that an item may have.</param>
internal sealed class ItemsTarget(IObjectStore objects, int maxItemBytes) : ITaskTarget
{
    private const int MaxKeysAtOnce = 1_000;
    private const int MaxManifestBytes = 8 * 1024 * 1024;

    /// <inheritdoc/>
    public async ValueTask<TaskOutcome> InvokeAsync(TaskInvocation invocation, CancellationToken cancellation)
    {
        ItemsRequest request = ItemsRequest.Read(invocation.Parameters);
        try
        {
            ItemsAnswer answer = request.Format.ListsObjects
                ? await ListAsync(invocation.Tenant, request, cancellation)
                : await ReadAsync(invocation.Tenant, request, cancellation);
            return new TaskAnswered(answer.ToJson());
        }
        catch (ItemReadException unreadable)
        {
            return new TaskRefused(StatesErrorNames.ItemReaderFailed, unreadable.Message);
        }
    }

    private async ValueTask<ItemsAnswer> ReadAsync(TenantId tenant, ItemsRequest request, CancellationToken cancellation)
    {
        var place = new ObjectPlace(tenant, Text(request, "Bucket"), Text(request, "Key"));
        long offset = request.Cursor is null ? 0 : request.Format.InputType switch
        {
            "CSV" => CsvRows.OffsetOf(request.Cursor),
            "MANIFEST" => 0,
            _ => JsonElements.OffsetOf(request.Cursor),
        };
        if (ObjectNames.Check(place) is { } badName)
        {
            throw new ItemReadException(badName.Message);
        }

        await using OpenObject opened = await objects.OpenAsync(place, offset, cancellation)
            ?? throw new ItemReadException($"There is no object \"{place.Key}\" in the bucket \"{place.Bucket}\".");
        if (request.Version is not null && request.Version != opened.Record.ETag)
        {
            throw new ItemReadException($"The object \"{place.Key}\" in the bucket \"{place.Bucket}\" has changed while it was read.");
        }

        var bounds = new ReadBounds(request.MaxItems, maxItemBytes, maxItemBytes);
        if (request.Format.InputType == "MANIFEST")
        {
            InventoryManifest manifest = await ManifestAsync(opened, cancellation);
            return await new InventoryItems(objects, manifest, bounds).ReadAsync(request.Cursor, cancellation) with { Version = opened.Record.ETag };
        }

        FileItems read = request.Format.InputType switch
        {
            "CSV" => await CsvRows.ReadAsync(opened.Content, request.Cursor, request.Format, bounds, cancellation),
            "JSONL" => await JsonLines.ReadAsync(opened.Content, offset, bounds, cancellation),
            "JSON" => await JsonElements.ReadAsync(opened.Content, request.Cursor, request.Format.ItemsPointer, bounds, cancellation),
            _ => throw new ItemReadException($"The InputType {request.Format.InputType} cannot be read."),
        };
        return new ItemsAnswer(read.Items, read.Cursor, opened.Record.ETag)
        {
            Origins = ItemOrigins.Of(read.Items.Count, ItemOrigins.Uri(place.Bucket, place.Key), read.AreMembers),
        };
    }

    private static async ValueTask<InventoryManifest> ManifestAsync(OpenObject opened, CancellationToken cancellation)
    {
        ObjectPlace place = opened.Record.Place;
        if (opened.Record.Size > MaxManifestBytes)
        {
            throw new ItemReadException(string.Create(
                CultureInfo.InvariantCulture, $"The manifest \"{place.Key}\" has {opened.Record.Size} bytes; a manifest may have {MaxManifestBytes}."));
        }

        using var content = new MemoryStream();
        await opened.Content.CopyToAsync(content, cancellation);
        return InventoryManifest.Read(place.Tenant, ItemJson.Read(content.ToArray(), 0), place.Bucket);
    }

    private async ValueTask<ItemsAnswer> ListAsync(TenantId tenant, ItemsRequest request, CancellationToken cancellation)
    {
        string bucket = Text(request, "Bucket");
        string prefix = OptionalText(request, "Prefix") ?? "";
        if (ObjectNames.CheckBucket(bucket) is { } badName)
        {
            throw new ItemReadException(badName.Message);
        }

        var page = new PageRequest((int)Math.Min(request.MaxItems, MaxKeysAtOnce), request.Cursor ?? OptionalText(request, "StartAfter"));
        Page<ObjectRecord> listed = await objects.ListAsync(tenant, bucket, prefix, page, cancellation);
        if (listed.Items.Count == 0 && request.Cursor is null
            && (await objects.ListAsync(tenant, bucket, "", new PageRequest(1, null), cancellation)).Items.Count == 0)
        {
            throw new ItemReadException($"There is no object in a bucket named \"{bucket}\".");
        }

        return new ItemsAnswer(JsonArray.Of([.. listed.Items.Select(ItemOf)]), listed.Next, null)
        {
            Origins = ItemOrigins.Of(listed.Items.Count, ItemOrigins.Uri(bucket)),
        };
    }

    private static JsonObject ItemOf(ObjectRecord record) => JsonObject.Of(
        new JsonProperty("Etag", JsonString.Of($"\"{record.ETag}\"")),
        new JsonProperty("LastModified", JsonNumber.Of(record.LastModified.ToUnixTimeSeconds())),
        new JsonProperty("Key", JsonString.Of(record.Place.Key)),
        new JsonProperty("Size", JsonNumber.Of(record.Size)),
        new JsonProperty("StorageClass", JsonString.Of("STANDARD")));

    private static string Text(ItemsRequest request, string name) =>
        OptionalText(request, name) ?? throw new ItemReadException($"{name} is needed, and must be a string.");

    private static string? OptionalText(ItemsRequest request, string name) => ((request.Source as JsonObject)?[name] as JsonString)?.Value;
}
