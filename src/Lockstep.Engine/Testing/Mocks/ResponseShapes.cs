using System.Collections.Frozen;
using Lockstep.Asl.Resources;

namespace Lockstep.Engine.Testing.Mocks;

/// <summary>
/// The responses of the service integrations (facts from the public API references). A result without API behind it has none: that of a
/// function or an activity, of an HTTP endpoint, and what a callback brings.
/// </summary>
internal static class ResponseShapes
{
    private const string SdkPrefix = "aws-sdk:";

    private static readonly ScalarShape Anything = new(ScalarKind.Anything);
    private static readonly ScalarShape Text = new(ScalarKind.Text);
    private static readonly ScalarShape Number = new(ScalarKind.Number);
    private static readonly ScalarShape Boolean = new(ScalarKind.Boolean);
    private static readonly ScalarShape Timestamp = new(ScalarKind.Timestamp);

    private static readonly FrozenDictionary<string, ResponseShape> Shapes = new Dictionary<string, ResponseShape>(StringComparer.Ordinal)
    {
        ["lambda:invoke"] = Structure(
            [.. Fields(Text, "DurableExecutionArn", "ExecutedVersion", "FunctionError", "LogResult"), new("Payload", Anything), new("StatusCode", Number)]),
        ["sqs:sendMessage"] = Structure(Fields(
            Text,
            "MD5OfMessageAttributes",
            "MD5OfMessageBody",
            "MD5OfMessageSystemAttributes",
            "Md5OfMessageAttributes",
            "Md5OfMessageBody",
            "Md5OfMessageSystemAttributes",
            "MessageId",
            "SequenceNumber")),
        ["sns:publish"] = Structure(Fields(Text, "MessageId", "SequenceNumber")),
        ["events:putEvents"] = PutEvents(),
        ["eventbridge:putEvents"] = PutEvents(),
        ["states:startExecution"] = StartExecution(),
        ["sfn:startExecution"] = StartExecution(),
        ["sfn:describeExecution"] = DescribeExecution(Text),
        ["sfn:startSyncExecution"] = Structure(
        [
            new("ExecutionArn", Text, IsRequired: true),
            .. Fields(Text, "Cause", "Error", "Input", "Name", "Output", "StateMachineArn", "TraceHeader"),
            new("StartDate", Timestamp, IsRequired: true),
            new("Status", Text, IsRequired: true),
            new("StopDate", Timestamp, IsRequired: true),
        ]),
        ["states:startExecution.sync"] = DescribeExecution(Text),
        ["states:startExecution.sync:2"] = DescribeExecution(Anything),
        ["dynamodb:getItem"] = Structure([new("ConsumedCapacity", ConsumedCapacity()), new("Item", Attributes())]),
        ["dynamodb:putItem"] = WriteItem(),
        ["dynamodb:updateItem"] = WriteItem(),
        ["dynamodb:deleteItem"] = WriteItem(),
        ["s3:getObject"] = GetObject(),
        ["s3:putObject"] = PutObject(),
        ["s3:listObjectsV2"] = ListObjects(),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The response of what a task calls; null when it is not known.</summary>
    public static ResponseShape? Of(TaskResource resource)
    {
        if (resource.Kind != ResourceKind.Service || resource.Pattern == IntegrationPattern.WaitForTaskToken)
        {
            return null;
        }

        string service = resource.Service.StartsWith(SdkPrefix, StringComparison.Ordinal) ? resource.Service[SdkPrefix.Length..] : resource.Service;
        return Shapes.GetValueOrDefault($"{service}:{resource.Action}");
    }

    private static StructureShape Structure(ReadOnlySpan<ResponseField> fields) => new([.. fields]);

    private static ResponseField[] Fields(ResponseShape shape, params ReadOnlySpan<string> names)
    {
        var fields = new ResponseField[names.Length];
        for (int i = 0; i < names.Length; i++)
        {
            fields[i] = new ResponseField(names[i], shape);
        }

        return fields;
    }

    private static StructureShape PutEvents() => Structure(
    [
        new("Entries", new ListShape(Structure(Fields(Text, "ErrorCode", "ErrorMessage", "EventId")))),
        new("FailedEntryCount", Number),
    ]);

    private static StructureShape StartExecution() => Structure(
        [new("ExecutionArn", Text, IsRequired: true), new("StartDate", Timestamp, IsRequired: true)]);

    private static StructureShape DescribeExecution(ResponseShape payload) => Structure(
    [
        .. Fields(
            Text, "Cause", "Error", "MapRunArn", "Name", "RedriveStatus", "RedriveStatusReason", "StateMachineAliasArn", "StateMachineVersionArn", "TraceHeader"),
        new("ExecutionArn", Text, IsRequired: true),
        new("Input", payload),
        new("InputDetails", Structure([new("Included", Boolean)])),
        new("Output", payload),
        new("OutputDetails", Structure([new("Included", Boolean)])),
        new("RedriveCount", Number),
        new("RedriveDate", Timestamp),
        new("StartDate", Timestamp, IsRequired: true),
        new("StateMachineArn", Text, IsRequired: true),
        new("Status", Text, IsRequired: true),
        new("StopDate", Timestamp),
    ]);

    private static StructureShape WriteItem() => Structure(
    [
        new("Attributes", Attributes()),
        new("ConsumedCapacity", ConsumedCapacity()),
        new("ItemCollectionMetrics", Structure(
            [new("ItemCollectionKey", Attributes()), new("SizeEstimateRangeGB", new ListShape(Number))])),
    ]);

    private static StructureShape ConsumedCapacity()
    {
        ResponseField[] units = Fields(Number, "CapacityUnits", "ReadCapacityUnits", "WriteCapacityUnits");
        StructureShape capacity = Structure(units);
        return Structure(
        [
            .. units,
            new("GlobalSecondaryIndexes", new MapShape(capacity)),
            new("LocalSecondaryIndexes", new MapShape(capacity)),
            new("Table", capacity),
            new("TableName", Text),
        ]);
    }

    private static MapShape Attributes() => new(AttributeValue());

    private static StructureShape AttributeValue()
    {
        var nested = new DeferredShape(AttributeValue);
        var texts = new ListShape(Text);
        return Structure(
        [
            .. Fields(Text, "B", "N", "S"),
            .. Fields(Boolean, "BOOL", "NULL"),
            .. Fields(texts, "BS", "NS", "SS"),
            new("L", new ListShape(nested)),
            new("M", new MapShape(nested)),
        ]);
    }

    private static ResponseField[] Checksums() => Fields(
        Text, "ChecksumCRC32", "ChecksumCRC32C", "ChecksumCRC64NVME", "ChecksumSHA1", "ChecksumSHA256", "ChecksumType");

    private static ResponseField[] Encryption() =>
    [
        .. Fields(Text, "SSECustomerAlgorithm", "SSECustomerKeyMD5", "SSEKMSKeyId", "ServerSideEncryption"),
        new("BucketKeyEnabled", Boolean),
    ];

    private static StructureShape GetObject() => Structure(
    [
        .. Checksums(),
        .. Encryption(),
        .. Fields(
            Text,
            "AcceptRanges",
            "CacheControl",
            "ContentDisposition",
            "ContentEncoding",
            "ContentLanguage",
            "ContentRange",
            "ContentType",
            "ETag",
            "Expiration",
            "ObjectLockLegalHoldStatus",
            "ObjectLockMode",
            "ReplicationStatus",
            "RequestCharged",
            "Restore",
            "StorageClass",
            "VersionId",
            "WebsiteRedirectLocation"),
        .. Fields(Number, "ContentLength", "MissingMeta", "PartsCount", "TagCount"),
        .. Fields(Timestamp, "LastModified", "ObjectLockRetainUntilDate"),
        new("Body", Anything),
        new("DeleteMarker", Boolean),
        new("Metadata", new MapShape(Text)),
    ]);

    private static StructureShape PutObject() => Structure(
        [.. Checksums(), .. Encryption(), .. Fields(Text, "ETag", "Expiration", "RequestCharged", "SSEKMSEncryptionContext", "VersionId"), new("Size", Number)]);

    private static StructureShape ListObjects()
    {
        StructureShape stored = Structure(
        [
            .. Fields(Text, "ChecksumType", "ETag", "Key", "StorageClass"),
            new("ChecksumAlgorithm", new ListShape(Text)),
            new("LastModified", Timestamp),
            new("Owner", Structure(Fields(Text, "DisplayName", "ID"))),
            new("RestoreStatus", Structure([new("IsRestoreInProgress", Boolean), new("RestoreExpiryDate", Timestamp)])),
            new("Size", Number),
        ]);
        return Structure(
        [
            .. Fields(Text, "ContinuationToken", "Delimiter", "EncodingType", "Name", "NextContinuationToken", "Prefix", "RequestCharged", "StartAfter"),
            .. Fields(Number, "KeyCount", "MaxKeys"),
            new("CommonPrefixes", new ListShape(Structure(Fields(Text, "Prefix")))),
            new("Contents", new ListShape(stored)),
            new("IsTruncated", Boolean),
        ]);
    }
}
