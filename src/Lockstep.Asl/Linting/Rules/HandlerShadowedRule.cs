using System.Collections.Immutable;
using Lockstep.Asl.Diagnostics;
using Lockstep.Asl.Evaluation;
using Lockstep.Asl.Model;

namespace Lockstep.Asl.Linting.Rules;

/// <summary>
/// An error name that an element of <c>Retry</c> or <c>Catch</c> never sees, because the first element that matches is taken and an earlier one
/// always does.
/// </summary>
internal sealed class HandlerShadowedRule : LintRule
{
    public override string Code => DiagnosticCodes.HandlerShadowed;

    protected override IEnumerable<Diagnostic> Check(LintedState state) => state.Definition is WorkStateDefinition work
        ? Check(state, "Retry", [.. work.Retry.Select(retrier => retrier.ErrorEquals)])
            .Concat(Check(state, "Catch", [.. work.Catch.Select(catcher => catcher.ErrorEquals)]))
        : [];

    private IEnumerable<Diagnostic> Check(LintedState state, string field, ImmutableArray<ImmutableArray<string>> handlers)
    {
        bool isTask = state.Definition.Type == StateType.Task;
        for (int i = 1; i < handlers.Length; i++)
        {
            string element = LintedState.Below(state.At(field), i);
            (string Name, int Number, string? By)[] names =
                [.. handlers[i].Select((name, number) => (name, number, FindCovering(handlers, i, name, isTask)))];
            if (names.Length > 0 && Array.TrueForAll(names, name => name.By is not null))
            {
                yield return Warning($"This element is never used: {field} takes the first that matches, and '{names[0].By}' stands before it", element);
                continue;
            }

            foreach ((string name, int number, string? by) in names)
            {
                if (by is not null)
                {
                    yield return Warning(
                        $"'{name}' is never handled here: {field} takes the first element that matches, and '{by}' stands before it",
                        LintedState.Below(LintedState.Below(element, "ErrorEquals"), number));
                }
            }
        }
    }

    private static string? FindCovering(ImmutableArray<ImmutableArray<string>> handlers, int before, string name, bool isTask)
    {
        for (int i = 0; i < before; i++)
        {
            foreach (string earlier in handlers[i])
            {
                if (Covers(earlier, name, isTask))
                {
                    return earlier;
                }
            }
        }

        return null;
    }

    // A Fail state in a branch may give any name, and States.TaskFailed does not match that: only a Task's own errors are sure to be a task's.
    private static bool Covers(string earlier, string name, bool isTask) => earlier == name
        || (earlier == StatesErrorNames.TaskFailed && isTask && !name.StartsWith("States.", StringComparison.Ordinal))
        || (earlier == StatesErrorNames.Timeout && name == StatesErrorNames.HeartbeatTimeout);
}
