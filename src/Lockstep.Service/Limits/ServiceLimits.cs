using System.Collections.Immutable;
using System.Globalization;
using Lockstep.Engine;
using Lockstep.Service.Errors;

namespace Lockstep.Service.Limits;

/// <summary>
/// The limits of the service, each with a default and a configuration key <c>Lockstep:Limits:NAME</c>. <see cref="Definitions"/> lists them all;
/// docs/limits.md is checked against it.
/// </summary>
public sealed partial record ServiceLimits
{
    /// <summary>The defaults: AWS's values where it has one.</summary>
    public static ServiceLimits Default { get; } = new();

    /// <summary>Every limit, in the order of the documentation.</summary>
    public static ImmutableArray<LimitDefinition> Definitions { get; } =
    [
        new("MaxStateMachines", "state machines", 100_000, 1, 10_000_000,
            "State machines that a tenant may have.", limits => limits.MaxStateMachines, (limits, value) => limits with { MaxStateMachines = value }),
        new("MaxActivities", "activities", 100_000, 1, 10_000_000,
            "Activities that a tenant may have.", limits => limits.MaxActivities, (limits, value) => limits with { MaxActivities = value }),
        new("MaxFunctions", "functions", 1_000, 1, 1_000_000,
            "Functions that a tenant may have registered.", limits => limits.MaxFunctions, (limits, value) => limits with { MaxFunctions = value }),
        new("MaxOpenExecutions", "executions", 1_000_000, 1, 100_000_000,
            "Executions of a tenant that may be open at a time.", limits => limits.MaxOpenExecutions, (limits, value) => limits with { MaxOpenExecutions = value }),
        .. MapRunDefinitions,
        new("MaxDefinitionBytes", "bytes", 1_048_576, 1_024, 16_777_216,
            "Bytes of UTF-8 in a definition.", limits => limits.MaxDefinitionBytes, (limits, value) => limits with { MaxDefinitionBytes = value }),
        new("MaxDefinitionDepth", "levels", 200, 16, 1_000,
            "Levels of JSON nesting in a definition.", limits => limits.MaxDefinitionDepth, (limits, value) => limits with { MaxDefinitionDepth = value }),
        new("MaxStates", "states", 10_000, 1, 100_000,
            "States in a definition, nested ones included.", limits => limits.MaxStates, (limits, value) => limits with { MaxStates = value }),
        new("MaxStateNameLength", "characters", 80, 1, 1_000,
            "Characters in the name of a state.", limits => limits.MaxStateNameLength, (limits, value) => limits with { MaxStateNameLength = value }),
        new("MaxVariableNameLength", "characters", 80, 1, 1_000,
            "Characters in the name of a variable.", limits => limits.MaxVariableNameLength, (limits, value) => limits with { MaxVariableNameLength = value }),
        new("MaxIntrinsicNesting", "calls", 10, 1, 50,
            "Intrinsic function calls within each other.", limits => limits.MaxIntrinsicNesting, (limits, value) => limits with { MaxIntrinsicNesting = value }),
        new("MaxDiagnostics", "diagnostics", 100, 1, 10_000,
            "Diagnostics reported for one definition.", limits => limits.MaxDiagnostics, (limits, value) => limits with { MaxDiagnostics = value }),
        new("MaxPayloadBytes", "bytes", 262_144, 1_024, 33_554_432,
            "Bytes of UTF-8 in an input or output, as compact JSON.", limits => limits.MaxPayloadBytes, (limits, value) => limits with { MaxPayloadBytes = value }),
        new("MaxPayloadDepth", "levels", 1_000, 16, 1_000,
            "Levels of nesting in an input, output or result of a state.", limits => limits.MaxPayloadDepth, (limits, value) => limits with { MaxPayloadDepth = value }),
        new("MaxVariableBytes", "bytes", 262_144, 1_024, 33_554_432,
            "Bytes of UTF-8 in the value of a variable, as compact JSON.", limits => limits.MaxVariableBytes, (limits, value) => limits with { MaxVariableBytes = value }),
        new("MaxAssignBytes", "bytes", 262_144, 1_024, 33_554_432,
            "Bytes in the values that one Assign gives to variables.", limits => limits.MaxAssignBytes, (limits, value) => limits with { MaxAssignBytes = value }),
        new("MaxStoredVariableBytes", "bytes", 10_485_760, 1_024, 1_073_741_824,
            "Bytes in the values of all variables that an execution holds at a time.", limits => limits.MaxStoredVariableBytes, (limits, value) => limits with { MaxStoredVariableBytes = value }),
        new("MaxRangeElements", "elements", 1_000, 1, 100_000,
            "Elements that States.ArrayRange may produce.", limits => limits.MaxRangeElements, (limits, value) => limits with { MaxRangeElements = value }),
        new("MaxEncodedCharacters", "characters", 10_000, 1, 33_554_432,
            "Characters that States.Base64Encode, States.Base64Decode and States.Hash accept.", limits => limits.MaxEncodedCharacters, (limits, value) => limits with { MaxEncodedCharacters = value }),
        new("MaxFieldWork", "units", 10_000_000, 10_000, 1_000_000_000,
            "Work that the expressions of one field may cost: nodes that paths visit; 16 bytes of the arguments of calls count as one.", limits => limits.MaxFieldWork, (limits, value) => limits with { MaxFieldWork = value }),
        new("MaxExpressionFuel", "units", 1_000_000, 1_000, 1_000_000_000,
            "Work that one JSONata expression may cost: steps, elements produced or visited; 16 characters read or written count as one.", limits => limits.MaxExpressionFuel, (limits, value) => limits with { MaxExpressionFuel = value }),
        new("MaxExpressionDepth", "levels", 300, 16, 300,
            "Calls and expressions within each other that the evaluation of a JSONata expression may reach.", limits => limits.MaxExpressionDepth, (limits, value) => limits with { MaxExpressionDepth = value }),
        new("MaxJsonDepth", "levels", 1_000, 16, 1_000,
            "Levels of nesting in a request body.", limits => limits.MaxJsonDepth, (limits, value) => limits with { MaxJsonDepth = value }),
        new("MaxNameLength", "characters", 80, 1, 80,
            "Characters in the name of a state machine, execution or activity.", limits => limits.MaxNameLength, (limits, value) => limits with { MaxNameLength = value }),
        new("MaxFunctionNameLength", "characters", 140, 1, 140,
            "Characters in the name of a function.", limits => limits.MaxFunctionNameLength, (limits, value) => limits with { MaxFunctionNameLength = value }),
        new("MaxTags", "tags", 50, 0, 50,
            "Tags of a state machine.", limits => limits.MaxTags, (limits, value) => limits with { MaxTags = value }),
        new("MaxTagKeyLength", "characters", 128, 1, 128,
            "Characters in the key of a tag.", limits => limits.MaxTagKeyLength, (limits, value) => limits with { MaxTagKeyLength = value }),
        new("MaxTagValueLength", "characters", 256, 0, 256,
            "Characters in the value of a tag.", limits => limits.MaxTagValueLength, (limits, value) => limits with { MaxTagValueLength = value }),
        new("MaxRoleArnLength", "characters", 256, 1, 2_048,
            "Characters in a role ARN.", limits => limits.MaxRoleArnLength, (limits, value) => limits with { MaxRoleArnLength = value }),
        new("MaxErrorLength", "characters", 256, 1, 256,
            "Characters in an error name that a caller reports.", limits => limits.MaxErrorLength, (limits, value) => limits with { MaxErrorLength = value }),
        new("MaxCauseLength", "characters", 32_768, 1, 32_768,
            "Characters in a cause that a caller reports.", limits => limits.MaxCauseLength, (limits, value) => limits with { MaxCauseLength = value }),
        new("MaxCommentLength", "characters", 2_000, 1, 10_000,
            "Characters in the comment of a human's decision.", limits => limits.MaxCommentLength, (limits, value) => limits with { MaxCommentLength = value }),
        new("MaxFormBytes", "bytes", 65_536, 16_384, 1_048_576,
            "Bytes of the form that a human's decision comes in.", limits => limits.MaxFormBytes, (limits, value) => limits with { MaxFormBytes = value }),
        new("MaxUrlLength", "characters", 2_048, 16, 8_192,
            "Characters in the URL of a function.", limits => limits.MaxUrlLength, (limits, value) => limits with { MaxUrlLength = value }),
        new("MaxTaskTokenLength", "characters", 2_048, 1_024, 8_192,
            "Characters in a task token.", limits => limits.MaxTaskTokenLength, (limits, value) => limits with { MaxTaskTokenLength = value }),
        new("MaxPageTokenLength", "characters", 4_096, 256, 8_192,
            "Characters in a page token.", limits => limits.MaxPageTokenLength, (limits, value) => limits with { MaxPageTokenLength = value }),
        new("MaxPageSize", "items", 1_000, 1, 1_000,
            "Items on one page of a list.", limits => limits.MaxPageSize, (limits, value) => limits with { MaxPageSize = value }),
        new("DefaultPageSize", "items", 100, 1, 1_000,
            "Items on a page when the caller does not say.", limits => limits.DefaultPageSize, (limits, value) => limits with { DefaultPageSize = value }),
        new("MaxPageBytes", "bytes", 8_388_608, 65_536, 134_217_728,
            "Bytes of payload on one page of a list, beyond which it ends early; a single item may exceed it.", limits => limits.MaxPageBytes, (limits, value) => limits with { MaxPageBytes = value }),
        new("MaxLongPollSeconds", "seconds", 60, 1, 60,
            "Seconds that one poll for an activity's task may wait.", limits => limits.MaxLongPollSeconds, (limits, value) => limits with { MaxLongPollSeconds = value }),
        new("MaxLongPollsPerTenant", "polls", 1_000, 1, 100_000,
            "Polls of a tenant that may wait at a time.", limits => limits.MaxLongPollsPerTenant, (limits, value) => limits with { MaxLongPollsPerTenant = value }),
        new("MaxLongPolls", "polls", 10_000, 1, 1_000_000,
            "Polls of all tenants that may wait at a time.", limits => limits.MaxLongPolls, (limits, value) => limits with { MaxLongPolls = value }),
        new("MaxStreamsPerTenant", "streams", 100, 1, 10_000,
            "Event streams of a tenant that may be open at a time.", limits => limits.MaxStreamsPerTenant, (limits, value) => limits with { MaxStreamsPerTenant = value }),
        new("MaxStreams", "streams", 1_000, 1, 100_000,
            "Event streams of all tenants that may be open at a time.", limits => limits.MaxStreams, (limits, value) => limits with { MaxStreams = value }),
        new("MaxStreamSeconds", "seconds", 300, 1, 3_600,
            "Seconds after which an event stream ends; a client resumes where it stopped.", limits => limits.MaxStreamSeconds, (limits, value) => limits with { MaxStreamSeconds = value }),
        new("StreamKeepAliveSeconds", "seconds", 15, 1, 300,
            "Seconds of silence after which a comment shows that an event stream is alive.", limits => limits.StreamKeepAliveSeconds, (limits, value) => limits with { StreamKeepAliveSeconds = value }),
        new("MaxStateTestsPerTenant", "tests", 100, 1, 10_000,
            "Tests of states without a mock that a tenant may have under way at a time.", limits => limits.MaxStateTestsPerTenant, (limits, value) => limits with { MaxStateTestsPerTenant = value }),
        new("MaxStateTests", "tests", 1_000, 1, 100_000,
            "Tests of states without a mock that all tenants may have under way at a time.", limits => limits.MaxStateTests, (limits, value) => limits with { MaxStateTests = value }),
        new("MaxSyncSeconds", "seconds", 300, 1, 300,
            "Seconds that a synchronous execution, or the call of a tested state, may take.", limits => limits.MaxSyncSeconds, (limits, value) => limits with { MaxSyncSeconds = value }),
        new("MaxRequestSeconds", "seconds", 30, 1, 300,
            "Seconds that any other request may take.", limits => limits.MaxRequestSeconds, (limits, value) => limits with { MaxRequestSeconds = value }),
        new("RequestsPerSecond", "requests", 2_000, 1, 1_000_000,
            "Requests a second that a tenant may make on average.", limits => limits.RequestsPerSecond, (limits, value) => limits with { RequestsPerSecond = value }),
        new("RequestBurst", "requests", 4_000, 1, 1_000_000,
            "Requests that a tenant may make at once after a pause.", limits => limits.RequestBurst, (limits, value) => limits with { RequestBurst = value }),
        new("MaxApiKeys", "keys", 100, 1, 1_000,
            "API keys that a tenant may have when an operator asks for another.", limits => limits.MaxApiKeys, (limits, value) => limits with { MaxApiKeys = value }),
        new("MaxTenantNameLength", "characters", 256, 1, 1_000,
            "Characters in the name of a tenant.", limits => limits.MaxTenantNameLength, (limits, value) => limits with { MaxTenantNameLength = value }),
        new("WrongKeysPerMinute", "requests", 60, 1, 1_000_000,
            "Requests a minute with a wrong API key or operator key that an address may make on average.", limits => limits.WrongKeysPerMinute, (limits, value) => limits with { WrongKeysPerMinute = value }),
        new("WrongKeyBurst", "requests", 60, 1, 1_000_000,
            "Requests with a wrong key that an address may make at once after a pause.", limits => limits.WrongKeyBurst, (limits, value) => limits with { WrongKeyBurst = value }),
        new("MaxChannels", "channels", 1_000, 1, 100_000,
            "Queues, topics and event buses that a tenant may have together.", limits => limits.MaxChannels, (limits, value) => limits with { MaxChannels = value }),
        new("MaxChannelMessages", "messages", 100_000, 1, 10_000_000,
            "Messages that a queue holds before it refuses more, and that a topic or event bus keeps before the oldest give way.", limits => limits.MaxChannelMessages, (limits, value) => limits with { MaxChannelMessages = value }),
        new("MaxMessageBytes", "bytes", 262_144, 1_024, 1_048_576,
            "Bytes of UTF-8 in a message to a queue, topic or event bus, with its attributes, as compact JSON.", limits => limits.MaxMessageBytes, (limits, value) => limits with { MaxMessageBytes = value }),
        new("MessageRetentionDays", "days", 4, 1, 14,
            "Days after which a message of a queue, topic or event bus is gone.", limits => limits.MessageRetentionDays, (limits, value) => limits with { MessageRetentionDays = value }),
        new("MaxTransferSeconds", "seconds", 3_600, 1, 86_400,
            "Seconds that putting or reading an object over the API may take.", limits => limits.MaxTransferSeconds, (limits, value) => limits with { MaxTransferSeconds = value }),
        new("MaxObjectMiB", "MiB", 1_024, 1, 51_200,
            "MiB in the content of an object.", limits => limits.MaxObjectMiB, (limits, value) => limits with { MaxObjectMiB = value }),
        new("MaxTables", "tables", 256, 1, 10_000,
            "Tables that a tenant may have.", limits => limits.MaxTables, (limits, value) => limits with { MaxTables = value }),
        new("MaxTableItems", "items", 1_000_000, 1, 100_000_000,
            "Items in a table.", limits => limits.MaxTableItems, (limits, value) => limits with { MaxTableItems = value }),
        new("MaxMetricLabelSets", "pairs", 1_000, 1, 100_000,
            "Pairs of tenant and state machine that metrics tell by name; all others are counted together as `other`.", limits => limits.MaxMetricLabelSets, (limits, value) => limits with { MaxMetricLabelSets = value }),
    ];

