using System.Text.Json.Nodes;

namespace Lockstep.Api.Documents;

/// <summary>The shapes of queues, topics and event buses and of the messages in them.</summary>
internal static class ChannelSchemas
{
    private const string Schemas = """
        {
          "Channel": {
            "type": "object",
            "description": "A queue, topic or event bus.",
            "required": ["name", "arn", "createdAt"],
            "properties": {
              "name": { "type": "string" },
              "arn": { "type": "string" },
              "queueUrl": { "type": "string", "format": "uri", "description": "What QueueUrl may say; only of queues." },
              "createdAt": { "type": "string", "format": "date-time" }
            }
          },
          "ChannelList": {
            "type": "object",
            "required": ["value"],
            "properties": {
              "value": { "type": "array", "items": { "$ref": "#/components/schemas/Channel" } },
              "nextLink": { "type": "string", "format": "uri" }
            }
          },
          "ReceiveMessagesRequest": {
            "type": "object",
            "additionalProperties": false,
            "properties": {
              "maxMessages": { "type": "integer", "minimum": 1, "maximum": 10, "default": 1 },
              "visibilitySeconds": { "type": "integer", "minimum": 0, "maximum": 43200, "default": 30 }
            }
          },
          "Message": {
            "type": "object",
            "required": ["sequence", "messageId", "sentAt", "receiveCount", "content"],
            "properties": {
              "sequence": { "type": "integer" },
              "messageId": { "type": "string", "format": "uuid" },
              "sentAt": { "type": "string", "format": "date-time" },
              "receiveCount": { "type": "integer" },
              "content": { "type": "object", "description": "Of a queue: body and attributes. Of a topic: message, subject, messageStructure and attributes. Of an event bus: the event." }
            }
          },
          "MessageList": {
            "type": "object",
            "required": ["value"],
            "properties": {
              "value": { "type": "array", "items": { "$ref": "#/components/schemas/Message" } },
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
