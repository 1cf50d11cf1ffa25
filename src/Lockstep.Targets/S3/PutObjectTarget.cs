using System.Text;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Objects;
using Lockstep.Service.Targets;
using Lockstep.Targets.Aws;

namespace Lockstep.Targets.S3;

/// <summary><c>s3:putObject</c> and <c>aws-sdk:s3:putObject</c>. A repetition after a crash puts the same object again, which changes nothing but its time.</summary>
internal sealed class PutObjectTarget(Func<ObjectUseCases> objects) : ITaskTarget
{
    /// <inheritdoc/>
    public async ValueTask<TaskOutcome> InvokeAsync(TaskInvocation invocation, CancellationToken cancellation)
    {
        var arguments = new TaskArguments(invocation.Parameters, "Bucket", "Key", "Body", "ContentType");
        var place = new ObjectPlace(invocation.Tenant, arguments.Text("Bucket") ?? "", arguments.Text("Key") ?? "");
        string? contentType = arguments.Text("ContentType");
        string body = arguments.TextOrJson("Body") ?? "";
        if (arguments.Problem is { } problem)
        {
            return Failures.BadParameter(invocation, problem);
        }

        using var content = new MemoryStream(Encoding.UTF8.GetBytes(body), writable: false);
        Result<ObjectRecord> put = await objects().PutAsync(place, contentType, content, cancellation);
        return put.Succeeded ? new TaskAnswered(JsonObject.Of("ETag", S3Values.ETag(put.Value))) : S3Errors.Of(invocation, put.Error);
    }
}
