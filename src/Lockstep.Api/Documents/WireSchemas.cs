namespace Lockstep.Api.Documents;

/// <summary>The shapes of the Step Functions protocol, as far as one description of all of its operations can say.</summary>
internal static class WireSchemas
{
    /// <summary>By name, as a group takes them.</summary>
    public const string Schemas = """
        {
          "StepFunctionsRequest": { "type": "object", "description": "The input of the operation that X-Amz-Target names, as the AWS Step Functions API reference has it." },
          "StepFunctionsResponse": { "type": "object", "description": "The output of the operation." },
          "StepFunctionsError": {
            "type": "object",
            "required": ["__type", "message"],
            "properties": {
              "__type": { "type": "string", "description": "The name of the exception." },
              "message": { "type": "string" },
              "reason": { "type": "string" },
              "resourceName": { "type": "string" }
            }
          }
        }
        """;
}
