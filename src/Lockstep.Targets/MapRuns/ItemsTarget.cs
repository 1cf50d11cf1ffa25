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
/// <param name="open">Compressed files that stay open between reads.</param>
/// <param name="maxItemBytes">Bytes that an item may have.</param>
internal sealed class ItemsTarget(IObjectStore objects, OpenFiles open, int maxItemBytes) : ITaskTarget
{
    private const int MaxKeysAtOnce = 1_000;
    private const int MaxManifestBytes = 8 * 1024 * 1024;

    /// <inheritdoc/>
    public async ValueTask<TaskOutcome> InvokeAsync(TaskInvocation invocation, CancellationToken cancellation)
    {
        ItemsRequest request = ItemsRequest.Read(invocation.Parameters);
        try
        {
            ItemsAnswer answer = request.Format switch
            {
                { ListsObjects: true, Flattens: true } => await LoadAsync(invocation.Tenant, request, cancellation),
                { ListsObjects: true } => await ListAsync(invocation.Tenant, request, cancellation),
                { IsAthenaData: true } or { InputType: "MANIFEST" } => await ReadListedAsync(invocation.Tenant, request, cancellation),
                _ => await ReadAsync(invocation.Tenant, request, cancellation),
            };
            return new TaskAnswered(answer.ToJson());
        }
        catch (ItemReadException unreadable)
        {
            return new TaskRefused(StatesErrorNames.ItemReaderFailed, unreadable.Message);
        }
    }

    private ReadBounds Bounds(ItemsRequest request) => new(request.MaxItems, maxItemBytes, maxItemBytes);

    private async ValueTask<ItemsAnswer> ReadAsync(TenantId tenant, ItemsRequest request, CancellationToken cancellation)
    {
        var place = new ObjectPlace(tenant, Text(request, "Bucket"), Text(request, "Key"));
        var point = new FilePoint(request.Version, request.Cursor);
        (FileItems read, string version) = await new ItemFiles(objects, open).ReadAsync(place, request.Format, point, Bounds(request), cancellation);
        return new ItemsAnswer(read.Items, read.Cursor, version)
        {
            Origins = ItemOrigins.Of(read.Items.Count, ItemOrigins.Uri(place.Bucket, place.Key), read.AreMembers),
        };
    }

    private async ValueTask<ItemsAnswer> ReadListedAsync(TenantId tenant, ItemsRequest request, CancellationToken cancellation)
    {
        var place = new ObjectPlace(tenant, Text(request, "Bucket"), Text(request, "Key"));
        if (ObjectNames.Check(place) is { } badName)
        {
            throw new ItemReadException(badName.Message);
        }

        await using OpenObject opened = await objects.OpenAsync(place, 0, cancellation)
            ?? throw new ItemReadException($"There is no object \"{place.Key}\" in the bucket \"{place.Bucket}\".");
        if (request.Version is not null && request.Version != opened.Record.ETag)
        {
            throw new ItemReadException($"The object \"{place.Key}\" in the bucket \"{place.Bucket}\" has changed while it was read.");
        }

        byte[] manifest = await ManifestAsync(opened, cancellation);
        IReadOnlyList<ObjectPlace> listed;
        ItemFormat format = request.Format;
        if (format.IsAthenaData)
        {
            listed = AthenaManifest.Read(tenant, manifest);
        }
        else
        {
            InventoryManifest inventory = InventoryManifest.Read(tenant, ItemJson.Read(manifest, 0), place.Bucket);
            (listed, format) = (inventory.Files, new ItemFormat(false, "CSV", null, inventory.Columns, ','));
        }

        var files = new ItemFiles(objects, open) { Decompresses = true };
        ItemsAnswer answer = await new ListedItems(new ManifestFiles(listed), files, format, Bounds(request)).ReadAsync(request.Cursor, cancellation);
        return answer with { Version = opened.Record.ETag };
    }

    private static async ValueTask<byte[]> ManifestAsync(OpenObject opened, CancellationToken cancellation)
    {
        ObjectPlace place = opened.Record.Place;
        if (opened.Record.Size > MaxManifestBytes)
        {
            throw new ItemReadException(string.Create(
                CultureInfo.InvariantCulture, $"The manifest \"{place.Key}\" has {opened.Record.Size} bytes; a manifest may have {MaxManifestBytes}."));
        }

        using var content = new MemoryStream();
        await opened.Content.CopyToAsync(content, cancellation);
        return content.ToArray();
    }

    private async ValueTask<ItemsAnswer> LoadAsync(TenantId tenant, ItemsRequest request, CancellationToken cancellation)
    {
        string bucket = Text(request, "Bucket");
        if (ObjectNames.CheckBucket(bucket) is { } badName)
        {
            throw new ItemReadException(badName.Message);
        }

        await CheckHoldsAsync(tenant, bucket, cancellation);
        var listed = new ListedFiles(objects, tenant, bucket, OptionalText(request, "Prefix") ?? "", OptionalText(request, "StartAfter"));
        return await new ListedItems(listed, new ItemFiles(objects, open), request.Format, Bounds(request)).ReadAsync(request.Cursor, cancellation);
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
        if (listed.Items.Count == 0 && request.Cursor is null)
        {
            await CheckHoldsAsync(tenant, bucket, cancellation);
        }

        return new ItemsAnswer(JsonArray.Of([.. listed.Items.Select(ItemOf)]), listed.Next, null)
        {
            Origins = ItemOrigins.Of(listed.Items.Count, ItemOrigins.Uri(bucket)),
        };
    }

    private async ValueTask CheckHoldsAsync(TenantId tenant, string bucket, CancellationToken cancellation)
    {
        if ((await objects.ListAsync(tenant, bucket, "", new PageRequest(1, null), cancellation)).Items.Count == 0)
        {
            throw new ItemReadException($"There is no object in a bucket named \"{bucket}\".");
        }
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
