using System.Collections.Immutable;
using Lockstep.Api.Wire.Shapes;
using Lockstep.Engine.History;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Paging;

namespace Lockstep.Api.Wire.Operations;

/// <summary>The history of an execution.</summary>
internal static class HistoryWire
{
    /// <summary>The operations.</summary>
    public static ImmutableArray<WireOperation> Operations { get; } =
    [
        new(
            "GetExecutionHistory",
            StateMachineWire.ListShape(
                new("executionArn", RequestShapes.Arn, true), new("reverseOrder", RequestShapes.Flag), new("includeExecutionData", RequestShapes.Flag)),
            ReadAsync,
            new ThrottleRate(400, 20))
        {
            Errors = ["ExecutionDoesNotExist", "InvalidArn", "InvalidToken"],
            Differences = ["Page tokens do not expire after 24 hours; a page ends early when it has MaxPageBytes of data."],
        },
    ];

    private static async ValueTask<WireAnswer> ReadAsync(WireCall call)
    {
        string arn = call.Text("executionArn");
        if (WireArns.ReadExecution(call, arn, out ExecutionKey key) is { } badArn)
        {
            return badArn;
        }

        Result<Page<HistoryEvent>> page = await call.Service.Executions.HistoryAsync(
            key, call.Flag("reverseOrder") ?? false, call.Page(), call.Cancellation);
        var shape = new HistoryEventJsonOptions { EpochSeconds = true, IncludeData = call.Flag("includeExecutionData") ?? true };
        return page.Succeeded
            ? WireAnswer.Of(writer =>
            {
                writer.WriteStartArray("events");
                foreach (HistoryEvent entry in page.Value.Items)
                {
                    HistoryEventJson.Write(writer, entry, shape);
                }

                writer.WriteEndArray();
                writer.WriteNextToken(page.Value.Next);
            })
            : WireErrors.Of(page.Error, arn);
    }
}
