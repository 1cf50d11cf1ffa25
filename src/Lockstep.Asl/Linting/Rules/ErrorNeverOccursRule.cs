using Lockstep.Asl.Diagnostics;
using Lockstep.Asl.Evaluation;
using Lockstep.Asl.Model;
using Lockstep.Asl.Queries;
using Lockstep.Json;

namespace Lockstep.Asl.Linting.Rules;

/// <summary>A name in <c>ErrorEquals</c> that no error of the state can have.</summary>
internal sealed class ErrorNeverOccursRule : LintRule
{
    /// <summary>The specification's name for what the service reports as States.Runtime.</summary>
    private const string NoChoiceMatched = "States.NoChoiceMatched";

    private static readonly string[] Known =
    [
        StatesErrorNames.All, StatesErrorNames.Timeout, StatesErrorNames.HeartbeatTimeout, StatesErrorNames.TaskFailed, StatesErrorNames.Permissions,
        StatesErrorNames.ResultPathMatchFailure, StatesErrorNames.ParameterPathFailure, StatesErrorNames.BranchFailed, NoChoiceMatched,
        StatesErrorNames.IntrinsicFailure, StatesErrorNames.ExceedToleratedFailureThreshold, StatesErrorNames.ItemReaderFailed,
        StatesErrorNames.ResultWriterFailed, StatesErrorNames.QueryEvaluationError, StatesErrorNames.Runtime, StatesErrorNames.DataLimitExceeded,
    ];

    private static readonly string[] NotOfTasks =
    [
        StatesErrorNames.BranchFailed, NoChoiceMatched, StatesErrorNames.ExceedToleratedFailureThreshold,
        StatesErrorNames.ItemReaderFailed, StatesErrorNames.ResultWriterFailed,
    ];

    public override string Code => DiagnosticCodes.ErrorNeverOccurs;

    protected override IEnumerable<Diagnostic> Check(LintedState state)
    {
        foreach ((JsonObject element, string pointer) in state.Elements("Retry").Concat(state.Elements("Catch")))
        {
            if (element["ErrorEquals"] is not JsonArray names)
            {
                continue;
            }

            for (int i = 0; i < names.Count; i++)
            {
                if (names[i] is JsonString name && Reason(state, name.Value) is string reason)
                {
                    yield return Warning($"'{name.Value}' never occurs here: {reason}", LintedState.Below(LintedState.Below(pointer, "ErrorEquals"), i));
                }
            }
        }
    }

    private static string? Reason(LintedState state, string name)
    {
        if (MayBeNamed(state, name))
        {
            return null;
        }

        if (name.StartsWith("States.", StringComparison.Ordinal)
            && !name.StartsWith("States.Http.", StringComparison.Ordinal)
            && !Known.Contains(name, StringComparer.Ordinal))
        {
            return "the States Language has no such error, and keeps names that start with 'States.' for itself";
        }

        if (name == StatesErrorNames.Timeout && !MayTimeOut(state))
        {
            return "no task has 'TimeoutSeconds' or 'HeartbeatSeconds'";
        }

        if (state.Definition is not TaskDefinition task)
        {
            return null;
        }

        return name == StatesErrorNames.HeartbeatTimeout && task.HeartbeatSeconds is null ? "the task has no 'HeartbeatSeconds'"
            : NotOfTasks.Contains(name, StringComparer.Ordinal) ? "a Task does not fail like that"
            : null;
    }

    private static bool MayTimeOut(LintedState state) => state.Definition is TaskDefinition task
        ? task.TimeoutSeconds is not null || task.HeartbeatSeconds is not null
        : Inside(state).Any(MayTimeOut);

    /// <summary>Whether a Fail state inside gives an error the name, or one that is known only when it runs.</summary>
    private static bool MayBeNamed(LintedState state, string name) => Inside(state).Any(inner => inner.Definition is FailDefinition
        && (inner.Json.Contains("ErrorPath")
            || (inner.Json["Error"] is JsonString error && (error.Value == name || QueryString.TryRead(error, out _, out _)))));

    private static IEnumerable<LintedState> Inside(LintedState state) => state.Groups.SelectMany(group => group.AllStates());
}
