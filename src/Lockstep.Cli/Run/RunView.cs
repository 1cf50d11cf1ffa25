using System.Globalization;
using Lockstep.Engine.History;
using Spectre.Console;

namespace Lockstep.Cli.Run;

/// <summary>Shows an execution while it runs.</summary>
internal interface IRunView : IDisposable
{
    /// <summary>The next event of its history.</summary>
    void Show(HistoryEvent happened);
}

/// <summary>Chooses how progress is shown: a live table on a terminal, one line an event elsewhere.</summary>
internal static class RunView
{
    /// <summary>The view for where standard error leads.</summary>
    public static IRunView For(TextWriter error)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) });
        return !Console.IsErrorRedirected && console.Profile.Capabilities.Interactive && console.Profile.Capabilities.Ansi
            ? new LiveRunView(console)
            : new PlainRunView(error);
    }
}

/// <summary>One line an event: seconds since the start, type, and the state where there is one.</summary>
internal sealed class PlainRunView(TextWriter error) : IRunView
{
    private DateTimeOffset? _started;

    /// <inheritdoc/>
    public void Show(HistoryEvent happened)
    {
        _started ??= happened.Timestamp;
        string seconds = (happened.Timestamp - _started.Value).TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture).PadLeft(9);
        string? name = happened.Details switch
        {
            StateEnteredDetails entered => entered.Name,
            StateExitedDetails exited => exited.Name,
            MapIterationDetails iteration => string.Create(CultureInfo.InvariantCulture, $"{iteration.Name} {iteration.Index}"),
            ErrorDetails failed => failed.Error,
            TaskErrorDetails failed => failed.Error,
            _ => null,
        };
        error.WriteLine(name is null ? $"{seconds}  {happened.Type}" : $"{seconds}  {happened.Type}  {name}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing to give back: the writer belongs to the command.
    }
}
