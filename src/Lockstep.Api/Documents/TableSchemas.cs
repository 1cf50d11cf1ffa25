using System.Text.Json.Nodes;

namespace Lockstep.Api.Documents;

/// <summary>The shapes of tables and items.</summary>
internal static class TableSchemas
{
    private const string Schemas = """
        {
          "KeyAttribute": {
            "type": "object",
            "required": ["name", "type"],
            "additionalProperties": false,
            "properties": {
              "name": { "type": "string", "minLength": 1, "maxLength": 255 },
              "type": { "type": "string", "enum": ["S", "N", "B"] }
            }
          },
          "CreateTableRequest": {
            "type": "object",
            "required": ["partitionKey"],
            "additionalProperties": false,
            "properties": {
              "partitionKey": { "$ref": "#/components/schemas/KeyAttribute" },
              "sortKey": { "$ref": "#/components/schemas/KeyAttribute" }
            }
          },
          "Table": {
            "type": "object",
            "required": ["name", "partitionKey", "createdAt"],
            "properties": {
              "name": { "type": "string" },
              "partitionKey": { "$ref": "#/components/schemas/KeyAttribute" },
              "sortKey": { "$ref": "#/components/schemas/KeyAttribute" },
              "createdAt": { "type": "string", "format": "date-time" }
            }
          },
          "TableList": {
            "type": "object",
            "required": ["value"],
            "properties": {
              "value": { "type": "array", "items": { "$ref": "#/components/schemas/Table" } },
              "nextLink": { "type": "string", "format": "uri" }
            }
          },
          "Item": { "type": "object", "description": "Attribute values as DynamoDB writes them, such as {\"id\": {\"S\": \"1\"}}." },
          "ItemList": {
            "type": "object",
            "required": ["value"],
            "properties": {
              "value": { "type": "array", "items": { "$ref": "#/components/schemas/Item" } },
              "nextLink": { "type": "string", "format": "uri" }
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
