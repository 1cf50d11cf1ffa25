using System.Collections.Frozen;
using Lockstep.Asl.Diagnostics;
using Lockstep.Service.Errors;

namespace Lockstep.Api.Wire;

/// <summary>Refusals in the words of Step Functions, and what the application's failures are called there.</summary>
public static class WireErrors
{
    private const int ServerFault = 500;
    private const int Unavailable = 503;

    /// <summary>The exception of every code of the application. Where the code is the exception's own name, it stands for itself.</summary>
    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        [ErrorCodes.AccessDenied] = "AccessDeniedException",
        [ErrorCodes.InternalError] = "InternalFailure",
        [ErrorCodes.PayloadTooLarge] = "ValidationException",
        [ErrorCodes.PreconditionFailed] = "ConflictException",
        [ErrorCodes.RequestTimeout] = "ServiceUnavailable",
        [ErrorCodes.ServiceStopping] = "ServiceUnavailable",
        [ErrorCodes.StorageUnavailable] = "ServiceUnavailable",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The exceptions that any operation may answer, beside its own.</summary>
    public static IReadOnlyList<string> Common { get; } =
    [
        "AccessDeniedException", "IncompleteSignatureException", "InternalFailure", "InvalidSignatureException", "MissingAuthenticationTokenException",
        "SerializationException", "ServiceUnavailable", "ThrottlingException", "UnknownOperationException", "UnrecognizedClientException",
        "ValidationException",
    ];

    /// <summary>There is no signature.</summary>
    public static WireError MissingAuthenticationToken { get; } = new("MissingAuthenticationTokenException", "Missing Authentication Token");

    /// <summary>Nobody has the access key.</summary>
    public static WireError UnrecognizedClient { get; } = new("UnrecognizedClientException", "The security token included in the request is invalid.");

    /// <summary>The signature is another than ours.</summary>
    public static WireError SignatureMismatch { get; } = InvalidSignature(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. "
        + "Consult the service documentation for details.");

    /// <summary>The tenant has used up a rate.</summary>
    public static WireError Throttled { get; } = new("ThrottlingException", "Rate exceeded");

    /// <summary>The service has failed.</summary>
    public static WireError InternalFailure { get; } =
        new("InternalFailure", "The service has failed to answer. Nothing is known to be wrong with the request.", ServerFault);

    /// <summary>Nothing can be answered at the moment.</summary>
    public static WireError NotNow(string message) => new("ServiceUnavailable", message, Unavailable);

    /// <summary>There is no operation of the name.</summary>
    public static WireError UnknownOperation(string? target) => new(
        "UnknownOperationException", target is null ? "The request names no operation in X-Amz-Target." : $"Unknown operation {target}.");

    /// <summary>The body cannot be read.</summary>
    public static WireError Serialization(string message) => new("SerializationException", message);

    /// <summary>A constraint is violated.</summary>
    public static WireError Validation(string message, string? reason = null) => new("ValidationException", message) { Reason = reason };

    /// <summary>The signature lacks a part.</summary>
    public static WireError IncompleteSignature(string message) => new("IncompleteSignatureException", message);

    /// <summary>The signature is wrong or out of its time.</summary>
    public static WireError InvalidSignature(string message) => new("InvalidSignatureException", message);

    /// <summary>An ARN is not one, or not of the right kind.</summary>
    public static WireError InvalidArn(string reason) => new("InvalidArn", $"Invalid Arn: '{reason}'");

    /// <summary>A resource of another account is asked for.</summary>
    public static WireError AccessDenied(string caller, string operation, string arn) => new(
        "AccessDeniedException",
        $"User: {caller} is not authorized to perform: states:{operation} on resource: {arn} because no resource-based policy allows the states:{operation} action");

    /// <summary>There is no such resource.</summary>
    public static WireError ResourceNotFound(string arn) => new("ResourceNotFound", $"Resource not found: '{arn}'") { ResourceName = arn };

    /// <summary>A failure of the application.</summary>
    /// <param name="error">The failure.</param>
    /// <param name="subject">What the request is about: an ARN, or a name where there is no ARN yet.</param>
    public static WireError Of(ServiceError error, string subject) => error.Code switch
    {
        ErrorCodes.ActivityDoesNotExist => new(error.Code, $"Activity Does Not Exist: '{subject}'"),
        ErrorCodes.StateMachineDoesNotExist => new(error.Code, $"State Machine Does Not Exist: '{subject}'"),
        ErrorCodes.ExecutionDoesNotExist => new(error.Code, $"Execution Does Not Exist: '{subject}'"),
        ErrorCodes.ExecutionAlreadyExists => new(error.Code, $"Execution Already Exists: '{subject}'"),
        ErrorCodes.StateMachineAlreadyExists => new(error.Code, $"State Machine Already Exists: '{subject}'"),
        ErrorCodes.InvalidName => new(error.Code, $"Invalid Name: '{subject}'. {error.Message}"),
        ErrorCodes.InvalidArn => InvalidArn(error.Message),
        ErrorCodes.InvalidToken => new(error.Code, "Invalid Token: 'Invalid token'"),
        ErrorCodes.TaskTimedOut => new(error.Code, "Task Timed Out: 'Provided task does not exist anymore'"),
        ErrorCodes.TaskDoesNotExist => new(error.Code, "Task Does Not Exist: 'Provided task does not exist'"),
        ErrorCodes.InvalidDefinition => new(error.Code, $"Invalid State Machine Definition: '{string.Join(", ", DefinitionErrors(error))}'"),
        ErrorCodes.StateMachineTypeNotSupported => new(error.Code, "This operation is not supported by this type of state machine"),
        ErrorCodes.TooManyTags => new(error.Code, error.Message) { ResourceName = subject },
        ErrorCodes.InternalError => InternalFailure,
        ErrorCodes.RequestTimeout or ErrorCodes.ServiceStopping or ErrorCodes.StorageUnavailable => NotNow(error.Message),
        _ => new WireError(TypeOf(error.Code), error.Message),
    };

    /// <summary>What an application's code is called in the protocol.</summary>
    public static string TypeOf(string code) => Types.GetValueOrDefault(code, code);

    private static IEnumerable<string> DefinitionErrors(ServiceError error) => error.Diagnostics.Count == 0
        ? [error.Message]
        : error.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(ServiceMessages.Told);
}
