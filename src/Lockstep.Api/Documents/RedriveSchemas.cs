using System.Text.Json.Nodes;

namespace Lockstep.Api.Documents;

/// <summary>The shapes of a redrive and its answer.</summary>
internal static class RedriveSchemas
{
    private const string Schemas = """
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

    /// <summary>Adds them to a tree of schemas.</summary>
    public static JsonObject AddTo(JsonObject all)
    {
        JsonObject schemas = JsonNode.Parse(Schemas) as JsonObject ?? throw new InvalidOperationException("The schemas are an object.");
        foreach ((string name, JsonNode? schema) in schemas)
        {
            all.Add(name, schema?.DeepClone());
        }

        return all;
    }
}
