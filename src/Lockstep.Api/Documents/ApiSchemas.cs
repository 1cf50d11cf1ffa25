using System.Text.Json.Nodes;

namespace Lockstep.Api.Documents;

/// <summary>The shapes of requests and answers as JSON Schema 2020-12, by name. Routes refer to them; a test holds both together.</summary>
public static class ApiSchemas
{
    private const string Schemas = """
        {
          "CreateStateMachineRequest": {
            "type": "object",
            "required": ["name", "definition"],
            "additionalProperties": false,
            "properties": {
              "name": { "type": "string", "minLength": 1, "maxLength": 80 },
              "definition": { "type": ["object", "string"], "description": "The definition in Amazon States Language, as an object or as its text." },
              "type": { "$ref": "#/components/schemas/WorkflowType" },
              "roleArn": { "type": "string", "description": "Shown to the execution, never used." },
              "publish": { "type": "boolean", "default": false, "description": "Whether to publish the revision as a version as well." },
              "versionDescription": { "type": "string", "maxLength": 256, "description": "Only together with publish." },
              "loggingConfiguration": { "$ref": "#/components/schemas/LoggingConfiguration" },
              "tags": { "type": "object", "additionalProperties": { "type": "string" } }
            }
          },
          "UpdateStateMachineRequest": {
            "type": "object",
            "additionalProperties": false,
            "properties": {
              "definition": { "type": ["object", "string"] },
              "roleArn": { "type": "string" },
              "publish": { "type": "boolean", "default": false, "description": "Whether to publish the revision as a version as well." },
              "versionDescription": { "type": "string", "maxLength": 256, "description": "Only together with publish." },
              "loggingConfiguration": { "$ref": "#/components/schemas/LoggingConfiguration" }
            }
          },
          "WorkflowType": { "type": "string", "enum": ["STANDARD", "EXPRESS"], "default": "STANDARD" },
          "StateMachineSummary": {
            "type": "object",
            "required": ["name", "stateMachineArn", "type", "revisionId", "createdAt", "updatedAt"],
            "properties": {
              "name": { "type": "string" },
              "stateMachineArn": { "type": "string" },
              "type": { "$ref": "#/components/schemas/WorkflowType" },
              "revisionId": { "type": "string" },
              "createdAt": { "type": "string", "format": "date-time" },
              "updatedAt": { "type": "string", "format": "date-time" }
            }
          },
          "StateMachine": {
            "allOf": [{ "$ref": "#/components/schemas/StateMachineSummary" }],
            "type": "object",
            "required": ["status", "roleArn", "definition", "tags"],
            "properties": {
              "status": { "const": "ACTIVE" },
              "roleArn": { "type": "string" },
              "loggingConfiguration": { "$ref": "#/components/schemas/LoggingConfiguration" },
              "definition": { "type": "object" },
              "variableReferences": { "$ref": "#/components/schemas/VariableReferences" },
              "tags": { "type": "object", "additionalProperties": { "type": "string" } },
              "stateMachineVersionArn": { "type": "string", "description": "The version, when publishing was asked for." }
            }
          },
          "StateMachineList": { "listOf": "StateMachineSummary" },
          "StartExecutionRequest": {
            "type": "object",
            "additionalProperties": false,
            "properties": {
              "name": { "type": "string", "minLength": 1, "maxLength": 80, "description": "Made up when absent." },
              "input": { "description": "Any JSON value; an empty object when absent." }
            }
          },
          "StartedExecution": {
            "type": "object",
            "required": ["id", "executionArn", "name", "startedAt"],
            "properties": {
              "id": { "type": "string" },
              "executionArn": { "type": "string" },
              "name": { "type": "string" },
              "startedAt": { "type": "string", "format": "date-time" }
            }
          },
          "StopExecutionRequest": {
            "type": "object",
            "additionalProperties": false,
            "properties": {
              "error": { "type": "string", "maxLength": 256 },
              "cause": { "type": "string", "maxLength": 32768 }
            }
          },
          "ExecutionStatus": { "type": "string", "enum": ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"],
            "description": "PENDING_REDRIVE is a child of a map run that did not succeed, and that the redrive of the map run has not come to." },
          "Execution": {
            "type": "object",
            "required": ["id", "executionArn", "name", "stateMachine", "stateMachineArn", "revisionId", "type", "status", "startedAt"],
            "properties": {
              "id": { "type": "string" },
              "executionArn": { "type": "string" },
              "name": { "type": "string" },
              "stateMachine": { "type": "string" },
              "stateMachineArn": { "type": "string" },
              "stateMachineVersionArn": { "type": "string", "description": "Only when it was started through a version or alias." },
              "stateMachineAliasArn": { "type": "string", "description": "Only when it was started through an alias." },
              "revisionId": { "type": "string" },
              "type": { "$ref": "#/components/schemas/WorkflowType" },
              "status": { "$ref": "#/components/schemas/ExecutionStatus" },
              "mapRunArn": { "type": "string", "description": "Of the child of a map run." },
              "itemCount": { "type": "integer", "description": "Items of the map run that it has got; only where it is listed as a child of that." },
              "startedAt": { "type": "string", "format": "date-time" },
              "stoppedAt": { "type": "string", "format": "date-time" },
              "redriveCount": { "type": "integer", "minimum": 0 },
              "redrivenAt": { "type": "string", "format": "date-time", "description": "When it was redriven last." },
              "redriveStatus": { "type": "string", "enum": ["REDRIVABLE", "NOT_REDRIVABLE", "REDRIVABLE_BY_MAP_RUN"], "description": "Absent in lists." },
              "redriveStatusReason": { "type": "string", "description": "Why it cannot be redriven." },
              "input": { "description": "Any JSON value; absent in lists." },
              "output": { "description": "Any JSON value; only when it succeeded, absent in lists." },
              "error": { "type": "string" },
              "cause": { "type": "string" }
            }
          },
          "ExecutionList": { "listOf": "Execution" },
          "HistoryEvent": {
            "type": "object",
            "description": "As GetExecutionHistory of Step Functions shows it; the member with the details is named after the type.",
            "required": ["timestamp", "type", "id", "previousEventId"],
            "properties": {
              "timestamp": { "type": ["string", "number"] },
              "type": { "type": "string" },
              "id": { "type": "integer" },
              "previousEventId": { "type": "integer" }
            },
            "additionalProperties": { "type": "object" }
          },
          "HistoryEventList": { "listOf": "HistoryEvent" },
          "HistoryEventStream": {
            "type": "string",
            "description": "Server-sent events: one per history event, named by its type, its id the event's; at the end one named end with the execution."
          },
          "CreateActivityRequest": {
            "type": "object",
            "required": ["name"],
            "additionalProperties": false,
            "properties": { "name": { "type": "string", "minLength": 1, "maxLength": 80 } }
          },
          "Activity": {
            "type": "object",
            "required": ["name", "activityArn", "createdAt"],
            "properties": {
              "name": { "type": "string" },
              "activityArn": { "type": "string" },
              "createdAt": { "type": "string", "format": "date-time" }
            }
          },
          "ActivityList": { "listOf": "Activity" },
          "GetActivityTaskRequest": {
            "type": "object",
            "additionalProperties": false,
            "properties": {
              "workerName": { "type": "string", "minLength": 1, "maxLength": 80 },
              "waitSeconds": { "type": "integer", "minimum": 0, "maximum": 60, "default": 60 }
            }
          },
          "ActivityTask": {
            "type": "object",
            "required": ["taskToken", "input"],
            "properties": {
              "taskToken": { "type": "string" },
              "input": { "description": "Any JSON value." }
            }
          },
          "SendTaskSuccessRequest": {
            "type": "object",
            "required": ["output"],
            "additionalProperties": false,
            "properties": { "output": { "description": "Any JSON value." } }
          },
          "SendTaskFailureRequest": {
            "type": "object",
            "additionalProperties": false,
            "properties": {
              "error": { "type": "string", "maxLength": 256 },
              "cause": { "type": "string", "maxLength": 32768 }
            }
          },
          "PutFunctionRequest": {
            "type": "object",
            "required": ["url"],
            "additionalProperties": false,
            "properties": { "url": { "type": "string", "format": "uri", "maxLength": 2048 } }
          },
          "Function": {
            "type": "object",
            "required": ["name", "url", "createdAt"],
            "properties": {
              "name": { "type": "string" },
              "url": { "type": "string", "format": "uri" },
              "createdAt": { "type": "string", "format": "date-time" }
            }
          },
          "FunctionList": { "listOf": "Function" },
          "ObjectContent": { "type": "string", "contentMediaType": "application/octet-stream" },
          "Object": {
            "type": "object",
            "required": ["bucket", "key", "size", "etag", "contentType", "lastModified"],
            "properties": {
              "bucket": { "type": "string", "minLength": 3, "maxLength": 63 },
              "key": { "type": "string", "minLength": 1 },
              "size": { "type": "integer", "minimum": 0, "description": "Bytes of its content." },
              "etag": { "type": "string", "description": "Follows from the content alone." },
              "contentType": { "type": "string" },
              "lastModified": { "type": "string", "format": "date-time" }
            }
          },
          "ObjectList": { "listOf": "Object" },
          "CreateTenantRequest": {
            "type": "object",
            "additionalProperties": false,
            "properties": {
              "tenant": { "type": "string", "pattern": "^[0-9]{12}$", "description": "Its number; the one after the highest when absent." },
              "name": { "type": "string", "minLength": 1 }
            }
          },
          "Tenant": {
            "type": "object",
            "required": ["tenant"],
            "properties": {
              "tenant": { "type": "string", "pattern": "^[0-9]{12}$" },
              "name": { "type": "string" },
              "createdAt": { "type": "string", "format": "date-time", "description": "Absent when no operator has created it." }
            }
          },
          "TenantList": { "listOf": "Tenant" },
          "NewTenant": {
            "type": "object",
            "description": "A tenant, and an API key with its access key that were just issued for it.",
            "required": ["tenant", "apiKeyId", "apiKey", "accessKeyId", "secretAccessKey"],
            "properties": {
              "tenant": { "type": "string", "pattern": "^[0-9]{12}$" },
              "name": { "type": "string" },
              "createdAt": { "type": "string", "format": "date-time" },
              "apiKeyId": { "type": "string", "description": "Names the key; no secret." },
              "apiKey": { "type": "string", "description": "The key. There is no other copy." },
              "accessKeyId": { "type": "string", "description": "For AWS SDKs and tools: names the access key; no secret." },
              "secretAccessKey": { "type": "string", "description": "For AWS SDKs and tools: signs. It is shown this once." }
            }
          },
          "ApiKey": {
            "type": "object",
            "required": ["apiKeyId", "createdAt"],
            "properties": {
              "apiKeyId": { "type": "string" },
              "accessKeyId": { "type": "string", "description": "For AWS SDKs and tools." },
              "createdAt": { "type": "string", "format": "date-time" }
            }
          },
          "ApiKeyList": {
            "type": "object",
            "required": ["value"],
            "properties": { "value": { "type": "array", "items": { "$ref": "#/components/schemas/ApiKey" } } }
          },
          "CloudEvent": {
            "type": "object",
            "description": "CloudEvents 1.0, structured mode.",
            "required": ["specversion", "id", "source", "type", "subject", "time", "sequence", "datacontenttype", "data"],
            "properties": {
              "specversion": { "const": "1.0" },
              "id": { "type": "string" },
              "source": { "type": "string", "description": "The ARN of the state machine." },
              "type": { "type": "string", "description": "lockstep.execution.started, .succeeded, .failed, .timed_out or .aborted." },
              "subject": { "type": "string", "description": "The ARN of the execution." },
              "time": { "type": "string", "format": "date-time" },
              "sequence": { "type": "string", "description": "Grows by one with each event of the tenant; the last one is the next after." },
              "datacontenttype": { "const": "application/json" },
              "data": { "$ref": "#/components/schemas/Execution" }
            }
          },
          "CloudEventBatch": { "type": "array", "items": { "$ref": "#/components/schemas/CloudEvent" } },
          "ValidateRequest": {
            "type": "object",
            "required": ["definition"],
            "additionalProperties": false,
            "properties": {
              "definition": { "type": ["object", "string"] },
              "type": { "$ref": "#/components/schemas/WorkflowType" },
              "severity": { "type": "string", "enum": ["ERROR", "WARNING"], "default": "WARNING", "description": "The least that is shown." },
              "maxResults": { "type": "integer", "minimum": 0, "maximum": 100, "description": "The most that are shown; 0 for all up to the limit." }
            }
          },
          "Diagnostic": {
            "type": "object",
            "required": ["code", "severity", "message", "pointer", "line", "column"],
            "properties": {
              "code": { "type": "string" },
              "severity": { "type": "string", "enum": ["ERROR", "WARNING"] },
              "message": { "type": "string" },
              "location": { "type": "string", "description": "The place as Step Functions names it; absent where it names none." },
              "pointer": { "type": "string", "description": "JSON pointer into the definition." },
              "line": { "type": "integer", "description": "From 1; 0 when there is no place." },
              "column": { "type": "integer", "description": "From 1; 0 when there is no place." }
            }
          },
          "Validation": {
            "type": "object",
            "required": ["result", "diagnostics", "truncated"],
            "properties": {
              "result": { "type": "string", "enum": ["OK", "FAIL"] },
              "diagnostics": { "type": "array", "items": { "$ref": "#/components/schemas/Diagnostic" } },
              "truncated": { "type": "boolean", "description": "Whether more were found than are shown." }
            }
          },
          "ApprovalForm": {
            "type": "object",
            "required": ["token", "decision"],
            "properties": {
              "token": { "type": "string" },
              "decision": { "type": "string", "enum": ["approved", "rejected"] },
              "comment": { "type": "string", "maxLength": 2000 }
            }
          },
          "HtmlPage": { "type": "string" },
          "Health": { "type": "object", "required": ["status"], "properties": { "status": { "const": "ok" } } },
          "OpenApiDocument": { "type": "object" },
          "Problem": {
            "type": "object",
            "description": "Problem details (RFC 9457).",
            "required": ["type", "title", "status", "code", "detail", "remedy"],
            "properties": {
              "type": { "type": "string", "format": "uri" },
              "title": { "type": "string" },
              "status": { "type": "integer" },
              "code": { "type": "string", "description": "Stable; docs/error-codes.md explains each." },
              "detail": { "type": "string", "description": "What was wrong." },
              "pointer": { "type": "string", "description": "Where: a JSON pointer into the body, or the name of a parameter or header." },
              "remedy": { "type": "string", "description": "How to mend it." },
              "diagnostics": { "type": "array", "items": { "$ref": "#/components/schemas/Diagnostic" } },
              "requestId": { "type": "string", "description": "Names the request in the operator's log; only when the service is at fault." }
            }
          }
        }
        """;

    /// <summary>All of them, as <c>components/schemas</c> has them; a new tree each time.</summary>
    public static JsonObject All() => SchemaGroup.Join(
        Schemas,
        VersionSchemas.Schemas,
        StateTestSchemas.Schemas,
        ChannelSchemas.Schemas,
        ConnectionSchemas.Schemas,
        TableSchemas.Schemas,
        MapRunSchemas.Schemas,
        RedriveSchemas.Schemas,
        WireSchemas.Schemas,
        LogSchemas.Schemas);
}
