using System.Globalization;
using System.Threading.Channels;
using Lockstep.Engine.History;
using Spectre.Console;

namespace Lockstep.Cli.Run;

/// <summary>
/// A table that grows by one row a state, in the order in which they were first entered: how often it was entered, how often left, and what
/// failed last. States of a Map of thousands share their row.
/// </summary>
internal sealed class LiveRunView : IRunView
{
    private readonly Channel<HistoryEvent> _events = Channel.CreateUnbounded<HistoryEvent>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Dictionary<string, Row> _rows = new(StringComparer.Ordinal);
    private readonly Table _table = new() { Border = TableBorder.Minimal };
    private readonly Task _drawing;
    private string? _lastFailure;

    /// <summary>Starts to draw.</summary>
    public LiveRunView(IAnsiConsole console)
    {
        _table.AddColumns("state", "entered", "left", "failure");
        _drawing = console.Live(_table).StartAsync(DrawAsync);
    }

    /// <inheritdoc/>
    public void Show(HistoryEvent happened) => _events.Writer.TryWrite(happened);

    /// <inheritdoc/>
    public void Dispose()
    {
        _events.Writer.Complete();
        _drawing.GetAwaiter().GetResult();
    }

    private async Task DrawAsync(LiveDisplayContext context)
    {
        while (await _events.Reader.WaitToReadAsync())
        {
            while (_events.Reader.TryRead(out HistoryEvent? happened))
            {
                Take(happened);
            }

            context.Refresh();
        }
    }

    private void Take(HistoryEvent happened)
    {
        switch (happened.Details)
        {
            case StateEnteredDetails entered:
                Change(entered.Name, row => row with { Entered = row.Entered + 1 });
                break;
            case StateExitedDetails exited:
                Change(exited.Name, row => row with { Left = row.Left + 1 });
                break;
            case ErrorDetails failed when happened.Type is HistoryEventType.ExecutionFailed or HistoryEventType.ExecutionTimedOut
                or HistoryEventType.ExecutionAborted:
                Condemn(failed.Error ?? happened.Type.ToString());
                break;
            case ErrorDetails { Error: { } error }:
                _lastFailure = error;
                break;
            case TaskErrorDetails { Error: { } error }:
                _lastFailure = error;
                break;
        }
    }

    /// <summary>The execution has failed: what was still entered will not be left any more.</summary>
    private void Condemn(string failure)
    {
        foreach ((string state, Row row) in _rows.Where(row => row.Value.Left < row.Value.Entered))
        {
            _table.UpdateCell(row.Position, 0, $"[red]{Markup.Escape(state)}[/]");
            _table.UpdateCell(row.Position, 3, Markup.Escape(failure));
        }
    }

    private void Change(string state, Func<Row, Row> change)
    {
        if (!_rows.TryGetValue(state, out Row? row))
        {
            row = new Row(_rows.Count, 0, 0);
            _table.AddRow("", "", "", "");
        }

        row = change(row);
        _rows[state] = row;
        string colour = row.Left == row.Entered ? "green" : "yellow";
        _table.UpdateCell(row.Position, 0, $"[{colour}]{Markup.Escape(state)}[/]");
        _table.UpdateCell(row.Position, 1, row.Entered.ToString(CultureInfo.InvariantCulture));
        _table.UpdateCell(row.Position, 2, row.Left.ToString(CultureInfo.InvariantCulture));
        if (_lastFailure is { } failure)
        {
            _table.UpdateCell(row.Position, 3, Markup.Escape(failure));
            _lastFailure = null;
        }
    }

    private sealed record Row(int Position, int Entered, int Left);
}
