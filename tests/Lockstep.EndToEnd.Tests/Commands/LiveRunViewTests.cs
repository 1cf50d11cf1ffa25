using System.Globalization;
using Lockstep.Cli.Run;
using Lockstep.Engine.History;
using Lockstep.Json;
using Spectre.Console;

namespace Lockstep.EndToEnd.Tests.Commands;

/// <summary>What a person at a terminal sees while an execution runs.</summary>
public sealed class LiveRunViewTests
{
    [Fact]
    public void Rows_are_states_and_a_failure_stands_beside_the_state_it_ended()
    {
        string drawn = Draw(
            new HistoryEvent(1, 0, DateTimeOffset.UnixEpoch, HistoryEventType.PassStateEntered, new StateEnteredDetails("Each [item]", JsonNull.Instance)),
            new HistoryEvent(2, 1, DateTimeOffset.UnixEpoch, HistoryEventType.PassStateExited, new StateExitedDetails("Each [item]", JsonNull.Instance, null)),
            new HistoryEvent(3, 2, DateTimeOffset.UnixEpoch, HistoryEventType.PassStateEntered, new StateEnteredDetails("Each [item]", JsonNull.Instance)),
            new HistoryEvent(4, 3, DateTimeOffset.UnixEpoch, HistoryEventType.PassStateExited, new StateExitedDetails("Each [item]", JsonNull.Instance, null)),
            new HistoryEvent(5, 4, DateTimeOffset.UnixEpoch, HistoryEventType.FailStateEntered, new StateEnteredDetails("Give up", JsonNull.Instance)),
            new HistoryEvent(6, 5, DateTimeOffset.UnixEpoch, HistoryEventType.ExecutionFailed, new ErrorDetails("TooMuch", null)));

        string[] rows = [.. drawn.Split('\n').Select(row => string.Join(' ', row.Split(' ', StringSplitOptions.RemoveEmptyEntries)))];
        Assert.Contains("Each [item] │ 2 │ 2 │", rows);
        Assert.Contains("Give up │ 1 │ 0 │ TooMuch", rows);
    }

    private static string Draw(params HistoryEvent[] events)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            Interactive = InteractionSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = 100;
        using (var view = new LiveRunView(console))
        {
            foreach (HistoryEvent happened in events)
            {
                view.Show(happened);
            }
        }

        return text.ToString();
    }
}
