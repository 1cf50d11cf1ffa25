using System.Collections.Frozen;
using System.Collections.Immutable;
using Lockstep.Service.Errors;

namespace Lockstep.Api.Problems;

/// <summary>
/// Every code with its page. docs/error-codes.md is this list in prose; a test holds both and <see cref="ErrorCodes"/> together.
/// </summary>
public static class ErrorCatalog
{
    /// <summary>The pages by code.</summary>
    public static ImmutableArray<ErrorPage> Pages { get; } =
    [
        new(ErrorCodes.AccessDenied, 403, "The caller may not do this", "Use a key whose tenant owns the resource."),
        new(ErrorCodes.ActivityDoesNotExist, 404, "No such activity", "Create the activity first, or correct its name."),
        new(ErrorCodes.ActivityLimitExceeded, 429, "Too many activities", "Delete activities that are no longer used, or have MaxActivities raised."),
        new(ErrorCodes.ActivityWorkerLimitExceeded, 429, "Too many polls are waiting", "Poll from fewer workers at a time, or have MaxLongPollsPerTenant raised."),
        new(ErrorCodes.ApiKeyLimitExceeded, 429, "Too many API keys", "Remove keys that are no longer used, or have MaxApiKeys raised."),
        new(ErrorCodes.BucketDoesNotExist, 404, "No such bucket", "Put an object into the bucket first, or correct its name."),
        new(ErrorCodes.ChannelDoesNotExist, 404, "No such queue, topic or event bus", "Create it first, or correct its name."),
        new(ErrorCodes.ChannelLimitExceeded, 429, "Too many queues, topics and event buses", "Delete some that are no longer used, or have MaxChannels raised."),
        new(ErrorCodes.Conflict, 409, "Something stands in the way, or changed at the same time", "Read it again, clear away what \"detail\" names, and repeat the change."),
        new(ErrorCodes.ConnectionDoesNotExist, 404, "No such connection", "Make the connection first, or correct its name."),
        new(ErrorCodes.ConnectionLimitExceeded, 429, "Too many connections", "Delete connections that are no longer used, or have MaxConnections raised."),
        new(ErrorCodes.ExecutionAlreadyExists, 409, "The name belongs to another execution",
            "Choose another name. The same name is accepted again only while that execution runs and with the same input."),
        new(ErrorCodes.ExecutionDoesNotExist, 404, "No such execution", "Correct the id: it is \"machine:name\", as the start answered."),
        new(ErrorCodes.ExecutionLimitExceeded, 429, "Too many open executions", "Let executions end or stop some, or have MaxOpenExecutions raised."),
        new(ErrorCodes.ExecutionNotRedrivable, 409, "The execution cannot be redriven", "See redriveStatusReason of the execution: only one that failed, timed out or was aborted can be, and not for ever."),
        new(ErrorCodes.FunctionDoesNotExist, 404, "No such function", "Register the function first, or correct its name."),
        new(ErrorCodes.FunctionLimitExceeded, 429, "Too many functions", "Delete functions that are no longer used, or have MaxFunctions raised."),
        new(ErrorCodes.InternalError, 500, "The service has failed", "Repeat the request. If it fails again, report the requestId to the operator."),
        new(ErrorCodes.InvalidArn, 400, "Not a well-formed ARN or id", "Use the ARN or id exactly as the service answered it."),
        new(ErrorCodes.InvalidDefinition, 400, "The definition has errors", "Mend what \"diagnostics\" lists: each entry has the place, the line and the column."),
        new(ErrorCodes.InvalidExecutionInput, 400, "The input is not acceptable", "Send the input as a JSON value."),
        new(ErrorCodes.InvalidLoggingConfiguration, 400, "Invalid logging configuration", "Name exactly one log group of your own, or leave the level OFF."),
        new(ErrorCodes.InvalidName, 400, "Not a well-formed name", "Use 1 to 80 characters without white space, brackets, wildcards and punctuation that ARNs and URLs use."),
        new(ErrorCodes.InvalidOutput, 400, "The output is not acceptable", "Send the output as a JSON value within the payload limit."),
        new(ErrorCodes.InvalidToken, 400, "Not a token of this service", "Send the token exactly as it was handed out, for the same query."),
        new(ErrorCodes.MethodNotAllowed, 405, "The path does not have this method", "Use one of the methods in the Allow header."),
        new(ErrorCodes.NotFound, 404, "No such path", "See /openapi/v1.json for the paths there are."),
        new(ErrorCodes.ObjectDoesNotExist, 404, "No such object", "Put the object first, or correct its key."),
        new(ErrorCodes.PayloadTooLarge, 413, "Too many bytes", "Send less, or pass a reference to the data. The operator can raise MaxPayloadBytes and MaxDefinitionBytes."),
        new(ErrorCodes.PreconditionFailed, 412, "The revision has changed", "Read the resource again, apply the change to what it is now and send the new ETag in If-Match."),
        new(ErrorCodes.QueueFull, 429, "The queue is full", "Receive and delete messages, or have MaxChannelMessages raised."),
        new(ErrorCodes.RequestTimeout, 503, "The request took too long",
            "It may or may not have been carried out. Repeat it: with the same execution name a start is not done twice."),
        new(ErrorCodes.ResourceNotFound, 404, "No such version, alias, revision or map run",
            "Publish the version or create the alias first, or correct its name. The id of a map run is \"machine/label:name\", as their list shows it."),
        new(ErrorCodes.RevisionDoesNotFit, 409, "The execution cannot go on with the revision", "Keep the states at which it goes on, in their place and of their type, or start a new execution."),
        new(ErrorCodes.ServiceQuotaExceeded, 429, "Too many versions or aliases",
            "Delete those that are no longer used, or have MaxStateMachineVersions or MaxStateMachineAliases raised."),
        new(ErrorCodes.ServiceStopping, 503, "The service is stopping", "Repeat the request in a moment."),
        new(ErrorCodes.StateMachineAlreadyExists, 409, "The name belongs to another state machine", "Update that state machine with PUT, or choose another name."),
        new(ErrorCodes.StateMachineDeleting, 409, "The state machine is being deleted", "Wait until it is gone, or choose another name."),
        new(ErrorCodes.StateMachineDoesNotExist, 404, "No such state machine", "Create the state machine first, or correct its name."),
        new(ErrorCodes.StateMachineLimitExceeded, 429, "Too many state machines", "Delete state machines that are no longer used, or have MaxStateMachines raised."),
        new(ErrorCodes.StateMachineTypeNotSupported, 400, "Not possible with this type of state machine", "Start Standard machines asynchronously; only Express ones can answer in the same call."),
        new(ErrorCodes.StorageUnavailable, 503, "The storage cannot be reached", "Repeat the request in a moment. The operator finds the cause in the log."),
        new(ErrorCodes.StreamLimitExceeded, 429, "Too many streams are open", "Close streams that nobody reads, or have MaxStreamsPerTenant raised."),
        new(ErrorCodes.TableDoesNotExist, 404, "No such table", "Create the table first, or correct its name."),
        new(ErrorCodes.TableLimitExceeded, 429, "Too many tables", "Delete tables that are no longer used, or have MaxTables raised."),
        new(ErrorCodes.TaskDoesNotExist, 404, "No such task", "Check that the token is the one of this task; its execution may be gone."),
        new(ErrorCodes.TaskTimedOut, 410, "The task no longer waits", "Nothing can be reported any more: it was answered, timed out or given up."),
        new(ErrorCodes.TenantAlreadyExists, 409, "The number belongs to another tenant", "Name another number, or none to get a free one."),
        new(ErrorCodes.TenantDoesNotExist, 404, "No such tenant", "Create the tenant first, or correct its number."),
        new(ErrorCodes.Throttling, 429, "Too many requests", "Wait as many seconds as Retry-After says, then go on more slowly."),
        new(ErrorCodes.TooManyTags, 400, "Too many tags", "Send fewer tags."),
        new(ErrorCodes.Unauthenticated, 401, "No valid API key", "Send the header \"Authorization: Bearer <api key>\" with a key of this service."),
        new(ErrorCodes.UnsupportedMediaType, 415, "The body is not JSON", "Send the header \"Content-Type: application/json\"."),
        new(ErrorCodes.Validation, 400, "The request is not well formed", "Correct what \"detail\" names, at the place in \"pointer\"."),
    ];

    private static FrozenDictionary<string, ErrorPage> ByCode { get; } = Pages.ToFrozenDictionary(page => page.Code, StringComparer.Ordinal);

    /// <summary>The page of a code. A code without one is a defect.</summary>
    public static ErrorPage Find(string code) =>
        ByCode.TryGetValue(code, out ErrorPage? page) ? page : throw new ArgumentException($"The code {code} has no page.", nameof(code));
}
