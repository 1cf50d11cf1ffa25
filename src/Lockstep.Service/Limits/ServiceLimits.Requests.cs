using System.Collections.Immutable;

namespace Lockstep.Service.Limits;

/// <content>What requests may ask for, and how often.</content>
public sealed partial record ServiceLimits
{
    private static ImmutableArray<LimitDefinition> RequestLimits =>
    [
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
        new("MaxMetricLabelSets", "pairs", 1_000, 1, 100_000,
            "Pairs of tenant and state machine that metrics tell by name; all others are counted together as `other`.", limits => limits.MaxMetricLabelSets, (limits, value) => limits with { MaxMetricLabelSets = value }),
    ];

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

    /// <summary>Pairs of tenant and state machine that metrics tell by name; all others are counted together. Default 1,000.</summary>
    public int MaxMetricLabelSets { get; init; } = 1_000;
}
