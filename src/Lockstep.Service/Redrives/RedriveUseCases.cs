using System.Globalization;
using Lockstep.Engine;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Redrives;

/// <summary>Redriving executions that ended without success (Step Functions, RedriveExecution), and saying which can be.</summary>
public sealed class RedriveUseCases(
    IStateMachineStore machines, IStateMachineVersionStore versions, IExecutionDriver driver, IExecutionReader reader, ServiceLimits limits, TimeProvider time)
{
    private const int MaxTokenLength = 64;

    /// <summary>Whether an execution can be redriven now.</summary>
    public RedriveVerdict Judge(ExecutionRecord execution) => RedriveRules.Of(limits).Judge(execution, time.GetUtcNow());

    /// <summary>
    /// Redrives an execution: the states at which it failed or was given up are tried again, with their input; what was done stays done. Fails with
    /// ExecutionNotRedrivable when the rules are against it.
    /// </summary>
    /// <param name="key">The execution.</param>
    /// <param name="clientToken">1 to 64 characters by which a repetition within 15 minutes is known; null for none.</param>
    /// <param name="input">Beyond Step Functions: the input for the state that failed; null to keep its own.</param>
    /// <param name="revisionId">
    /// Beyond Step Functions: another revision of the machine, such as its newest, for the execution to go on with; null to keep the one that it runs.
    /// </param>
    /// <param name="version">The same by the number of a published version; not together with a revision.</param>
    /// <param name="cancellation">Ends the wait for the answer.</param>
    public async ValueTask<Result<RedriveOutcome>> RedriveAsync(
        ExecutionKey key, string? clientToken, JsonValue? input, string? revisionId, long? version, CancellationToken cancellation)
    {
        if (CheckToken(clientToken) is { } badToken)
        {
            return badToken;
        }

        if (input?.Utf8Length > limits.MaxPayloadBytes)
        {
            return new ServiceError(
                ErrorCodes.PayloadTooLarge,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The input has {input.Utf8Length} bytes as compact JSON; {limits.MaxPayloadBytes} are allowed. Pass large data by reference."))
            {
                Target = "/input",
            };
        }

        if (await reader.FindAsync(key, cancellation) is not { } execution)
        {
            return ExecutionIds.DoesNotExist();
        }

        if (execution.IsPartOfMapRun)
        {
            return DriverErrors.NotRedrivable(RedriveRules.PartOfMapRun);
        }

        if (execution.Type == WorkflowType.Express)
        {
            return DriverErrors.ExpressRedrive;
        }

        if (await machines.FindAsync(key.Tenant, execution.StateMachineName, cancellation) is null)
        {
            return DriverErrors.NotRedrivable("State machine is in DELETING status");
        }

        Result<Change> change = await FindChangeAsync(execution, revisionId, version, cancellation);
        if (!change.Succeeded)
        {
            return change.Error;
        }

        // The redriven execution is one more that is open; a repetition that runs already is answered all the same.
        if (execution.Status != ExecutionStatus.Running && await reader.CountOpenAsync(key.Tenant, cancellation) >= limits.MaxOpenExecutions)
        {
            return ExecutionUseCases.TooManyOpen(limits);
        }

        return await driver.RedriveAsync(
            new RedriveRequest(key, RedriveRules.Of(limits))
            {
                ClientToken = clientToken,
                Input = input,
                Revision = change.Value.Revision,
                Version = change.Value.Version,
            },
            cancellation);
    }

    /// <summary>The revision that is asked for, when it is another than the execution runs.</summary>
    private async ValueTask<Result<Change>> FindChangeAsync(ExecutionRecord execution, string? revisionId, long? version, CancellationToken cancellation)
    {
        TenantId tenant = execution.Key.Tenant;
        if (revisionId is not null && version is not null)
        {
            return new ServiceError(ErrorCodes.Validation, "Name a revision or a version, not both.") { Target = "/version" };
        }

        if (version is long number)
        {
            StateMachineVersion? published = await versions.FindVersionAsync(tenant, execution.StateMachineName, number, cancellation);
            if (published is null)
            {
                return NotThere(string.Create(CultureInfo.InvariantCulture, $"version {number}"), "/version", execution);
            }

            revisionId = published.RevisionId;
        }

        if (revisionId is null || revisionId == execution.RevisionId)
        {
            return new Change(null, null);
        }

        return await machines.KeepRevisionAsync(tenant, execution.StateMachineName, revisionId, cancellation) is { } revision
            ? new Change(revision, version)
            : NotThere($"revision \"{revisionId}\"", "/revisionId", execution);
    }

    private static ServiceError NotThere(string what, string target, ExecutionRecord execution) =>
        new(ErrorCodes.ResourceNotFound, $"\"{execution.StateMachineName}\" has no {what}.") { Target = target };

    private static ServiceError? CheckToken(string? token) =>
        token is null || (token.Length is > 0 and <= MaxTokenLength && !token.Any(char.IsControl))
            ? null
            : new ServiceError(ErrorCodes.Validation, "clientToken has 1 to 64 characters, none of them a control character.") { Target = "/clientToken" };

    private sealed record Change(StateMachineRecord? Revision, long? Version);
}
