using System.Text;
using Lockstep.Asl.Compiled;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Ledger;
using Lockstep.Azure.Orchestration.Contracts;
using Lockstep.Azure.Orchestration.Pump;
using Lockstep.Azure.Ports;
using Lockstep.Engine;
using Lockstep.Engine.Codec;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Executions;
using Lockstep.Service.Logging;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.Orchestration;

/// <summary>
/// The orchestrator <see cref="OrchestrationNames.Execution"/>: pumps the interpreter. Deterministic: it reads no clock, awaits only what the orchestration makes, and
/// does the same on every replay, with whatever this process remembers.
/// </summary>
public sealed class ExecutionOrchestrator
{
    private readonly CompiledMachines _machines;
    private readonly ITaskTokenIssuer _tokens;
    private readonly DecideTurn _decide;
    private readonly bool _forgetsWhatWasSent;

    /// <summary>An orchestrator.</summary>
    /// <param name="machines">Compiles definitions.</param>
    /// <param name="tokens">Issues task tokens.</param>
    public ExecutionOrchestrator(CompiledMachines machines, ITaskTokenIssuer tokens)
        : this(machines, tokens, Interpreter.DecideWithVisits, forgetsWhatWasSent: false)
    {
    }

    /// <summary>An orchestrator with another interpreter, or with a mistake that tests have to notice.</summary>
    internal ExecutionOrchestrator(CompiledMachines machines, ITaskTokenIssuer tokens, DecideTurn decide, bool forgetsWhatWasSent)
    {
        _machines = machines;
        _tokens = tokens;
        _decide = decide;
        _forgetsWhatWasSent = forgetsWhatWasSent;
    }

    /// <summary>The input with which an execution's orchestration is scheduled; what would make it too large is loaded from the ledger instead.</summary>
    /// <param name="key">The execution.</param>
    /// <param name="definition">The definition that it pins.</param>
    /// <param name="start">Its first stimulus.</param>
    /// <param name="settings">What is configured.</param>
    /// <param name="logging">What of it is logged; null for nothing.</param>
    /// <param name="part">What of the definition it runs. Of a map run nothing is logged, as it shows no history.</param>
    public static string InputFor(
        ExecutionKey key,
        string definition,
        Started start,
        OrchestrationSettings settings,
        LoggingConfiguration? logging = null,
        ExecutionPart part = default)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(start);
        ReadOnlyMemory<byte> first = StimulusBytes.Of(start);
        var input = new ExecutionInput
        {
            Tenant = key.Tenant.Value,
            Execution = key.Id,
            Epoch = 1,
            Settings = settings,
            Logging = LoggingOf(logging, part),
            Kind = part.Kind,
            MapState = part.MapState,
        };
        ReadOnlyMemory<byte>? carried = first.Length <= MessageSizes.InlineState ? (ReadOnlyMemory<byte>?)first : null;
        string text = OrchestrationJson.Write(input with { Definition = definition, Start = carried });
        return text.Length <= MessageSizes.InlineInput ? text : OrchestrationJson.Write(input with { Start = carried });
    }

    /// <summary>The input of an orchestration that goes on where another one has been lost.</summary>
    internal static string InputFor(
        ExecutionKey key, StateMachineRecord revision, CarriedOver carried, long epoch, OrchestrationSettings settings, ExecutionPart part)
    {
        var input = new ExecutionInput
        {
            Tenant = key.Tenant.Value,
            Execution = key.Id,
            Epoch = epoch,
            Settings = settings,
            Kind = part.Kind,
            MapState = part.MapState,
            Definition = revision.Definition,
            Logging = LoggingOf(revision.Logging, part),
            Carried = carried,
        };
        string text = OrchestrationJson.Write(input);
        return text.Length <= MessageSizes.InlineInput ? text : OrchestrationJson.Write(input with { Definition = null });
    }

    /// <summary>Runs one epoch of an execution.</summary>
    /// <returns>How it ended (<see cref="OrchestrationEnds"/>).</returns>
    public async Task<string> RunAsync(IOrchestration orchestration, string input)
    {
        ArgumentNullException.ThrowIfNull(orchestration);
        ExecutionInput read = OrchestrationJson.Read<ExecutionInput>(input);
        ExecutionKey key = TenantId.TryParse(read.Tenant, out TenantId tenant)
            ? new ExecutionKey(tenant, read.Execution)
            : throw new ArgumentException($"'{read.Tenant}' is no tenant.", nameof(input));

        // Before the epoch has begun there are no settings of its own to count by.
        var loading = new DurableCalls(orchestration, key, read.Settings);
        var bodies = new LargeBodies(loading);
        InboxAnswer? begun = read.Carried is null ? null : await BeginAsync(loading, read.Epoch);
        if (begun is { IsFenced: true })
        {
            return OrchestrationEnds.FencedOff;
        }

        string definition = read.Definition ?? Encoding.UTF8.GetString((await bodies.LoadAsync(PartSource.Machine, read.Epoch)).Span);
        var part = new ExecutionPart(read.Kind, read.MapState);
        CompiledMachine machine = part.Of(_machines.Get(definition));
        OrchestrationSettings settings = begun?.Settings ?? read.Settings;
        ReadOnlyMemory<byte> first = read.Carried is null
            ? read.Start ?? await bodies.LoadAsync(PartSource.Start, read.Epoch)
            : read.Carried.State ?? await bodies.LoadAsync(PartSource.State, read.Epoch);
        if (read.Carried is null)
        {
            var started = StimulusBytes.Read(first) as Started
                ?? throw new InvalidOperationException($"Execution '{key.Id}' does not begin with a start.");
            return await PumpOf(started.Identity, ExecutionState.Initial, TurnChain.Start).StartAsync(started);
        }

        ExecutionState state = StateCodec.Read(first.Span);
        ExecutionIdentity identity = state.Identity ?? throw new InvalidOperationException($"The state of execution '{key.Id}' has not started.");
        return await PumpOf(identity, state, read.Carried.Chain).ResumeAsync(read.Carried, begun ?? throw new InvalidOperationException("The epoch has not begun."));

        ExecutionPump PumpOf(ExecutionIdentity identity, ExecutionState state, long chain)
        {
            var setup = new PumpSetup(
                key, part, read.Epoch, settings, read.Definition, machine, _decide, _tokens, unchecked((long)identity.Seed), TracedMessage.Of(identity), read.Logging);
            var log = new TurnLog(read.Epoch, state.Turn, chain) { ForgetsWhatWasSent = _forgetsWhatWasSent };
            return new ExecutionPump(orchestration, setup, new DurableCalls(orchestration, key, settings), log, state);
        }
    }

    private static LoggingMessage? LoggingOf(LoggingConfiguration? logging, ExecutionPart part) =>
        LoggingMessage.Of(part.Kind == ExecutionKind.MapRun || logging is null ? LoggingConfiguration.Off : logging);

    private static Task<InboxAnswer> BeginAsync(DurableCalls calls, long epoch) => calls.CallAsync<InboxRequest, InboxAnswer>(
        OrchestrationNames.ReadInbox,
        () => new InboxRequest { Tenant = calls.Key.Tenant.Value, Execution = calls.Key.Id, Begins = epoch });
}
