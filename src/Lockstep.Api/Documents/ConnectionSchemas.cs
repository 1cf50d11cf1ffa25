namespace Lockstep.Api.Documents;

/// <summary>The shapes of connections (Amazon EventBridge API reference, CreateConnection and DescribeConnection), names beginning with a small letter.</summary>
internal static class ConnectionSchemas
{
    /// <summary>By name, as a group takes them.</summary>
    public const string Schemas = """
        {
          "ConnectionParameter": {
            "type": "object",
            "required": ["key"],
            "additionalProperties": false,
            "properties": {
              "key": { "type": "string", "minLength": 1, "maxLength": 512 },
              "value": { "type": "string", "description": "Required in a request; in an answer it is there unless it is secret." },
              "isValueSecret": { "type": "boolean", "default": true }
            }
          },
          "ConnectionParameters": {
            "type": "object",
            "additionalProperties": false,
            "properties": {
              "headerParameters": { "type": "array", "maxItems": 100, "items": { "$ref": "#/components/schemas/ConnectionParameter" } },
              "queryStringParameters": { "type": "array", "maxItems": 100, "items": { "$ref": "#/components/schemas/ConnectionParameter" } },
              "bodyParameters": { "type": "array", "maxItems": 100, "items": { "$ref": "#/components/schemas/ConnectionParameter" } }
            }
          },
          "ConnectionAuthParameters": {
            "type": "object",
            "additionalProperties": false,
            "description": "Exactly one of the three kinds, the one that authorizationType names. Secrets stand in requests only.",
            "properties": {
              "apiKeyAuthParameters": {
                "type": "object",
                "required": ["apiKeyName"],
                "additionalProperties": false,
                "properties": {
                  "apiKeyName": { "type": "string", "minLength": 1, "maxLength": 512, "description": "The header field that carries the key." },
                  "apiKeyValue": { "type": "string", "minLength": 1, "maxLength": 512, "writeOnly": true }
                }
              },
              "basicAuthParameters": {
                "type": "object",
                "required": ["username"],
                "additionalProperties": false,
                "properties": {
                  "username": { "type": "string", "minLength": 1, "maxLength": 512 },
                  "password": { "type": "string", "minLength": 1, "maxLength": 512, "writeOnly": true }
                }
              },
              "oauthParameters": {
                "type": "object",
                "required": ["authorizationEndpoint", "httpMethod", "clientParameters"],
                "additionalProperties": false,
                "properties": {
                  "authorizationEndpoint": { "type": "string", "format": "uri", "maxLength": 2048 },
                  "httpMethod": { "type": "string", "enum": ["GET", "POST", "PUT"] },
                  "clientParameters": {
                    "type": "object",
                    "required": ["clientId"],
                    "additionalProperties": false,
                    "properties": {
                      "clientId": { "type": "string", "minLength": 1, "maxLength": 512 },
                      "clientSecret": { "type": "string", "minLength": 1, "maxLength": 512, "writeOnly": true }
                    }
                  },
                  "oauthHttpParameters": { "$ref": "#/components/schemas/ConnectionParameters" }
                }
              },
              "invocationHttpParameters": { "$ref": "#/components/schemas/ConnectionParameters" }
            }
          },
          "ConnectionAuthorizationType": { "type": "string", "enum": ["API_KEY", "BASIC", "OAUTH_CLIENT_CREDENTIALS"] },
          "PutConnectionRequest": {
            "type": "object",
            "required": ["authorizationType", "authParameters"],
            "additionalProperties": false,
            "properties": {
              "description": { "type": "string", "maxLength": 512 },
              "authorizationType": { "$ref": "#/components/schemas/ConnectionAuthorizationType" },
              "authParameters": { "$ref": "#/components/schemas/ConnectionAuthParameters" }
            }
          },
          "ConnectionSummary": {
            "type": "object",
            "required": ["name", "connectionArn", "createdAt", "updatedAt", "authorizationType"],
            "properties": {
              "name": { "type": "string" },
              "connectionArn": { "type": "string", "description": "What a task names in Authentication or InvocationConfig." },
              "createdAt": { "type": "string", "format": "date-time" },
              "updatedAt": { "type": "string", "format": "date-time" },
              "authorizationType": { "$ref": "#/components/schemas/ConnectionAuthorizationType" }
            }
          },
          "Connection": {
            "allOf": [{ "$ref": "#/components/schemas/ConnectionSummary" }],
            "type": "object",
            "required": ["authParameters"],
            "properties": {
              "description": { "type": "string" },
              "authParameters": { "$ref": "#/components/schemas/ConnectionAuthParameters" }
            }
          },
          "ConnectionList": { "listOf": "ConnectionSummary" }
        }
        """;
}
