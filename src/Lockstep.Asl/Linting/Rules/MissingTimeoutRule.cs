using Lockstep.Asl.Diagnostics;
using Lockstep.Asl.Model;
using Lockstep.Asl.Resources;

namespace Lockstep.Asl.Linting.Rules;

/// <summary>A task that somebody outside has to finish, with nothing that ends it when nobody does.</summary>
internal sealed class MissingTimeoutRule : LintRule
{
    public override string Code => DiagnosticCodes.MissingTimeout;

    public override IEnumerable<Diagnostic> Check(LintedMachine machine) =>
        machine.Definition.TimeoutSeconds is null ? base.Check(machine) : [];

    protected override IEnumerable<Diagnostic> Check(LintedState state)
    {
        if (state.Definition is not TaskDefinition { TimeoutSeconds: null, HeartbeatSeconds: null } task)
        {
            return [];
        }

        string? awaited = task.Resource switch
        {
            { Pattern: IntegrationPattern.WaitForTaskToken } => "its token is returned",
            { Kind: ResourceKind.Activity } => "a worker takes and finishes it",
            _ => null,
        };
        return awaited is null
            ? []
            : [Warning($"The task waits without an end until {awaited}: give it 'TimeoutSeconds' or 'HeartbeatSeconds'", state.Pointer)];
    }
}