    /// <summary>State machines that a tenant may have. Default 100,000.</summary>
    public int MaxStateMachines { get; init; } = 100_000;

    /// <summary>Activities that a tenant may have. Default 100,000.</summary>
    public int MaxActivities { get; init; } = 100_000;

    /// <summary>Functions that a tenant may have registered. Default 1,000.</summary>
    public int MaxFunctions { get; init; } = 1_000;

    /// <summary>Executions of a tenant that may be open at a time. Default 1,000,000.</summary>
    public int MaxOpenExecutions { get; init; } = 1_000_000;

    /// <summary>Bytes of UTF-8 in a definition. Default 1,048,576.</summary>
    public int MaxDefinitionBytes { get; init; } = 1_048_576;

    /// <summary>Levels of JSON nesting in a definition. Default 200.</summary>
    public int MaxDefinitionDepth { get; init; } = 200;

    /// <summary>States in a definition, nested ones included. Default 10,000.</summary>
    public int MaxStates { get; init; } = 10_000;

    /// <summary>Characters in the name of a state. Default 80.</summary>
    public int MaxStateNameLength { get; init; } = 80;

    /// <summary>Characters in the name of a variable. Default 80.</summary>
    public int MaxVariableNameLength { get; init; } = 80;

    /// <summary>Intrinsic function calls within each other. Default 10.</summary>
    public int MaxIntrinsicNesting { get; init; } = 10;

