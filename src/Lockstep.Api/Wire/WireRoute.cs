using System.Collections.Immutable;
using System.Diagnostics;
using Lockstep.Api.Routing;

namespace Lockstep.Api.Wire;

/// <summary>The route of the Step Functions protocol. All of its operations are one route: which one is meant stands in a header.</summary>
public static class WireRoute
{
    /// <summary>The routes.</summary>
    public static ImmutableArray<ApiRoute> Routes { get; } =
    [
        new(
            "POST",
            "/",
            "StepFunctions",
            "The Step Functions API as AWS SDKs and tools speak it: AWS JSON 1.0, signed with Signature Version 4. docs/aws-compatibility.md has its operations.",
            static _ => throw new UnreachableException("The pipeline hands signed requests to the endpoint of the protocol."))
        {
            Tag = "Step Functions",
            Access = RouteAccess.Signature,
            Parameters = [new("X-Amz-Target", "header", "string", "AWSStepFunctions. and the name of the operation.") { Required = true }],
            RequestSchema = "StepFunctionsRequest",
            RequestMediaType = AwsJson.MediaType,
            Answers = [new(200, "The output of the operation.", "StepFunctionsResponse", AwsJson.MediaType)],
        },
    ];
}
