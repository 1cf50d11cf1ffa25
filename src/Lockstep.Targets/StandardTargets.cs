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
    private static readonly IntegrationShape InvokeFunction = new(
        "lambda", "invoke", [IntegrationPattern.RequestResponse, IntegrationPattern.WaitForTaskToken], ["FunctionName"]);

    private static readonly IntegrationShape InvokeHttp = new(
        "http", "invoke", [IntegrationPattern.RequestResponse], ["ApiEndpoint", "Method"]);

    private static readonly IntegrationShape StartExecution = new(
        "states",
        "startExecution",
        [IntegrationPattern.RequestResponse, IntegrationPattern.Sync, IntegrationPattern.Sync2, IntegrationPattern.WaitForTaskToken],
        ["StateMachineArn"]);

    private static readonly IntegrationShape RequestApproval = new(
        "approval", "request", [IntegrationPattern.WaitForTaskToken], ["Title"]);

    /// <summary>What a definition may name wherever these targets serve it; for checking definitions where nothing is to be called.</summary>
    public static IResourceCatalog Catalog { get; } =
        TaskTargetRegistry.CatalogOf([InvokeFunction, InvokeHttp, StartExecution, RequestApproval]);

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
                InvokeFunction.ServedBy(new FunctionInvokeTarget(functions, http, options)),
                InvokeHttp.ServedBy(new HttpInvokeTarget(http, options)),
                StartExecution.ServedBy(new StartExecutionTarget(machines, executions, options, time)),
                RequestApproval.ServedBy(new ApprovalRequestTarget(functions, http, options)),
            ]);
}
