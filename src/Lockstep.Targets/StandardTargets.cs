using Lockstep.Asl.Resources;
using Lockstep.Service.Executions;
using Lockstep.Service.Functions;
using Lockstep.Service.StateMachines;
using Lockstep.Targets.Approval;
using Lockstep.Targets.Functions;
using Lockstep.Targets.Http;
using Lockstep.Targets.Nested;
using Lockstep.Targets.Outgoing;

namespace Lockstep.Targets;

/// <summary>The list of what the platform can call. A new target is a class and a line here.</summary>
public static class StandardTargets
{
    /// <summary>Composes the registry.</summary>
    /// <param name="options">What the operator decided.</param>
    /// <param name="http">The way out; owned by the caller.</param>
    /// <param name="functions">Where functions are registered.</param>
    /// <param name="machines">Where machines are kept.</param>
    /// <param name="executions">Starts nested executions; asked for at the first call, because the driver that calls targets is behind it.</param>
    /// <param name="time">The clock.</param>
    public static TaskTargetRegistry Create(
        TargetOptions options,
        OutgoingHttp http,
        IFunctionStore functions,
        IStateMachineStore machines,
        Func<ExecutionUseCases> executions,
        TimeProvider time) => new(
            new FunctionTarget(functions, http, options),
            [
                new TargetRegistration(
                    "lambda",
                    "invoke",
                    [IntegrationPattern.RequestResponse, IntegrationPattern.WaitForTaskToken],
                    ["FunctionName"],
                    new FunctionInvokeTarget(functions, http, options)),
                new TargetRegistration(
                    "http", "invoke", [IntegrationPattern.RequestResponse], ["ApiEndpoint", "Method"], new HttpInvokeTarget(http, options)),
                new TargetRegistration(
                    "states",
                    "startExecution",
                    [IntegrationPattern.RequestResponse, IntegrationPattern.Sync, IntegrationPattern.Sync2, IntegrationPattern.WaitForTaskToken],
                    ["StateMachineArn"],
                    new StartExecutionTarget(machines, executions, options, time)),
                new TargetRegistration(
                    "approval",
                    "request",
                    [IntegrationPattern.WaitForTaskToken],
                    ["Title"],
                    new ApprovalRequestTarget(functions, http, options)),
            ]);
}
