using System.Globalization;
using Lockstep.Engine.MapRuns;
using Lockstep.Json;
using Lockstep.Service.Executions;
using Lockstep.Service.Objects;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Targets.MapRuns;

/// <summary>
/// The objects that a ResultWriter leaves, as AWS does: results of children that succeeded and of those that did not, in numbered files of bounded size, and a
/// manifest that names them. A call writes one file of each kind at most; the files themselves say how large they are when the manifest is written, so
/// nothing has to be remembered of them but how many there are.
/// </summary>
internal sealed class ResultFiles(IObjectStore objects, TenantId tenant, string bucket, string folder, string outputType) : IDisposable
{
    /// <summary>The name of the manifest in the folder of the map run.</summary>
    public const string Manifest = "manifest.json";

    private const int MaxFileBytes = 8 * 1024 * 1024;
    private const int NamesAtOnce = 1_000;
    private const string ContentType = "application/json";
    private const string Succeeded = "SUCCEEDED";
    private const string Failed = "FAILED";

    private readonly MemoryStream _succeeded = new();
    private readonly MemoryStream _failed = new();

    /// <summary>Whether a file has as many bytes as it should; then both are to be put.</summary>
    public bool AreFull => _succeeded.Length >= MaxFileBytes || _failed.Length >= MaxFileBytes;

    private bool IsLines => outputType == "JSONL";

    private string Extension => IsLines ? ".jsonl" : ".json";

    /// <summary>The folder of a map run: below the prefix, under the map run's name.</summary>
    public static string FolderOf(string prefix, ExecutionKey run)
    {
        string name = run.Id[(run.Id.IndexOf(':', StringComparison.Ordinal) + 1)..];
        string above = prefix.Trim('/');
        return above.Length == 0 ? name + "/" : $"{above}/{name}/";
    }

    /// <summary>Adds a result.</summary>
    public void Add(bool succeeded, JsonValue result)
    {
        MemoryStream file = succeeded ? _succeeded : _failed;
        file.Write(file.Length == 0 ? (IsLines ? ""u8 : "["u8) : IsLines ? "\n"u8 : ","u8);
        file.Write(result.ToUtf8());
    }

    /// <summary>Puts what was added behind the files that the cursor counts; the cursor after it.</summary>
    public async ValueTask<ResultsCursor> PutAsync(ResultsCursor cursor, CancellationToken cancellation) => cursor with
    {
        SucceededFiles = cursor.SucceededFiles + await PutAsync(Succeeded, cursor.SucceededFiles, _succeeded, cancellation),
        FailedFiles = cursor.FailedFiles + await PutAsync(Failed, cursor.FailedFiles, _failed, cancellation),
    };

    /// <summary>Writes the manifest of the files that the cursor counts.</summary>
    public async ValueTask PutManifestAsync(string mapRunArn, ResultsCursor cursor, CancellationToken cancellation)
    {
        JsonObject manifest = JsonObject.Of(
            new JsonProperty("DestinationBucket", JsonString.Of(bucket)),
            new JsonProperty("MapRunArn", JsonString.Of(mapRunArn)),
            new JsonProperty("ResultFiles", JsonObject.Of(
                new JsonProperty(Failed, await ListAsync(Failed, cursor.FailedFiles, cancellation)),
                new JsonProperty("PENDING", JsonArray.Empty),
                new JsonProperty(Succeeded, await ListAsync(Succeeded, cursor.SucceededFiles, cancellation)))));
        await objects.PutAsync(
            new ObjectPlace(tenant, bucket, folder + Manifest), ContentType, new MemoryStream(manifest.ToUtf8(), writable: false), cancellation);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _succeeded.Dispose();
        _failed.Dispose();
    }

    private async ValueTask<int> PutAsync(string status, long number, MemoryStream content, CancellationToken cancellation)
    {
        if (content.Length == 0)
        {
            return 0;
        }

        if (!IsLines)
        {
            content.Write("]"u8);
        }

        content.Position = 0;
        await objects.PutAsync(new ObjectPlace(tenant, bucket, KeyOf(status, number)), ContentType, content, cancellation);
        content.SetLength(0);
        return 1;
    }

    private string KeyOf(string status, long number) =>
        string.Create(CultureInfo.InvariantCulture, $"{folder}{status}_{number}{Extension}");

    /// <summary>The files of a kind in the order of their numbers; whatever else is in the folder is none of them.</summary>
    private async ValueTask<JsonArray> ListAsync(string status, long count, CancellationToken cancellation)
    {
        string prefix = $"{folder}{status}_";
        SortedDictionary<long, JsonValue> files = [];
        string? cursor = null;
        while (files.Count < count)
        {
            Page<ObjectRecord> page = await objects.ListAsync(tenant, bucket, prefix, new PageRequest(NamesAtOnce, cursor), cancellation);
            foreach (ObjectRecord file in page.Items)
            {
                if (NumberOf(file.Place.Key, prefix) is { } number && number < count && file.Place.Key == KeyOf(status, number))
                {
                    files[number] = JsonObject.Of(
                        new JsonProperty("Key", JsonString.Of(file.Place.Key)), new JsonProperty("Size", JsonNumber.Of(file.Size)));
                }
            }

            cursor = page.Next;
            if (cursor is null)
            {
                break;
            }
        }

        return JsonArray.Of([.. files.Values]);
    }

    private long? NumberOf(string key, string prefix) =>
        key.EndsWith(Extension, StringComparison.Ordinal)
        && long.TryParse(key.AsSpan()[prefix.Length..^Extension.Length], NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : null;
}