    /// <summary>Diagnostics reported for one definition. Default 100.</summary>
    public int MaxDiagnostics { get; init; } = 100;

    /// <summary>Bytes of UTF-8 in an input or output, as compact JSON. Default 262,144.</summary>
    public int MaxPayloadBytes { get; init; } = 262_144;

    /// <summary>Levels of nesting in an input, output or result of a state. Default 1,000.</summary>
    public int MaxPayloadDepth { get; init; } = 1_000;

    /// <summary>Bytes of UTF-8 in the value of a variable, as compact JSON. Default 262,144.</summary>
    public int MaxVariableBytes { get; init; } = 262_144;

    /// <summary>Bytes in the values that one Assign gives to variables. Default 262,144.</summary>
    public int MaxAssignBytes { get; init; } = 262_144;

    /// <summary>Bytes in the values of all variables that an execution holds at a time. Default 10,485,760.</summary>
    public int MaxStoredVariableBytes { get; init; } = 10_485_760;

    /// <summary>Elements that <c>States.ArrayRange</c> may produce. Default 1,000.</summary>
    public int MaxRangeElements { get; init; } = 1_000;

    /// <summary>Characters that <c>States.Base64Encode</c>, <c>States.Base64Decode</c> and <c>States.Hash</c> accept. Default 10,000.</summary>
    public int MaxEncodedCharacters { get; init; } = 10_000;

