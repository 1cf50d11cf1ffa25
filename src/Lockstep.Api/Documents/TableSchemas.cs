namespace Lockstep.Api.Documents;

/// <summary>The shapes of tables and items.</summary>
internal static class TableSchemas
{
    /// <summary>By name, as a group takes them.</summary>
    public const string Schemas = """
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
          "TableList": { "listOf": "Table" },
          "Item": { "type": "object", "description": "Attribute values as DynamoDB writes them, such as {\"id\": {\"S\": \"1\"}}." },
          "ItemList": { "listOf": "Item" }
        }
        """;
}
