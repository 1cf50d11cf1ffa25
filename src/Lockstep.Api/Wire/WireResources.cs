using System.Collections.Immutable;

namespace Lockstep.Api.Wire;

/// <summary>How a kind of resource compares with the same at Step Functions.</summary>
/// <param name="Name">The kind.</param>
/// <param name="Same">What is the same.</param>
/// <param name="Differs">What differs, and why; empty when nothing is known to.</param>
public sealed record WireResource(string Name, string Same, ImmutableArray<string> Differs);

/// <summary>What is to be said of resources rather than of single operations.</summary>
public static class WireResources
{
    /// <summary>The kinds of resources, in the order of the documentation.</summary>
    public static ImmutableArray<WireResource> All { get; } =
    [
        new("Accounts and regions",
            "Every resource belongs to the account of the access key. An ARN of another account is answered with AccessDeniedException, whatever that account has.",
            [
                "The account is the tenant's number. Any region can be signed for and may stand in ARNs of requests; ARNs of answers have the one that the "
                + "service is configured with (Lockstep:Region), because one service is one region.",
                "There is no IAM: whoever has an access key may do everything in its tenant. Role ARNs are kept and shown, and nobody assumes them.",
            ]),
        new("Signatures",
            "Signature Version 4 over the headers and the body, UNSIGNED-PAYLOAD, and bodies in aws-chunked encoding, signed and unsigned; clocks may differ by "
            + "five minutes; the exceptions and their texts are AWS's.",
            [
                "There are no temporary credentials, so a session token is answered with UnrecognizedClientException.",
                "host, x-amz-target and the date have to be among the signed headers. Every SDK signs them.",
            ]),
        new("State machines",
            "Names, types, definitions, revisions, idempotent creation, variable references; the diagnostics of a definition have the codes and places of Step Functions.",
            [
                "Log events go to the log group that loggingConfiguration names, in the tenant's own account, and are read over the REST API (GET /v1/log-events), not from CloudWatch. "
                + "A group need not exist, and a change of logging is a new revision. There is no X-Ray and no KMS: tracing that is switched on is refused with "
                + "InvalidTracingConfiguration, a key with InvalidEncryptionConfiguration.",
                "A definition may name only what this service can call (targets.md), so that a definition that is accepted runs.",
            ]),
        new("Executions",
            "Names and ARNs, idempotent starts, statuses, inputs and outputs as JSON text, history event by event. Express executions are not described, listed or stopped, as "
            + "at Step Functions; the REST API shows them.",
            []),
        new("Activities and task tokens",
            "Polls wait for up to 60 seconds; a poll that its client gives up takes no task. Tokens are opaque, and good for one attempt of one task.",
            [
                "A token has to be used with an access key of its own account. Over the REST API it is the whole credential.",
            ]),
        new("Connections",
            "What a connection of Amazon EventBridge is for http:invoke: the three types of authorization, parameters in header, query and body that win over what the definition says, "
            + "ARNs of the same form, another token and another attempt after 401 and 407, the errors Events.ConnectionResource.*. TestState shows what they add only with revealSecrets.",
            [
                "They are made over the REST API (PUT /v1/connections/NAME), as the protocol of EventBridge is not spoken here; the members are EventBridge's and begin with a small letter. "
                + "One that is replaced keeps its ARN.",
                "Their secrets are sealed in the service's own storage and not kept in Secrets Manager; there is no KMS and no private connectivity (ConnectivityParameters).",
                "There is no state of a connection: a token is fetched at the first call, and a client that gets none fails that call with Events.ConnectionResource.InvalidConnectionState, "
                + "where EventBridge would show the connection as DEAUTHORIZED. AuthInProgress, AccessDenied and ConcurrentModification do not happen.",
                "A call needs none, as there is no IAM role whose calls they would bound.",
            ]),
        new("Pages",
            "maxResults from 0 to 1,000, where 0 stands for 100, and nextToken, good for the same request only.",
            [
                "Tokens do not expire, because they name a place and not a cursor that is kept.",
                "Lists are strongly consistent on the embedded server.",
            ]),
        new("Errors",
            "The type is in __type and in the header x-amzn-ErrorType, without a namespace; all violated constraints are told at once in the words of Step Functions.",
            [
                "The texts after the constraint checks are AWS's where they are known, and our own where they say more.",
                "The exceptions of KMS do not occur: data is encrypted, if at all, by whoever runs the service.",
            ]),
    ];
}
