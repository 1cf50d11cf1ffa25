using Lockstep.Asl.Resources;
using Lockstep.Engine;
using Lockstep.Json;
using Lockstep.Service.Executions;
using Lockstep.Service.Targets;
using Lockstep.Service.Tenancy;

namespace Lockstep.Targets.Tests.Fakes;

/// <summary>Invocations as a driver would make them.</summary>
internal static class Invocations
{
    public const string FunctionArn = "arn:aws:lambda:us-east-1:111111111111:function:price";

    public static TenantId Tenant { get; } = TenantId.TryParse("000000000001", out TenantId tenant) ? tenant : default;

    public static TaskInvocation OfFunction(string parameters, string arn = FunctionArn) =>
        Of(new TaskResource(arn, ResourceKind.Function, "", "price", IntegrationPattern.RequestResponse), parameters);

    public static TaskInvocation OfService(
        string service, string action, string parameters, IntegrationPattern pattern = IntegrationPattern.RequestResponse)
    {
        string suffix = pattern switch
        {
            IntegrationPattern.Sync => ".sync",
            IntegrationPattern.Sync2 => ".sync:2",
            IntegrationPattern.WaitForTaskToken => ".waitForTaskToken",
            _ => "",
        };
        return Of(new TaskResource($"arn:aws:states:::{service}:{action}{suffix}", ResourceKind.Service, service, action + suffix, pattern), parameters);
    }

    private static TaskInvocation Of(TaskResource resource, string parameters) => new(
        Tenant,
        new ExecutionKey(Tenant, "orders:first"),
        new CommandId(3),
        resource,
        JsonValue.Parse(parameters),
        Attempt: 2,
        IdempotencyKey: "orders:first/1/0/3/2",
        TaskToken: resource.Pattern == IntegrationPattern.WaitForTaskToken ? "token-of-the-attempt" : null);
}
