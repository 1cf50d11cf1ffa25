using System.Text.Json.Nodes;

namespace Lockstep.Api.Documents;

/// <summary>
/// Puts groups of schemas together. A group is an object of schemas by name, as text, in which <c>{ "listOf": "Name" }</c> stands for a page of a list as all
/// lists have it.
/// </summary>
internal static class SchemaGroup
{
    private const string ListOf = "listOf";

    /// <summary>The schemas of all groups, in order; a name that is there already is a defect.</summary>
    public static JsonObject Join(params ReadOnlySpan<string> groups)
    {
        JsonObject all = [];
        foreach (string group in groups)
        {
            JsonObject own = Parse(group);
            foreach ((string name, JsonNode? schema) in own.ToArray())
            {
                own.Remove(name);
                all.Add(name, schema is JsonObject list && list[ListOf] is { } item ? PageOf(item.GetValue<string>()) : schema);
            }
        }

        return all;
    }

    private static JsonObject PageOf(string item) => Parse($$"""
        {
          "type": "object",
          "required": ["value"],
          "properties": {
            "value": { "type": "array", "items": { "$ref": "#/components/schemas/{{item}}" } },
            "nextLink": { "type": "string", "format": "uri" }
          }
        }
        """);

    private static JsonObject Parse(string text) => JsonNode.Parse(text) as JsonObject ?? throw new InvalidOperationException("The schemas are an object.");
}
