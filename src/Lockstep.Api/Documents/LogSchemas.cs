namespace Lockstep.Api.Documents;

/// <summary>The shapes of logging configurations, log groups and log events.</summary>
internal static class LogSchemas
{
    /// <summary>By name, as a group takes them.</summary>
    public const string Schemas = """
        {
          "LoggingConfiguration": {
            "type": "object",
            "additionalProperties": false,
            "description": "What of the executions is logged, in the shape of Step Functions.",
            "properties": {
              "level": { "type": "string", "enum": ["ALL", "ERROR", "FATAL", "OFF"], "default": "OFF" },
              "includeExecutionData": { "type": "boolean", "default": false },
              "destinations": {
                "type": "array",
                "maxItems": 1,
                "description": "The log group; there has to be one unless the level is OFF.",
                "items": {
                  "type": "object",
                  "required": ["cloudWatchLogsLogGroup"],
                  "properties": {
                    "cloudWatchLogsLogGroup": {
                      "type": "object",
                      "required": ["logGroupArn"],
                      "properties": { "logGroupArn": { "type": "string", "description": "arn:aws:logs:REGION:TENANT:log-group:NAME:*" } }
                    }
                  }
                }
              }
            }
          },
          "LogGroup": {
            "type": "object",
            "required": ["logGroupName", "logGroupArn"],
            "properties": {
              "logGroupName": { "type": "string" },
              "logGroupArn": { "type": "string" }
            }
          },
          "LogGroupList": { "listOf": "LogGroup" },
          "LogEvent": {
            "type": "object",
            "description": "An event of history as Step Functions logs it.",
            "required": ["id", "type", "details", "redrive_count", "previous_event_id", "execution_arn", "event_timestamp"],
            "properties": {
              "id": { "type": "string" },
              "type": { "type": "string" },
              "details": { "type": "object", "description": "The details of the event, without inputs and outputs unless includeExecutionData says so." },
              "redrive_count": { "type": "string" },
              "previous_event_id": { "type": "string" },
              "execution_arn": { "type": "string" },
              "event_timestamp": { "type": "string", "description": "Milliseconds since 1970." }
            }
          },
          "LogEventList": { "listOf": "LogEvent" }
        }
        """;
}
