using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Objects;
using Lockstep.Service.Paging;
using Lockstep.Service.Targets;
using Lockstep.Targets.Aws;

namespace Lockstep.Targets.S3;

/// <summary><c>s3:listObjectsV2</c> and <c>aws-sdk:s3:listObjectsV2</c>: the objects of a bucket by key, a page at a time.</summary>
internal sealed class ListObjectsTarget(Func<ObjectUseCases> objects, TargetOptions options) : ITaskTarget
{
    private const int MaxKeysOnPage = 1_000;

    /// <inheritdoc/>
    public async ValueTask<TaskOutcome> InvokeAsync(TaskInvocation invocation, CancellationToken cancellation)
    {
        var arguments = new TaskArguments(invocation.Parameters, "Bucket", "Prefix", "StartAfter", "MaxKeys", "ContinuationToken");
        string bucket = arguments.Text("Bucket") ?? "";
        string prefix = arguments.Text("Prefix") ?? "";
        string? startAfter = arguments.Text("StartAfter");
        int maxKeys = arguments.Integer("MaxKeys", 1, MaxKeysOnPage) ?? MaxKeysOnPage;
        string? token = arguments.Text("ContinuationToken");
        if (token is not null && !TryReadToken(token, out startAfter))
        {
            arguments.Refuse("ContinuationToken must be the NextContinuationToken of an earlier page.");
        }

        if (arguments.Problem is { } problem)
        {
            return Failures.BadParameter(invocation, problem);
        }

        Result<Page<ObjectRecord>> listed = await objects().ListAfterAsync(invocation.Tenant, bucket, prefix, startAfter, maxKeys, cancellation);
        if (!listed.Succeeded)
        {
            return S3Errors.Of(invocation, listed.Error);
        }

        JsonObject output = OutputOf(bucket, prefix, maxKeys, listed.Value);
        return output.Utf8Length > options.MaxPayloadBytes ? Failures.TooLarge(invocation) : new TaskAnswered(output);
    }

    private static JsonObject OutputOf(string bucket, string prefix, int maxKeys, Page<ObjectRecord> page)
    {
        var contents = new JsonArrayBuilder();
        foreach (ObjectRecord found in page.Items)
        {
            contents.Add(JsonObject.Of(
                new JsonProperty("ETag", S3Values.ETag(found)),
                new JsonProperty("Key", JsonString.Of(found.Place.Key)),
                new JsonProperty("LastModified", S3Values.Time(found)),
                new JsonProperty("Size", JsonNumber.Of(found.Size)),
                new JsonProperty("StorageClass", JsonString.Of("STANDARD"))));
        }

        JsonObjectBuilder output = new JsonObjectBuilder(7)
            .Add("Contents", contents.ToArray())
            .Add("IsTruncated", page.Next is null ? JsonBoolean.False : JsonBoolean.True)
            .Add("KeyCount", JsonNumber.Of(page.Items.Count))
            .Add("MaxKeys", JsonNumber.Of(maxKeys))
            .Add("Name", JsonString.Of(bucket));
        if (page.Next is { } next)
        {
            output.Add("NextContinuationToken", JsonString.Of(Convert.ToBase64String(Encoding.UTF8.GetBytes(next))));
        }

        return output.Add("Prefix", JsonString.Of(prefix)).Build();
    }

    private static bool TryReadToken(string token, [NotNullWhen(true)] out string? key)
    {
        byte[] bytes = new byte[token.Length];
        bool read = Convert.TryFromBase64String(token, bytes, out int length) && Utf8.IsValid(bytes.AsSpan(0, length));
        key = read ? Encoding.UTF8.GetString(bytes, 0, length) : null;
        return read;
    }
}
