using Lockstep.Asl.Compiled;
using Lockstep.Azure.Orchestration.Contracts;
using Lockstep.Engine;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Executions;

namespace Lockstep.Azure.Orchestration.Pump;

/// <summary>The interpreter, as the pump sees it: <see cref="Interpreter.DecideWithVisits"/>, or what a test puts in its place.</summary>
internal delegate Decision DecideTurn(
    CompiledMachine machine, ExecutionState state, Stimulus stimulus, ITaskTokenIssuer tokens, List<StateVisit>? ended);

/// <summary>What of an epoch is fixed.</summary>
/// <param name="Key">The execution.</param>
/// <param name="Part">What of the definition it runs.</param>
/// <param name="Epoch">The epoch.</param>
/// <param name="Settings">How work is scheduled.</param>
/// <param name="Definition">The definition, to be handed on; null when every epoch has to load it.</param>
/// <param name="Machine">The definition, compiled.</param>
/// <param name="Decide">The interpreter.</param>
/// <param name="Tokens">Issues task tokens.</param>
/// <param name="Run">Tells executions of the same name apart.</param>
/// <param name="Traced">Who the execution is, for telemetry.</param>
/// <param name="Logging">What of it is logged; null for nothing.</param>
internal sealed record PumpSetup(
    ExecutionKey Key,
    ExecutionPart Part,
    long Epoch,
    OrchestrationSettings Settings,
    string? Definition,
    CompiledMachine Machine,
    DecideTurn Decide,
    ITaskTokenIssuer Tokens,
    long Run,
    TracedMessage Traced,
    LoggingMessage? Logging = null);