    /// <summary>
    /// Work that one JSONata expression may cost: steps, elements produced or visited; 16 characters read or written count as one. Default 1,000,000.
    /// </summary>
    public int MaxExpressionFuel { get; init; } = 1_000_000;

    /// <summary>Calls and expressions within each other that the evaluation of a JSONata expression may reach. Default 300.</summary>
    public int MaxExpressionDepth { get; init; } = 300;

    /// <summary>
    /// Work that the expressions of one field may cost: nodes that paths visit; 16 bytes of the arguments of calls count as one. Default 10,000,000.
    /// </summary>
    public int MaxFieldWork { get; init; } = 10_000_000;

    /// <summary>Levels of nesting in a request body. Default 1,000.</summary>
    public int MaxJsonDepth { get; init; } = 1_000;

    /// <summary>Characters in the name of a state machine, execution or activity. Default 80.</summary>
    public int MaxNameLength { get; init; } = 80;

    /// <summary>Characters in the name of a function. Default 140.</summary>
    public int MaxFunctionNameLength { get; init; } = 140;

    /// <summary>Tags of a state machine. Default 50.</summary>
    public int MaxTags { get; init; } = 50;

    /// <summary>Characters in the key of a tag. Default 128.</summary>
    public int MaxTagKeyLength { get; init; } = 128;

