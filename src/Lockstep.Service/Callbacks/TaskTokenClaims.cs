using Lockstep.Engine;
using Lockstep.Service.Executions;

namespace Lockstep.Service.Callbacks;

/// <summary>What a verified task token says: one attempt of one task of one execution.</summary>
public sealed record TaskTokenClaims(ExecutionKey Execution, long Incarnation, CommandId Task);
