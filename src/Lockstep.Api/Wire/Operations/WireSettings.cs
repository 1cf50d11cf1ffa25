using Lockstep.Api.Operations;
using Lockstep.Json;
using Lockstep.Service.Logging;

namespace Lockstep.Api.Wire.Operations;

/// <summary>
/// Logging, tracing and encryption of a state machine or activity. Logging is kept and done. Of tracing and encryption this service offers the choices that
/// nothing has to be done for, and refuses the others instead of pretending.
/// </summary>
internal static class WireSettings
{
    /// <summary>What a request asks to have logged; null when it does not say.</summary>
    public static LoggingRequest? Logging(WireCall call) => call.Structure(LoggingBody.Name) is { } logging ? LoggingBody.Of(logging) : null;

    /// <summary>Null when what a request asks for of tracing and encryption is what it gets.</summary>
    public static WireError? Check(WireCall call) =>
        CheckTracing(call.Structure("tracingConfiguration")) ?? CheckEncryption(call.Structure("encryptionConfiguration"));

    private static WireError? CheckTracing(JsonObject? tracing) => tracing?["enabled"] is JsonBoolean { Value: true }
        ? new WireError(
            "InvalidTracingConfiguration",
            "Invalid Tracing Configuration: This service has no X-Ray. Whoever runs it sends traces with OpenTelemetry; use enabled false.")
        : null;

    private static WireError? CheckEncryption(JsonObject? encryption)
    {
        if (encryption?["type"] is JsonString { Value: "CUSTOMER_MANAGED_KMS_KEY" })
        {
            return Invalid("This service has no KMS. Whoever runs it encrypts what it stores; use AWS_OWNED_KEY.");
        }

        return encryption?["kmsKeyId"] is JsonString || encryption?["kmsDataKeyReusePeriodSeconds"] is JsonNumber
            ? Invalid("A key and its reuse period do not go with the type AWS_OWNED_KEY.")
            : null;
    }

    private static WireError Invalid(string message) => new("InvalidEncryptionConfiguration", "Invalid Encryption Configuration: " + message);
}
