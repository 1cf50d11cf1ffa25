using System.Globalization;
using Lockstep.Json;
using Lockstep.Service.Executions;
using Lockstep.Service.Objects;
using Lockstep.Service.Tenancy;

namespace Lockstep.Targets.MapRuns;

/// <summary>
/// The objects that a ResultWriter leaves, as AWS does: results of children that succeeded and of those that did not, in files of bounded size, and a
/// manifest that names them. No more than one file of each kind is in memory.
/// </summary>
internal sealed class ResultFiles(IObjectStore objects, TenantId tenant, string bucket, string folder, string outputType)
{
    /// <summary>The name of the manifest in the folder of the map run.</summary>
    public const string Manifest = "manifest.json";

    private const int MaxFileBytes = 8 * 1024 * 1024;
    private const string ContentType = "application/json";

    private readonly ResultFile _succeeded = new("SUCCEEDED");
    private readonly ResultFile _failed = new("FAILED");

    private bool IsLines => outputType == "JSONL";

    /// <summary>The folder of a map run: below the prefix, under the map run's name.</summary>
    public static string FolderOf(string prefix, ExecutionKey run)
    {
        string name = run.Id[(run.Id.IndexOf(':', StringComparison.Ordinal) + 1)..];
        string above = prefix.Trim('/');
        return above.Length == 0 ? name + "/" : $"{above}/{name}/";
    }

    /// <summary>Adds a result.</summary>
    public async ValueTask AddAsync(bool succeeded, JsonValue result, CancellationToken cancellation)
    {
        ResultFile file = succeeded ? _succeeded : _failed;
        byte[] bytes = result.ToUtf8();
        if (file.Content.Length > 0 && file.Content.Length + bytes.Length > MaxFileBytes)
        {
            await PutAsync(file, cancellation);
        }

        file.Content.Write(file.Content.Length == 0 ? (IsLines ? ""u8 : "["u8) : IsLines ? "\n"u8 : ","u8);
        file.Content.Write(bytes);
    }

    /// <summary>Writes what is left, and the manifest.</summary>
    public async ValueTask CompleteAsync(string mapRunArn, CancellationToken cancellation)
    {
        foreach (ResultFile file in (ResultFile[])[_succeeded, _failed])
        {
            if (file.Content.Length > 0)
            {
                await PutAsync(file, cancellation);
            }
        }

        JsonObject manifest = JsonObject.Of(
            new JsonProperty("DestinationBucket", JsonString.Of(bucket)),
            new JsonProperty("MapRunArn", JsonString.Of(mapRunArn)),
            new JsonProperty("ResultFiles", JsonObject.Of(
                new JsonProperty("FAILED", _failed.Written.ToArray()),
                new JsonProperty("PENDING", JsonArray.Empty),
                new JsonProperty("SUCCEEDED", _succeeded.Written.ToArray()))));
        await objects.PutAsync(
            new ObjectPlace(tenant, bucket, folder + Manifest), ContentType, new MemoryStream(manifest.ToUtf8(), writable: false), cancellation);
    }

    private async ValueTask PutAsync(ResultFile file, CancellationToken cancellation)
    {
        if (!IsLines)
        {
            file.Content.Write("]"u8);
        }

        string key = string.Create(
            CultureInfo.InvariantCulture, $"{folder}{file.Status}_{file.Written.Count}.{(IsLines ? "jsonl" : "json")}");
        file.Content.Position = 0;
        await objects.PutAsync(new ObjectPlace(tenant, bucket, key), ContentType, file.Content, cancellation);
        file.Written.Add(JsonObject.Of(
            new JsonProperty("Key", JsonString.Of(key)), new JsonProperty("Size", JsonNumber.Of(file.Content.Length))));
        file.Content.SetLength(0);
    }

    private sealed class ResultFile(string status)
    {
        public string Status { get; } = status;

        public MemoryStream Content { get; } = new();

        public JsonArrayBuilder Written { get; } = new();
    }
}
