using Lockstep.Api.Bodies;
using Lockstep.Api.Bounds;
using Lockstep.Api.Routing;
using Lockstep.Api.Wire.Shapes;
using Lockstep.Api.Wire.Signing;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Lockstep.Api.Wire;

/// <summary>
/// The way of every request of the Step Functions protocol: 1. find the operation; 2. find out who calls, by the headers; 3. read the body; 4. compare the
/// signature; 5. hold the tenant to its rates; 6. check the request against its shape; 7. carry it out. What costs something comes after what is cheap to
/// refuse. Whatever goes wrong becomes an error of the protocol. Secrets reach neither log nor answers.
/// </summary>
internal sealed partial class WireEndpoint(ApiSurroundings surroundings, ILogger logger)
{
    private const string TargetHeader = "X-Amz-Target";
    private const string RequestIdHeader = "x-amzn-RequestId";

    /// <summary>Answers a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="traceParent">The span of the request, as a W3C traceparent; null when there is none.</param>
    public async Task AnswerAsync(HttpContext context, string? traceParent)
    {
        context.Response.Headers[RequestIdHeader] = Guid.NewGuid().ToString();
        string? target = context.Request.Headers[TargetHeader];
        if (!AwsJson.IsSpokenIn(context.Request.ContentType) || WireRegistry.Find(target) is not { } operation)
        {
            await AwsJson.RefuseAsync(context.Response, WireErrors.UnknownOperation(target), context.RequestAborted);
            return;
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(surroundings.Bounds.SecondsOf(operation.Pace)), surroundings.Service.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, limit.Token);
        WireAnswer answer;
        try
        {
            answer = await CarryOutAsync(context, operation, traceParent, either.Token);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone: there is nobody to answer.
            return;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            answer = WireErrors.NotNow($"The request was not answered within {surroundings.Bounds.SecondsOf(operation.Pace)} seconds.");
        }
        catch (BadHttpRequestException malformed)
        {
            answer = WireErrors.Serialization("The request could not be read: " + malformed.Message);
        }
        catch (StorageUnavailableException unavailable)
        {
            LogStorage(logger, operation.Name, context.TraceIdentifier, unavailable);
            answer = WireErrors.NotNow("The storage cannot be reached at the moment.");
        }
        catch (Exception defect) when (!context.Response.HasStarted)
        {
            LogDefect(logger, operation.Name, context.TraceIdentifier, defect);
            answer = WireErrors.InternalFailure;
        }

        await AwsJson.AnswerAsync(context.Response, answer, context.RequestAborted);
    }

    private async ValueTask<WireAnswer> CarryOutAsync(HttpContext context, WireOperation operation, string? traceParent, CancellationToken cancellation)
    {
        HttpRequest request = context.Request;
        if (SignatureClaim.Read(request, surroundings.Service.Time.GetUtcNow(), out WireError? unsigned) is not { } claim)
        {
            return unsigned ?? WireErrors.MissingAuthenticationToken;
        }

        (AccessKey? key, WireError? unknown) = await FindKeyAsync(context, claim, cancellation);
        if (key is null)
        {
            return unknown ?? WireErrors.UnrecognizedClient;
        }

        (byte[]? sent, WireError? unreadable) = await ReadAsync(request, cancellation);
        if (sent is null)
        {
            return unreadable ?? WireErrors.InternalFailure;
        }

        if (claim.Verify(key, sent, out WireError? mismatch) is not { } body)
        {
            surroundings.Bounds.WrongKeys?.Count(context.Connection.RemoteIpAddress);
            return mismatch ?? WireErrors.SignatureMismatch;
        }

        if (!surroundings.Bounds.TryAdmit(key.Tenant, out _)
            || (operation.Bucket is null && !surroundings.Bounds.Operations.TryTake(key.Tenant, operation.Name, operation.Throttle)))
        {
            return WireErrors.Throttled;
        }

        Result<JsonObject> parsed = RequestBody.Parse(body, surroundings.Service.Limits, optional: true);
        if (!parsed.Succeeded)
        {
            return WireErrors.Serialization(parsed.Error.Message);
        }

        if (ShapeCheck.Check(operation.Request, parsed.Value, surroundings.Service.Limits) is { } wrong)
        {
            return wrong;
        }

        var call = new WireCall(surroundings, operation, key, parsed.Value, cancellation)
        {
            TraceParent = traceParent ?? (string?)request.Headers.TraceParent,
        };
        return operation.Bucket is { } bucketOf
            && surroundings.Bounds.Operations.IsEnabled
            && await bucketOf(call) is var bucket
            && !surroundings.Bounds.Operations.TryTake(key.Tenant, bucket.Key, bucket.Value)
            ? WireErrors.Throttled
            : await operation.Handler(call);
    }

    private async ValueTask<(AccessKey? Key, WireError? Error)> FindKeyAsync(HttpContext context, SignatureClaim claim, CancellationToken cancellation)
    {
        AccessKeys keys = surroundings.Service.AccessKeys;
        if (claim.AccessKeyId.Length > AccessKeys.MaxIdLength)
        {
            return (null, WireErrors.UnrecognizedClient);
        }

        // Who was found a moment ago shares an address with a guesser, perhaps, and costs no look-up.
        if (keys.TryRecall(claim.AccessKeyId, out AccessKey? key))
        {
            return (key, null);
        }

        WrongKeys? wrongKeys = surroundings.Bounds.WrongKeys;
        if (wrongKeys is not null && !wrongKeys.Allows(context.Connection.RemoteIpAddress, out _))
        {
            return (null, WireErrors.Throttled);
        }

        if (await keys.FindAsync(claim.AccessKeyId, cancellation) is { } found)
        {
            return (found, null);
        }

        wrongKeys?.Count(context.Connection.RemoteIpAddress);
        return (null, WireErrors.UnrecognizedClient);
    }

    private async ValueTask<(byte[]? Body, WireError? Error)> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (RequestBody.CheckLength(request, surroundings.Service.Limits) is { } tooLong)
        {
            return (null, WireErrors.Serialization(tooLong.Message));
        }

        Result<byte[]> read = await RequestBody.ReadBytesAsync(request, surroundings.Service.Limits.MaxRequestBodyBytes, cancellation);
        return read.Succeeded ? (read.Value, null) : (null, WireErrors.Serialization(read.Error.Message));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Operation} of the Step Functions protocol failed, request {RequestId}")]
    private static partial void LogDefect(ILogger logger, string operation, string requestId, Exception defect);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Operation} of the Step Functions protocol could not reach the storage, request {RequestId}")]
    private static partial void LogStorage(ILogger logger, string operation, string requestId, Exception unavailable);
}
