namespace Lockstep.Api.Documents;

/// <summary>The shapes of map runs (Step Functions, API reference, DescribeMapRun, ListMapRuns, UpdateMapRun).</summary>
internal static class MapRunSchemas
{
    /// <summary>By name, as a group takes them.</summary>
    public const string Schemas = """
        {
          "MapRunCounts": {
            "type": "object",
            "required": ["pending", "running", "succeeded", "failed", "timedOut", "aborted", "total", "resultsWritten", "failuresNotRedrivable",
              "pendingRedrive"],
            "properties": {
              "pending": { "type": "integer", "description": "Read and not begun." },
              "running": { "type": "integer" },
              "succeeded": { "type": "integer" },
              "failed": { "type": "integer" },
              "timedOut": { "type": "integer" },
              "aborted": { "type": "integer" },
              "total": { "type": "integer", "description": "All that have been read so far." },
              "resultsWritten": { "type": "integer" },
              "failuresNotRedrivable": { "type": "integer", "description": "Of those that failed, how many the last redrive could not redrive." },
              "pendingRedrive": { "type": "integer", "description": "Did not succeed, and wait for a redrive to come to them." }
            }
          },
          "MapRun": {
            "type": "object",
            "description": "As DescribeMapRun of Step Functions shows it.",
            "required": ["id", "mapRunArn", "executionArn", "stateMachineArn", "status", "startedAt", "maxConcurrency", "toleratedFailureCount",
              "toleratedFailurePercentage", "itemCounts", "executionCounts", "redriveCount"],
            "properties": {
              "id": { "type": "string" },
              "mapRunArn": { "type": "string" },
              "executionArn": { "type": "string" },
              "stateMachineArn": { "type": "string" },
              "status": { "$ref": "#/components/schemas/ExecutionStatus" },
              "startedAt": { "type": "string", "format": "date-time" },
              "stoppedAt": { "type": "string", "format": "date-time" },
              "redriveCount": { "type": "integer", "minimum": 0 },
              "redrivenAt": { "type": "string", "format": "date-time", "description": "When it was redriven last." },
              "maxConcurrency": { "type": "integer", "description": "0 means as many as the service allows." },
              "toleratedFailureCount": { "type": "integer" },
              "toleratedFailurePercentage": { "type": "number" },
              "itemCounts": { "$ref": "#/components/schemas/MapRunCounts" },
              "executionCounts": { "$ref": "#/components/schemas/MapRunCounts" }
            }
          },
          "MapRunList": { "listOf": "MapRun" },
          "UpdateMapRunRequest": {
            "type": "object",
            "additionalProperties": false,
            "minProperties": 1,
            "properties": {
              "maxConcurrency": { "type": "integer", "minimum": 0 },
              "toleratedFailureCount": { "type": "integer", "minimum": 0 },
              "toleratedFailurePercentage": { "type": "number", "minimum": 0, "maximum": 100 }
            }
          }
        }
        """;
}