    /// <summary>Characters in the value of a tag. Default 256.</summary>
    public int MaxTagValueLength { get; init; } = 256;

    /// <summary>Characters in a role ARN. Default 256.</summary>
    public int MaxRoleArnLength { get; init; } = 256;

    /// <summary>Characters in an error name that a caller reports. Default 256.</summary>
    public int MaxErrorLength { get; init; } = 256;

    /// <summary>Characters in a cause that a caller reports. Default 32,768.</summary>
    public int MaxCauseLength { get; init; } = 32_768;

    /// <summary>Characters in the comment of a human's decision. Default 2,000.</summary>
    public int MaxCommentLength { get; init; } = 2_000;

    /// <summary>Bytes of the form that a human's decision comes in. Default 65,536.</summary>
    public int MaxFormBytes { get; init; } = 65_536;

    /// <summary>Characters in the URL of a function. Default 2,048.</summary>
    public int MaxUrlLength { get; init; } = 2_048;

    /// <summary>Characters in a task token. Default 2,048.</summary>
    public int MaxTaskTokenLength { get; init; } = 2_048;

    /// <summary>Characters in a page token. Default 4,096.</summary>
    public int MaxPageTokenLength { get; init; } = 4_096;

    /// <summary>Items on one page of a list. Default 1,000.</summary>
    public int MaxPageSize { get; init; } = 1_000;

