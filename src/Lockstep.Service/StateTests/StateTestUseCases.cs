using System.Globalization;
using System.Text;
using Lockstep.Asl;
using Lockstep.Engine;
using Lockstep.Engine.Commands;
using Lockstep.Engine.Stimuli;
using Lockstep.Engine.Testing;
using Lockstep.Engine.Testing.Mocks;
using Lockstep.Json;
using Lockstep.Service.Definitions;
using Lockstep.Service.Effects;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.Naming;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Targets;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.StateTests;

/// <summary>
/// Tests a state without creating anything. Without a mock a Task really calls what it names, through the targets and the guards of executions, on
/// behalf of the tenant; nothing is kept of it.
/// </summary>
public sealed class StateTestUseCases(
    DefinitionCompiler compiler, ITaskTargets targets, ArnFormat arns, ServiceLimits limits, StateTestSettings settings, TimeProvider time)
{
    private const string MachineName = "TestState";

    /// <summary>Tests a state.</summary>
    /// <param name="tenant">On whose behalf.</param>
    /// <param name="request">What is tested.</param>
    /// <param name="cancellation">Nobody wants the answer any more.</param>
    public async Task<Result<StateTestOutcome>> TestAsync(TenantId tenant, StateTestRequest request, CancellationToken cancellation)
    {
        if (CheckRequest(request) is { } refused)
        {
            return refused;
        }

        AslLoadResult loaded = compiler.CompileForTest(
            request.Definition, request.StateName, [.. (request.Variables ?? JsonObject.Empty).Select(variable => variable.Name)], request.Mock is not null);
        if (!loaded.IsValid)
        {
            return DefinitionCompiler.ErrorOf(loaded.Diagnostics);
        }

        string stateName = request.StateName ?? StateTestRules.SingleStateName;
        if (loaded.Machine.States.FirstOrDefault(candidate => candidate.Name == stateName) is not { } state)
        {
            return Invalid(StateTestRules.StateNotFound, "/stateName");
        }

        StateTestSetup setup = SetupOf(tenant, request);
        if (StateTestRules.Refusal(loaded.Machine, state, setup) is { } refusal)
        {
            return Invalid(refusal, target: null);
        }

        var test = StateTest.Begin(loaded.Machine, state, setup, MockTokens.Instance);
        HttpExchange? exchange = null;
        if (test.Call is { } call)
        {
            exchange = new HttpExchange { RevealSecrets = request.RevealSecrets };
            test.Answer(await CallAsync(tenant, setup.Identity, call, exchange, cancellation));
        }

        return test switch
        {
            { Refusal: { } late } => Invalid(late, target: null),
            { Report: { } report } => new StateTestOutcome(report, exchange),
            _ => throw new InvalidOperationException("A test has neither been refused nor come to an end."),
        };
    }

    private static ServiceError Invalid(string message, string? target) => new(ErrorCodes.Validation, message) { Target = target };

    private async Task<Stimulus> CallAsync(
        TenantId tenant, ExecutionIdentity identity, InvokeTask call, HttpExchange exchange, CancellationToken cancellation)
    {
        var execution = new ExecutionKey(tenant, $"{MachineName}:{identity.ExecutionName}");
        TimeSpan own = TimeSpan.FromSeconds(call.TimeoutSeconds ?? int.MaxValue);
        TimeSpan longest = settings.LongestCall < own ? settings.LongestCall : own;
        using var timeout = new CancellationTokenSource(longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            TaskOutcome outcome = await TaskCalls.InvokeAsync(
                new WatchedTargets(targets, exchange), call, execution, EffectKeys.Of(execution, 0), settings.Warn, either.Token);
            return TaskCalls.ToStimulus(call, outcome, time.GetUtcNow());
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return new TimerFired(time.GetUtcNow(), call.Id);
        }
    }

    private StateTestSetup SetupOf(TenantId tenant, StateTestRequest request)
    {
        string name = Guid.NewGuid().ToString();
        return new StateTestSetup
        {
            Identity = new ExecutionIdentity(
                arns.StateTest(tenant, MachineName, name),
                name,
                arns.StateMachine(tenant, MachineName),
                MachineName,
                request.RoleArn ?? ArnFormat.DefaultRole(tenant),
                BitConverter.ToUInt64(Guid.NewGuid().ToByteArray()),
                Incarnation: 0,
                TokenKeyId: "",
                Interpreter.CurrentRevision),
            Limits = limits.ForExecutions(),
            Time = time.GetUtcNow(),
            Input = request.Input ?? JsonObject.Empty,
            Variables = request.Variables ?? JsonObject.Empty,
            Context = request.Context,
            Mock = request.Mock,
            RetrierRetryCount = request.RetrierRetryCount,
            ErrorCausedByState = request.ErrorCausedByState,
            MapIterationFailureCount = request.MapIterationFailureCount,
            MapItemReaderData = request.MapItemReaderData,
        };
    }

    private ServiceError? CheckRequest(StateTestRequest request)
    {
        if (request.StateName is { } name && (name.Length == 0 || name.Length > limits.MaxStateNameLength))
        {
            return Invalid(string.Create(CultureInfo.InvariantCulture, $"stateName must have 1 to {limits.MaxStateNameLength} characters."), "/stateName");
        }

        var mockedResult = request.Mock as MockedResult;
        var mockedError = request.Mock as MockedError;
        return compiler.CheckSize(request.Definition)
            ?? StateMachineUseCases.CheckRole(request.RoleArn, limits)
            ?? CheckSize(request.Input?.Utf8Length, "/input")
            ?? CheckSize(request.Variables?.Utf8Length, "/variables")
            ?? CheckSize(request.Context?.Utf8Length, "/context")
            ?? CheckSize(mockedResult?.Result.Utf8Length, "/mock/result")
            ?? CheckSize(request.MapItemReaderData is { } data ? Encoding.UTF8.GetByteCount(data) : null, "/stateConfiguration/mapItemReaderData")
            ?? ReportTexts.Check(mockedError?.Error, mockedError?.Cause, limits);
    }

    private ServiceError? CheckSize(int? bytes, string target) => bytes <= limits.MaxPayloadBytes || bytes is null
        ? null
        : new ServiceError(
            ErrorCodes.PayloadTooLarge,
            string.Create(CultureInfo.InvariantCulture, $"{target[1..]} has {bytes} bytes; {limits.MaxPayloadBytes} are allowed."))
        {
            Target = target,
        };

    /// <summary>The targets of executions, each told to show what goes over HTTP.</summary>
    private sealed class WatchedTargets(ITaskTargets targets, HttpExchange exchange) : ITaskTargets
    {
        public ITaskTarget? Find(Asl.Resources.TaskResource resource) =>
            targets.Find(resource) is { } target ? new WatchedTarget(target, exchange) : null;
    }

    private sealed class WatchedTarget(ITaskTarget target, HttpExchange exchange) : ITaskTarget
    {
        public ValueTask<TaskOutcome> InvokeAsync(TaskInvocation invocation, CancellationToken cancellation) =>
            target.InvokeAsync(invocation with { Exchange = exchange }, cancellation);
    }

    /// <summary>Tokens for mocked callbacks. Nobody can report with one: nothing waits.</summary>
    private sealed class MockTokens : ITaskTokenIssuer
    {
        public static MockTokens Instance { get; } = new();

        public string Issue(ExecutionIdentity execution, CommandId task) => $"test-state-{execution.ExecutionName}-{task}";
    }
}

/// <summary>How states are tested.</summary>
/// <param name="LongestCall">Longest time that a call may take; beyond it the state fails with States.Timeout.</param>
/// <param name="Warn">Tells the operator of a target that threw.</param>
public sealed record StateTestSettings(TimeSpan LongestCall, Action<string, Exception> Warn);
