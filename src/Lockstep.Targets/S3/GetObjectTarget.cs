using System.Text;
using System.Text.Unicode;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Objects;
using Lockstep.Service.Targets;
using Lockstep.Targets.Aws;

namespace Lockstep.Targets.S3;

/// <summary><c>s3:getObject</c> and <c>aws-sdk:s3:getObject</c>: an object of the tenant with its content as text.</summary>
internal sealed class GetObjectTarget(Func<ObjectUseCases> objects, TargetOptions options) : ITaskTarget
{
    /// <inheritdoc/>
    public async ValueTask<TaskOutcome> InvokeAsync(TaskInvocation invocation, CancellationToken cancellation)
    {
        var arguments = new TaskArguments(invocation.Parameters, "Bucket", "Key");
        var place = new ObjectPlace(invocation.Tenant, arguments.Text("Bucket") ?? "", arguments.Text("Key") ?? "");
        if (arguments.Problem is { } problem)
        {
            return Failures.BadParameter(invocation, problem);
        }

        Result<OpenObject> opened = await objects().OpenAsync(place, 0, cancellation);
        if (!opened.Succeeded)
        {
            return S3Errors.Of(invocation, opened.Error);
        }

        await using OpenObject found = opened.Value;
        if (found.Record.Size > options.MaxPayloadBytes)
        {
            return Failures.TooLarge(invocation);
        }

        byte[] content = new byte[found.Record.Size];
        await found.Content.ReadExactlyAsync(content, cancellation);
        if (!Utf8.IsValid(content))
        {
            return Failures.Of(invocation, "States.Runtime", "The object is not text in UTF-8, so it cannot be the result of a task.");
        }

        JsonObject output = JsonObject.Of(
            new JsonProperty("AcceptRanges", JsonString.Of("bytes")),
            new JsonProperty("Body", JsonString.Of(Encoding.UTF8.GetString(content))),
            new JsonProperty("ContentLength", JsonNumber.Of(found.Record.Size)),
            new JsonProperty("ContentType", JsonString.Of(found.Record.ContentType)),
            new JsonProperty("ETag", S3Values.ETag(found.Record)),
            new JsonProperty("LastModified", S3Values.Time(found.Record)),
            new JsonProperty("Metadata", JsonObject.Empty));
        return output.Utf8Length > options.MaxPayloadBytes ? Failures.TooLarge(invocation) : new TaskAnswered(output);
    }
}
