using System.Text.Json.Nodes;

namespace Lockstep.Api.Documents;

/// <summary>Puts groups of schemas together.</summary>
internal static class SchemaGroup
{
    /// <summary>Adds the schemas of a group, an object by name as text, to others; a name that is there already is a defect.</summary>
    public static JsonObject Add(JsonObject schemas, string group)
    {
        JsonObject own = JsonNode.Parse(group) as JsonObject ?? throw new InvalidOperationException("The schemas are an object.");
        foreach ((string name, JsonNode? schema) in own.ToArray())
        {
            own.Remove(name);
            schemas.Add(name, schema);
        }

        return schemas;
    }
}
