using Lockstep.Json;

namespace Lockstep.Api.Wire.Operations;

/// <summary>
/// Logging, tracing and encryption of a state machine or activity. The choices of Step Functions are checked as there; of those this service offers the ones that
/// nothing has to be done for, and refuses the others instead of pretending.
/// </summary>
internal static class WireSettings
{
    /// <summary>Null when what a request asks for is what it gets.</summary>
    public static WireError? Check(WireCall call) => CheckLogging(call.Structure("loggingConfiguration")) ?? CheckEncryption(call.Structure("encryptionConfiguration"));

    private static WireError? CheckLogging(JsonObject? logging)
    {
        string level = (logging?["level"] as JsonString)?.Value ?? "OFF";
        return level == "OFF" ? null
            : logging?["destinations"] is not JsonArray { Count: 1 }
                ? new WireError("InvalidLoggingConfiguration", "Invalid Logging Configuration: Must specify exactly one Log Destination.")
            : null;
    }

    private static WireError? CheckEncryption(JsonObject? encryption) => encryption?["type"] is JsonString { Value: "CUSTOMER_MANAGED_KMS_KEY" }
        ? new WireError(
            "InvalidEncryptionConfiguration",
            "Invalid Encryption Configuration: This service has no KMS. Whoever runs it encrypts what it stores; use AWS_OWNED_KEY.")
        : null;
}
