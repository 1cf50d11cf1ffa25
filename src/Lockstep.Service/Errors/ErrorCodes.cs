namespace Lockstep.Service.Errors;

/// <summary>The stable codes of anticipated failures. Where AWS has a name for the same failure, the code is that name.</summary>
#pragma warning disable CS1591 // Each code is described in docs/error-codes.md, which a test keeps complete.
public static class ErrorCodes
{
    public const string ActivityDoesNotExist = "ActivityDoesNotExist";
    public const string ActivityLimitExceeded = "ActivityLimitExceeded";
    public const string ActivityWorkerLimitExceeded = "ActivityWorkerLimitExceeded";
    public const string AccessDenied = "AccessDenied";
    public const string ApiKeyLimitExceeded = "ApiKeyLimitExceeded";
    public const string BucketDoesNotExist = "BucketDoesNotExist";
    public const string ChannelDoesNotExist = "ChannelDoesNotExist";
    public const string ChannelLimitExceeded = "ChannelLimitExceeded";
    public const string Conflict = "ConflictException";
    public const string ConnectionDoesNotExist = "ConnectionDoesNotExist";
    public const string ConnectionLimitExceeded = "ConnectionLimitExceeded";
    public const string ExecutionAlreadyExists = "ExecutionAlreadyExists";
    public const string ExecutionDoesNotExist = "ExecutionDoesNotExist";
    public const string ExecutionLimitExceeded = "ExecutionLimitExceeded";
    public const string ExecutionNotRedrivable = "ExecutionNotRedrivable";
    public const string FunctionDoesNotExist = "FunctionDoesNotExist";
    public const string FunctionLimitExceeded = "FunctionLimitExceeded";
    public const string InternalError = "InternalError";
    public const string InvalidArn = "InvalidArn";
    public const string InvalidDefinition = "InvalidDefinition";
    public const string InvalidExecutionInput = "InvalidExecutionInput";
    public const string InvalidLoggingConfiguration = "InvalidLoggingConfiguration";
    public const string InvalidName = "InvalidName";
    public const string InvalidOutput = "InvalidOutput";
    public const string InvalidToken = "InvalidToken";
    public const string MethodNotAllowed = "MethodNotAllowed";
    public const string NotFound = "NotFound";
    public const string ObjectDoesNotExist = "ObjectDoesNotExist";
    public const string PayloadTooLarge = "PayloadTooLarge";
    public const string PreconditionFailed = "PreconditionFailed";
    public const string QueueFull = "QueueFull";
    public const string StateMachineAlreadyExists = "StateMachineAlreadyExists";
    public const string StateMachineDeleting = "StateMachineDeleting";
    public const string StateMachineDoesNotExist = "StateMachineDoesNotExist";
    public const string StateMachineLimitExceeded = "StateMachineLimitExceeded";
    public const string StateMachineTypeNotSupported = "StateMachineTypeNotSupported";
    public const string StorageUnavailable = "StorageUnavailable";
    public const string TableDoesNotExist = "TableDoesNotExist";
    public const string TableLimitExceeded = "TableLimitExceeded";
    public const string TaskDoesNotExist = "TaskDoesNotExist";
    public const string TaskTimedOut = "TaskTimedOut";
    public const string TenantAlreadyExists = "TenantAlreadyExists";
    public const string TenantDoesNotExist = "TenantDoesNotExist";
    public const string TooManyTags = "TooManyTags";
    public const string Unauthenticated = "Unauthenticated";
    public const string UnsupportedMediaType = "UnsupportedMediaType";
    public const string ServiceQuotaExceeded = "ServiceQuotaExceededException";
    public const string RequestTimeout = "RequestTimeout";
    public const string RevisionDoesNotFit = "RevisionDoesNotFit";
    public const string ResourceNotFound = "ResourceNotFound";
    public const string ServiceStopping = "ServiceStopping";
    public const string StreamLimitExceeded = "StreamLimitExceeded";
    public const string Throttling = "ThrottlingException";
    public const string Validation = "ValidationException";
}
#pragma warning restore CS1591
