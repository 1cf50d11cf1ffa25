namespace Lockstep.Api.Documents;

/// <summary>The shapes of versions and aliases of state machines.</summary>
internal static class VersionSchemas
{
    /// <summary>By name, as a group takes them.</summary>
    public const string Schemas = """
        {
          "PublishStateMachineVersionRequest": {
            "type": "object",
            "additionalProperties": false,
            "properties": {
              "revisionId": { "type": "string", "description": "The revision that has to be in force; whatever it is when absent." },
              "description": { "type": "string", "maxLength": 256 }
            }
          },
          "StateMachineVersion": {
            "type": "object",
            "required": ["version", "stateMachineVersionArn", "stateMachine", "revisionId", "createdAt"],
            "properties": {
              "version": { "type": "integer", "minimum": 1 },
              "stateMachineVersionArn": { "type": "string" },
              "stateMachine": { "type": "string" },
              "revisionId": { "type": "string" },
              "description": { "type": "string" },
              "createdAt": { "type": "string", "format": "date-time" },
              "type": { "$ref": "#/components/schemas/WorkflowType" },
              "roleArn": { "type": "string", "description": "Only when the version itself is asked for, as type and definition." },
              "definition": { "type": "object" },
              "variableReferences": { "$ref": "#/components/schemas/VariableReferences" }
            }
          },
          "VariableReferences": {
            "type": "object",
            "additionalProperties": { "type": "array", "items": { "type": "string" } },
            "description": "By the name of a state the variables that it reads, nested states included; only where a machine or version is described."
          },
          "StateMachineVersionList": { "listOf": "StateMachineVersion" },
          "AliasRoute": {
            "type": "object",
            "required": ["version", "weight"],
            "additionalProperties": false,
            "properties": {
              "version": { "type": "integer", "minimum": 1 },
              "weight": { "type": "integer", "minimum": 0, "maximum": 100 }
            }
          },
          "AliasRoutes": {
            "type": "array",
            "minItems": 1,
            "maxItems": 2,
            "items": { "$ref": "#/components/schemas/AliasRoute" },
            "description": "Different versions of the machine; the weights are percentages and add up to 100."
          },
          "CreateStateMachineAliasRequest": {
            "type": "object",
            "required": ["name", "routingConfiguration"],
            "additionalProperties": false,
            "properties": {
              "name": { "type": "string", "minLength": 1, "maxLength": 80, "pattern": "^(?=.*[A-Za-z._-])[A-Za-z0-9._-]+$" },
              "description": { "type": "string", "maxLength": 256 },
              "routingConfiguration": { "$ref": "#/components/schemas/AliasRoutes" }
            }
          },
          "UpdateStateMachineAliasRequest": {
            "type": "object",
            "additionalProperties": false,
            "properties": {
              "description": { "type": "string", "maxLength": 256 },
              "routingConfiguration": { "$ref": "#/components/schemas/AliasRoutes" }
            }
          },
          "StateMachineAlias": {
            "type": "object",
            "required": ["name", "stateMachineAliasArn", "stateMachine", "routingConfiguration", "revisionId", "createdAt", "updatedAt"],
            "properties": {
              "name": { "type": "string" },
              "stateMachineAliasArn": { "type": "string" },
              "stateMachine": { "type": "string" },
              "description": { "type": "string" },
              "routingConfiguration": {
                "type": "array",
                "items": {
                  "type": "object",
                  "required": ["version", "stateMachineVersionArn", "weight"],
                  "properties": {
                    "version": { "type": "integer", "minimum": 1 },
                    "stateMachineVersionArn": { "type": "string" },
                    "weight": { "type": "integer", "minimum": 0, "maximum": 100 }
                  }
                }
              },
              "revisionId": { "type": "string", "description": "The alias's own revision, which is its ETag." },
              "createdAt": { "type": "string", "format": "date-time" },
              "updatedAt": { "type": "string", "format": "date-time" }
            }
          },
          "StateMachineAliasList": { "listOf": "StateMachineAlias" }
        }
        """;
}
