namespace Lockstep.Api.Documents;

/// <summary>The shapes of tests of single states (Step Functions, API reference, TestState), with JSON values in place of JSON text.</summary>
internal static class StateTestSchemas
{
    /// <summary>By name, as a group takes them.</summary>
    public const string Schemas = """
        {
          "TestStateRequest": {
            "type": "object",
            "required": ["definition"],
            "additionalProperties": false,
            "properties": {
              "definition": { "type": ["object", "string"], "description": "A state, or with stateName the machine that has it." },
              "stateName": { "type": "string", "minLength": 1, "maxLength": 80 },
              "input": { "description": "Any JSON value; an empty object when absent." },
              "inspectionLevel": { "type": "string", "enum": ["INFO", "DEBUG", "TRACE"], "default": "INFO" },
              "revealSecrets": { "type": "boolean", "default": false, "description": "Whether TRACE shows what a connection adds to the request of http:invoke with its values." },
              "roleArn": { "type": "string", "description": "Shown to the state, never used." },
              "variables": { "type": "object", "description": "Values of variables by their names." },
              "context": { "type": "object", "description": "The context object; only beside a mock." },
              "mock": { "$ref": "#/components/schemas/StateMock" },
              "stateConfiguration": { "$ref": "#/components/schemas/StateConfiguration" }
            }
          },
          "StateMock": {
            "type": "object",
            "description": "Stands for the work of a Task, Map or Parallel state. Either result or errorOutput is there.",
            "additionalProperties": false,
            "properties": {
              "result": { "description": "Any JSON value." },
              "errorOutput": {
                "type": "object",
                "required": ["error"],
                "additionalProperties": false,
                "properties": {
                  "error": { "type": "string", "maxLength": 256 },
                  "cause": { "type": "string", "maxLength": 32768 }
                }
              },
              "fieldValidationMode": { "type": "string", "enum": ["STRICT", "PRESENT", "NONE"], "default": "STRICT" }
            }
          },
          "StateConfiguration": {
            "type": "object",
            "additionalProperties": false,
            "properties": {
              "retrierRetryCount": { "type": "integer", "minimum": 0 },
              "errorCausedByState": { "type": "string", "minLength": 1, "maxLength": 80 },
              "mapIterationFailureCount": { "type": "integer", "minimum": 0 },
              "mapItemReaderData": { "description": "What the ItemReader reads, as text; JSON may stand as it is." }
            }
          },
          "StateTest": {
            "type": "object",
            "required": ["status"],
            "properties": {
              "status": { "type": "string", "enum": ["SUCCEEDED", "FAILED", "RETRIABLE", "CAUGHT_ERROR"] },
              "nextState": { "type": "string" },
              "output": { "description": "Any JSON value." },
              "error": { "type": "string" },
              "cause": { "type": "string" },
              "inspectionData": { "type": "object", "description": "The values on the way through the state; at DEBUG and TRACE." }
            }
          }
        }
        """;
}
