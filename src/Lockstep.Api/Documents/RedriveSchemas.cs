namespace Lockstep.Api.Documents;

/// <summary>The shapes of a redrive and its answer.</summary>
internal static class RedriveSchemas
{
    /// <summary>By name, as a group takes them.</summary>
    public const string Schemas = """
        {
          "RedriveExecutionRequest": {
            "type": "object",
            "additionalProperties": false,
            "properties": {
              "clientToken": { "type": "string", "minLength": 1, "maxLength": 64, "description": "The same token within 15 minutes is the same redrive." },
              "input": { "description": "An input for the state that failed, in place of its own. Beyond Step Functions." },
              "revisionId": { "type": "string", "description": "Another revision of the state machine, such as its newest, for the execution to go on with. Beyond Step Functions." },
              "version": { "type": "integer", "minimum": 1, "description": "The same by the number of a published version." }
            }
          },
          "RedrivenExecution": {
            "type": "object",
            "required": ["redrivenAt", "execution"],
            "properties": {
              "redrivenAt": { "type": "string", "format": "date-time" },
              "execution": { "$ref": "#/components/schemas/Execution" }
            }
          }
        }
        """;
}
