using Lockstep.Asl.Compiled;
using Lockstep.Engine;
using Lockstep.Engine.Commands;
using Lockstep.Engine.MapRuns;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;
using Lockstep.Json;
using Lockstep.Service.Effects;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.MapRuns;
using Lockstep.Service.Objects;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Targets;
using Lockstep.Service.Tenancy;
using Lockstep.Targets;

namespace Lockstep.Conformance.Tests.Cases;

/// <summary>Runs a map run of a case in no time: children one by one, with the targets that read items and form results.</summary>
/// <param name="machine">The machine of the case.</param>
/// <param name="objects">What can be read and written.</param>
/// <param name="runChild">Runs a child of the machine that it is given, to its end.</param>
internal sealed class CaseMapRun(CompiledMachine machine, IObjectStore objects, Func<CompiledMachine, JsonValue, Finish> runChild)
    : IMapRunDriver, ITaskTokenIssuer
{
    private readonly List<Finish> _children = [];

    public string Issue(ExecutionIdentity execution, CommandId task) => throw new InvalidOperationException("A map run has no task tokens.");

    /// <summary>The outcome of the call that starts the map run.</summary>
    public Stimulus Run(InvokeTask start, ExecutionIdentity identity, DateTimeOffset now)
    {
        var request = new MapRunRequest((JsonObject)start.Parameters);
        CompiledMachine run = machine.ForMapRunOf(request.MapState);
        ITaskTargets targets = new TaskTargetRegistry(NoFunctions.Instance, [], new MapRunTargets(this, objects, ServiceLimits.Default, TimeProvider.System));
        ExecutionState state = ExecutionState.Initial;
        var inbox = new Queue<Stimulus>([new Started(now, identity, request.Json, ExecutionLimits.Default)]);
        while (inbox.TryDequeue(out Stimulus? stimulus))
        {
            Decision decision = Interpreter.Decide(run, state, stimulus, this);
            state = decision.Next;
            foreach (Command command in decision.Commands)
            {
                switch (command)
                {
                    case InvokeTask call when MapRunResources.IsChild(call.Resource):
                        Finish ended = runChild(machine.ForChildrenOf(request.MapState), MapChildRequest.Read(call.Parameters).Input);
                        _children.Add(ended);
                        inbox.Enqueue(ended.Status == ExecutionStatus.Succeeded
                            ? new TaskSucceeded(now, call.Id, JsonNull.Instance)
                            : new TaskFailed(now, call.Id, MapRunChildEnds.Failed, null));
                        break;
                    case InvokeTask call:
                        ExecutionKey key = new(TenantOfCase, "Machine/label:run");
                        TaskOutcome outcome = TaskCalls.InvokeAsync(targets, call, key, "", static (_, defect) => throw defect, CancellationToken.None)
                            .AsTask().GetAwaiter().GetResult();
                        inbox.Enqueue(TaskCalls.ToStimulus(call, outcome, now));
                        break;
                    case Finish finish:
                        return finish.Output is JsonValue output
                            ? new TaskSucceeded(now, start.Id, output)
                            : new TaskFailed(now, start.Id, finish.Error, finish.Cause);
                    default:
                        break; // What is given up is not under way: every call is answered at once.
                }
            }
        }

        throw new InvalidDataException("The map run does not end.");
    }

    public ValueTask<ExecutionRecord?> FindChildAsync(ExecutionKey run, long index, CancellationToken cancellation)
    {
        Finish ended = _children[(int)index];
        return ValueTask.FromResult<ExecutionRecord?>(new ExecutionRecord
        {
            Key = run,
            Arn = "arn:aws:states:us-east-1:111111111111:execution:Machine/label:child",
            Name = "child",
            StateMachineName = "Machine/label",
            StateMachineArn = "arn:aws:states:us-east-1:111111111111:stateMachine:Machine/label",
            RevisionId = "r",
            Type = WorkflowType.Standard,
            Status = ended.Status,
            StartedAt = DateTimeOffset.UnixEpoch,
            Output = ended.Output?.ToString(),
            Error = ended.Error,
            Cause = ended.Cause,
        });
    }

    public ValueTask<Result<Accepted>> StartRunAsync(
        ExecutionKey execution, CommandId task, MapRunRequest request, string? traceParent, CancellationToken cancellation) => throw NotHere();

    public ValueTask<Result<Accepted>> StartChildAsync(
        ExecutionKey run, CommandId task, MapChildRequest request, string? traceParent, CancellationToken cancellation) => throw NotHere();

    public ValueTask<PastChildrenAnswer?> FindPastChildrenAsync(ExecutionKey run, PastChildrenRequest request, CancellationToken cancellation) =>
        throw NotHere();

    public ValueTask<Page<ExecutionRecord>?> ListChildrenAsync(
        ExecutionKey run, MapRunChildFilter filter, PageRequest page, CancellationToken cancellation) => throw NotHere();

    public ValueTask<MapRunRecord?> FindAsync(ExecutionKey run, CancellationToken cancellation) => throw NotHere();

    public ValueTask<Page<MapRunRecord>?> ListAsync(ExecutionKey execution, PageRequest page, CancellationToken cancellation) => throw NotHere();

    public ValueTask<Result<MapRunRecord>> UpdateAsync(ExecutionKey run, MapRunChange change, CancellationToken cancellation) => throw NotHere();

    private static TenantId TenantOfCase => TenantId.TryParse("111111111111", out TenantId tenant) ? tenant : throw new InvalidOperationException();

    private static InvalidOperationException NotHere() => new("A case runs its map runs itself.");

    private sealed class NoFunctions : ITaskTarget
    {
        public static NoFunctions Instance { get; } = new();

        public ValueTask<TaskOutcome> InvokeAsync(TaskInvocation invocation, CancellationToken cancellation) =>
            throw new InvalidOperationException("A map run calls no function.");
    }
}
