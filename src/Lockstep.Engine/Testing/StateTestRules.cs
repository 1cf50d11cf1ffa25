using Lockstep.Asl.Compiled;
using Lockstep.Asl.Resources;
using Lockstep.Engine.Testing.Mocks;
using Lockstep.Json;

namespace Lockstep.Engine.Testing;

/// <summary>Which tests can be made. The texts are those of Step Functions wherever a recording shows them.</summary>
public static class StateTestRules
{
    /// <summary>The name of a state that is tested without its machine.</summary>
    public const string SingleStateName = "StateName";

    /// <summary>The state to be tested is not there.</summary>
    public const string StateNotFound = "State not found in definition";

    internal const string TooManyFailedIterations = "Map iteration failure count must be less than or equal to the number of Map iterations";

    /// <summary>Why a test cannot be made; null when it can.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="state">The state, which is one of the machine.</param>
    /// <param name="setup">What it is to be tested with.</param>
    public static string? Refusal(CompiledMachine machine, CompiledState state, StateTestSetup setup)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(setup);
        if (setup.Mock is null)
        {
            return setup.NamesOnlyForMocks is string name
                ? $"TestState does not support {name} when a mock is not specified."
                : OfUnmocked(state);
        }

        if (state is not CompiledWorkState)
        {
            return $"State type '{state.Type}' is not supported when a mock is specified";
        }

        return OfContext(setup.Context, state) ?? OfConfiguration(machine, state, setup) ?? OfMock(state, setup.Mock);
    }

    private static string? OfUnmocked(CompiledState state) => state switch
    {
        CompiledMap or CompiledParallel => $"State type '{state.Type}' is not supported when a mock is not specified",
        CompiledTask { Resource.Kind: ResourceKind.Activity } => "Activity tasks are not supported when a mock is not specified",
        CompiledTask { Resource.Pattern: not IntegrationPattern.RequestResponse } task =>
            $"The service integration pattern '{TaskResourceParser.SuffixOf(task.Resource.Pattern)}' is not supported when a mock is not specified",
        _ => null,
    };

    private static string? OfContext(JsonObject? context, CompiledState state)
    {
        const string Prefix = "Invalid Context object provided: ";
        if (context is null)
        {
            return null;
        }

        foreach (JsonProperty member in context)
        {
            if (member.Name is not ("Execution" or "State" or "StateMachine" or "Task" or "Map"))
            {
                return $"{Prefix}Context object contains the unknown field '{member.Name}'";
            }

            if (member.Value is not JsonObject)
            {
                return $"{Prefix}'{member.Name}' must be an object";
            }
        }

        return context.Contains("Task") && state is not CompiledTask { Resource.Pattern: not IntegrationPattern.RequestResponse }
            ? Prefix + "Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' service integration pattern"
            : null;
    }

    private static string? OfConfiguration(CompiledMachine machine, CompiledState state, StateTestSetup setup)
    {
        if (setup.RetrierRetryCount < 0)
        {
            return "RetrierRetryCount must not be negative";
        }

        if (setup.MapIterationFailureCount < 0)
        {
            return "MapIterationFailureCount must not be negative";
        }

        if (setup.MapIterationFailureCount is not null && state is not CompiledMap)
        {
            return $"State type '{state.Type}' is not supported when MapIterationFailureCount is specified";
        }

        if (setup.MapItemReaderData is not null && state is not CompiledMap { Distributed.Reader: not null })
        {
            return "MapItemReaderData can only be specified for a Map state with an ItemReader";
        }

        if (setup.ErrorCausedByState is not string cause)
        {
            return null;
        }

        if (state is CompiledTask)
        {
            return $"State type '{state.Type}' is not supported when ErrorCausedByState is specified";
        }

        return IsInside(machine, state, cause) ? null : $"The state '{cause}' of ErrorCausedByState is not a state inside '{state.Name}'";
    }

    private static string? OfMock(CompiledState state, StateMock mock) => (state, mock) switch
    {
        (_, not MockedResult) => null,
        (CompiledMap { Distributed.WritesResult: true }, MockedResult written) => written.Result is JsonObject ? null : "Mocked result must be an object.",
        (CompiledMap or CompiledParallel, MockedResult mocked) => mocked.Result is JsonArray ? null : "Mocked result must be an array.",
        (CompiledTask task, MockedResult mocked) => ResponseCheck.Problem(task.Resource, mocked),
        _ => null,
    };

    private static bool IsInside(CompiledMachine machine, CompiledState outer, string name)
    {
        foreach (CompiledState candidate in machine.States.Where(candidate => candidate.Name == name))
        {
            for (int owner = machine.Scopes[candidate.Scope].OwnerState; owner >= 0; owner = machine.Scopes[machine.States[owner].Scope].OwnerState)
            {
                if (owner == outer.Index)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
