using Lockstep.Json;

namespace Lockstep.Targets.Nested;

/// <summary>The parameters of <c>states:startExecution</c>, checked as far as they can be without the machine.</summary>
/// <param name="StateMachineArn">The machine.</param>
/// <param name="Name">The name that the execution is to have; null to derive one.</param>
/// <param name="Input">Null means an empty object. Text is JSON text, as in the API; anything else is taken as it is.</param>
internal sealed record StartExecutionParameters(string StateMachineArn, string? Name, JsonValue? Input)
{
    /// <summary>Reads the parameters; the problem says what is wrong when the result is null.</summary>
    public static StartExecutionParameters? Read(JsonValue parameters, out string problem)
    {
        problem = "";
        if (parameters is not JsonObject given || given["StateMachineArn"] is not JsonString arn)
        {
            problem = "StateMachineArn is needed.";
            return null;
        }

        if (given["Name"] is not (null or JsonNull or JsonString))
        {
            problem = "Name must be a string.";
            return null;
        }

        JsonValue? input = given["Input"] is JsonNull ? null : given["Input"];
        return new StartExecutionParameters(arn.Value, (given["Name"] as JsonString)?.Value, input);
    }
}