    /// <summary>Items on a page when the caller does not say. Default 100.</summary>
    public int DefaultPageSize { get; init; } = 100;

    /// <summary>Bytes of payload on one page of a list, beyond which it ends early; a single item may exceed it. Default 8,388,608.</summary>
    public int MaxPageBytes { get; init; } = 8_388_608;

    /// <summary>Seconds that one poll for an activity's task may wait. Default 60.</summary>
    public int MaxLongPollSeconds { get; init; } = 60;

    /// <summary>Polls of a tenant that may wait at a time. Default 1,000.</summary>
    public int MaxLongPollsPerTenant { get; init; } = 1_000;

    /// <summary>Polls of all tenants that may wait at a time. Default 10,000.</summary>
    public int MaxLongPolls { get; init; } = 10_000;

    /// <summary>Event streams of a tenant that may be open at a time. Default 100.</summary>
    public int MaxStreamsPerTenant { get; init; } = 100;

    /// <summary>Event streams of all tenants that may be open at a time. Default 1,000.</summary>
    public int MaxStreams { get; init; } = 1_000;

    /// <summary>Seconds after which an event stream ends; a client resumes where it stopped. Default 300.</summary>
    public int MaxStreamSeconds { get; init; } = 300;

    /// <summary>Seconds of silence after which a comment shows that an event stream is alive. Default 15.</summary>
    public int StreamKeepAliveSeconds { get; init; } = 15;

    /// <summary>Tests of states without a mock that a tenant may have under way at a time. Default 100.</summary>
    public int MaxStateTestsPerTenant { get; init; } = 100;

    /// <summary>Tests of states without a mock that all tenants may have under way at a time. Default 1,000.</summary>
    public int MaxStateTests { get; init; } = 1_000;

    /// <summary>Seconds that a synchronous execution may take. Default 300.</summary>
    public int MaxSyncSeconds { get; init; } = 300;

    /// <summary>Seconds that any other request may take. Default 30.</summary>
    public int MaxRequestSeconds { get; init; } = 30;

    /// <summary>Requests a second that a tenant may make on average. Default 2,000.</summary>
    public int RequestsPerSecond { get; init; } = 2_000;

    /// <summary>Requests that a tenant may make at once after a pause. Default 4,000.</summary>
    public int RequestBurst { get; init; } = 4_000;

    /// <summary>API keys that a tenant may have when an operator asks for another. Default 100.</summary>
    public int MaxApiKeys { get; init; } = 100;

