using System.Collections.Immutable;

namespace Lockstep.Service.Limits;

/// <content>Queues, topics, event buses, objects and tables that tasks work on.</content>
public sealed partial record ServiceLimits
{
    private static ImmutableArray<LimitDefinition> StoreLimits =>
    [
        new("MaxChannels", "channels", 1_000, 1, 100_000,
            "Queues, topics and event buses that a tenant may have together.", limits => limits.MaxChannels, (limits, value) => limits with { MaxChannels = value }),
        new("MaxChannelMessages", "messages", 100_000, 1, 10_000_000,
            "Messages that a queue holds before it refuses more, and that a topic or event bus keeps before the oldest give way.", limits => limits.MaxChannelMessages, (limits, value) => limits with { MaxChannelMessages = value }),
        new("MaxMessageBytes", "bytes", 262_144, 1_024, 983_040,
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
    ];

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
}
