namespace Lockstep.Api.Routing;

/// <summary>What a route asks of its caller.</summary>
public enum RouteAccess
{
    /// <summary>Nothing: health and the description of the API.</summary>
    Open,

    /// <summary>An API key, which also says whose resources the route is about.</summary>
    ApiKey,

    /// <summary>A task token in the path or in a form, and no API key.</summary>
    TaskToken,

    /// <summary>A signature of Signature Version 4: the Step Functions protocol, which authenticates and answers in its own way.</summary>
    Signature,

    /// <summary>The operator key. Without one in the configuration, the route does not exist.</summary>
    Operator,
}

/// <summary>How long a route may take, and which places it takes up while it waits.</summary>
public enum RoutePace
{
    /// <summary>Answers at once; bounded by MaxRequestSeconds.</summary>
    Prompt,

    /// <summary>Runs an Express execution to its end; bounded by MaxSyncSeconds.</summary>
    Synchronous,

    /// <summary>Waits for a task; bounded by MaxLongPollSeconds and the number of polls that may wait.</summary>
    LongPoll,

    /// <summary>Sends or takes the content of an object; bounded by MaxTransferSeconds.</summary>
    Transfer,

    /// <summary>Goes on sending; bounded by MaxStreamSeconds and the number of streams that may be open.</summary>
    Stream,
}
