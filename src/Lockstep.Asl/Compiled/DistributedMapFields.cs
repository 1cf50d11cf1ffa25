using Lockstep.Asl.Evaluation;
using Lockstep.Json;

namespace Lockstep.Asl.Compiled;

/// <summary>The fields of a Map state that only DISTRIBUTED mode has, compiled.</summary>
/// <param name="ToleratedFailureCount">Failed items that are put up with; null when absent.</param>
/// <param name="ToleratedFailurePercentage">The same in per cent of the items, from 0 to 100; null when absent.</param>
/// <param name="Reader">Where the items come from; null when they come from the input.</param>
/// <param name="Batcher">How items are put together; null when each is an input of its own.</param>
/// <param name="Writer">Where the results go and in which form; null when they are the result of the state as they are.</param>
public sealed record DistributedMapFields(
    ValueExpression? ToleratedFailureCount,
    ValueExpression? ToleratedFailurePercentage,
    ItemReaderFields? Reader,
    ItemBatcherFields? Batcher,
    ResultWriterFields? Writer)
{
    /// <summary>Whether a <c>ResultWriter</c> keeps the results, so that the state's own result is not their array.</summary>
    public bool WritesResult => Writer is not null;

    /// <summary>Stands in ARNs of the map run and its children; null when absent.</summary>
    public string? Label { get; init; }
}

/// <summary>What an <c>ItemReader</c> reads.</summary>
/// <param name="Parameters">The arguments of the call that reads; null when absent.</param>
/// <param name="InputType">The format: <c>JSON</c>, <c>JSONL</c>, <c>CSV</c>, …; null when absent.</param>
/// <param name="ItemsPointer">The array within a JSON document, as a JSON Pointer; null for the document itself.</param>
/// <param name="MaxItems">Items at most; null when absent, 0 means no cap.</param>
/// <param name="CsvHeaders">Names of the columns; null when the first row has them.</param>
/// <param name="CsvDelimiter">What stands between columns.</param>
public sealed record ItemReaderFields(
    ValueExpression? Parameters, string? InputType, string? ItemsPointer, ValueExpression? MaxItems, JsonArray? CsvHeaders, char CsvDelimiter)
{
    /// <summary>Whether the items are the objects of a bucket, not the content of one.</summary>
    public bool ListsObjects { get; init; }

    /// <summary>Whether the items are those in the objects that are listed: <c>Transformation</c> LOAD_AND_FLATTEN.</summary>
    public bool Flattens { get; init; }

    /// <summary>Who wrote the manifest, <c>S3_INVENTORY</c> or <c>ATHENA_DATA</c>; null when it is not said.</summary>
    public string? ManifestType { get; init; }
}

/// <summary>How an <c>ItemBatcher</c> puts items together.</summary>
/// <param name="MaxItemsPerBatch">Items of a batch at most; null when absent.</param>
/// <param name="MaxInputBytesPerBatch">Bytes of a batch at most; null when absent.</param>
/// <param name="BatchInput">What every batch carries besides its items; null when absent.</param>
public sealed record ItemBatcherFields(ValueExpression? MaxItemsPerBatch, ValueExpression? MaxInputBytesPerBatch, ValueExpression? BatchInput);

/// <summary>Where a <c>ResultWriter</c> writes results, and in which form.</summary>
/// <param name="Parameters">The arguments of the call that writes: <c>Bucket</c> and <c>Prefix</c>; null when the results are only formed.</param>
/// <param name="Transformation"><c>NONE</c>, <c>COMPACT</c> or <c>FLATTEN</c>.</param>
/// <param name="OutputType"><c>JSON</c> or <c>JSONL</c>.</param>
public sealed record ResultWriterFields(ValueExpression? Parameters, string Transformation, string OutputType);
