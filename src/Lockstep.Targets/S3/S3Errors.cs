using Lockstep.Service.Errors;
using Lockstep.Service.Targets;
using Lockstep.Targets.Aws;

namespace Lockstep.Targets.S3;

/// <summary>Failures of work on objects, by the names and in the words of S3.</summary>
internal static class S3Errors
{
    /// <summary>A use case's failure.</summary>
    public static TaskRefused Of(TaskInvocation invocation, ServiceError error) => (error.Code switch
    {
        ErrorCodes.BucketDoesNotExist => new AwsError("NoSuchBucketException", "NoSuchBucket", 404, "The specified bucket does not exist"),
        ErrorCodes.ObjectDoesNotExist => new AwsError("NoSuchKeyException", "NoSuchKey", 404, "The specified key does not exist."),
        ErrorCodes.InvalidName when error.Target == "bucket" => new AwsError(null, "InvalidBucketName", 400, "The specified bucket is not valid."),
        ErrorCodes.PayloadTooLarge => new AwsError(null, "EntityTooLarge", 400, error.Message),
        ErrorCodes.InvalidName or ErrorCodes.Validation => new AwsError(null, "InvalidRequest", 400, error.Message),
        _ => new AwsError(null, "InternalError", 500, error.Message),
    }).Of(invocation, AwsService.S3);
}
