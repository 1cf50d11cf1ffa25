namespace Lockstep.Api.Documents;

/// <summary>The shapes of queues, topics and event buses and of the messages in them.</summary>
internal static class ChannelSchemas
{
    /// <summary>By name, as a group takes them.</summary>
    public const string Schemas = """
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
          "ChannelList": { "listOf": "Channel" },
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
          "MessageList": { "listOf": "Message" }
        }
        """;
}