    /// <summary>Characters in the name of a tenant. Default 256.</summary>
    public int MaxTenantNameLength { get; init; } = 256;

    /// <summary>Requests a minute with a wrong API key or operator key that an address may make on average. Default 60.</summary>
    public int WrongKeysPerMinute { get; init; } = 60;

    /// <summary>Requests with a wrong key that an address may make at once after a pause. Default 60.</summary>
    public int WrongKeyBurst { get; init; } = 60;

    /// <summary>Queues, topics and event buses that a tenant may have together. Default 1,000.</summary>
    public int MaxChannels { get; init; } = 1_000;

    /// <summary>Messages that a queue holds before it refuses more, and that a topic or event bus keeps. Default 100,000.</summary>
    public int MaxChannelMessages { get; init; } = 100_000;

    /// <summary>Bytes of UTF-8 in a message to a queue, topic or event bus, with its attributes, as compact JSON. Default 262,144.</summary>
    public int MaxMessageBytes { get; init; } = 262_144;

    /// <summary>Days after which a message of a queue, topic or event bus is gone. Default 4, as at SQS.</summary>
    public int MessageRetentionDays { get; init; } = 4;

    /// <summary>Seconds that putting or reading an object over the API may take. Default 3,600.</summary>
    public int MaxTransferSeconds { get; init; } = 3_600;

    /// <summary>MiB in the content of an object. Default 1,024.</summary>
    public int MaxObjectMiB { get; init; } = 1_024;

    /// <summary>Tables that a tenant may have. Default 256.</summary>
    public int MaxTables { get; init; } = 256;

    /// <summary>Items in a table. Default 1,000,000.</summary>
    public int MaxTableItems { get; init; } = 1_000_000;

    /// <summary>Pairs of tenant and state machine that metrics tell by name; all others are counted together. Default 1,000.</summary>
    public int MaxMetricLabelSets { get; init; } = 1_000;

    /// <summary>
    /// Bytes of one request body: twice the larger of payload and definition, because a text within a text is escaped, and 64 KiB for the rest.
    /// </summary>
    public int MaxRequestBodyBytes => (2 * Math.Max(MaxPayloadBytes, MaxDefinitionBytes)) + 65_536;

    /// <summary>The limits that an execution started now keeps for life, as far as they are the service's; the others are the driver's.</summary>
    public ExecutionLimits ForExecutions() => ExecutionLimits.Default with
    {
        MaxPayloadBytes = MaxPayloadBytes,
        MaxPayloadDepth = MaxPayloadDepth,
        MaxComputedBytes = MaxPayloadBytes,
        MaxVariableBytes = MaxVariableBytes,
        MaxAssignBytes = MaxAssignBytes,
        MaxStoredVariableBytes = MaxStoredVariableBytes,
        MaxRangeElements = MaxRangeElements,
        MaxEncodedCharacters = MaxEncodedCharacters,
        MaxFieldWork = MaxFieldWork,
        MaxExpressionFuel = MaxExpressionFuel,
        MaxExpressionDepth = MaxExpressionDepth,
    };

    /// <summary>Reads the limits from a configuration; a value that is no number or out of its range is refused.</summary>
    /// <param name="configuration">Gives the value of a key, or null.</param>
    public static Result<ServiceLimits> Read(Func<string, string?> configuration)
    {
        ServiceLimits limits = Default;
        foreach (LimitDefinition definition in Definitions)
        {
            string? text = configuration(definition.Key);
            if (text is null)
            {
                continue;
            }

            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
                || value < definition.Minimum
                || value > definition.Maximum)
            {
                return new ServiceError(
                    ErrorCodes.Validation,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{definition.Key} is \"{text}\", but has to be a whole number from {definition.Minimum} to {definition.Maximum} ({definition.Unit})."))
                {
                    Target = definition.Key,
                };
            }

            limits = definition.With(limits, value);
        }

        return limits;
    }
}
