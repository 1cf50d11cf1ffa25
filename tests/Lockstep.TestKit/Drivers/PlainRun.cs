using Lockstep.Asl.Compiled;
using Lockstep.Engine;
using Lockstep.Engine.Commands;
using Lockstep.Engine.History;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;

namespace Lockstep.TestKit.Drivers;

/// <summary>A run of the interpreter alone: what is sent is decided at once, and what the decisions ask for is kept until the caller sees to it.</summary>
public sealed class PlainRun : ITaskTokenIssuer
{
    // A machine that goes round without waiting for anything would go on for ever.
    private const int MostContinues = 20;

    private readonly CompiledMachine _machine;
    private ExecutionState _state = ExecutionState.Initial;
    private int _continues;

    /// <summary>A run of a machine that has not started yet.</summary>
    public PlainRun(CompiledMachine machine) => _machine = machine;

    /// <summary>Every event so far.</summary>
    public List<HistoryEvent> History { get; } = [];

    /// <summary>The calls that have not been answered.</summary>
    public List<InvokeTask> Calls { get; } = [];

    /// <summary>The timers that run.</summary>
    public List<StartTimer> Timers { get; } = [];

    /// <summary>The tokens given out.</summary>
    public List<string> Tokens { get; } = [];

    /// <summary>The time.</summary>
    public DateTimeOffset Now { get; set; }

    /// <summary>Whether the execution goes on.</summary>
    public bool Runs => _state.Status == ExecutionStatus.Running;

    /// <summary>Set when the machine goes round without rest.</summary>
    public bool IsRestless => _continues > MostContinues;

    /// <inheritdoc/>
    public string Issue(ExecutionIdentity execution, CommandId task)
    {
        Tokens.Add($"token-{execution.ExecutionName}-{task.Ordinal}");
        return Tokens[^1];
    }

    /// <summary>Takes a stimulus, and the turns that follow from it.</summary>
    public void Send(Stimulus stimulus)
    {
        bool continues = true;
        for (Stimulus next = stimulus; continues && !IsRestless; next = new Continued(Now))
        {
            Decision decision = Interpreter.Decide(_machine, _state, next, this);
            _state = decision.Next;
            History.AddRange(decision.Events);
            continues = false;
            foreach (Command command in decision.Commands)
            {
                continues |= Take(command);
            }
        }
    }

    private bool Take(Command command)
    {
        switch (command)
        {
            case InvokeTask call:
                Calls.Add(call);
                return false;
            case CancelTask cancelled:
                Calls.RemoveAll(call => call.Id == cancelled.Task);
                return false;
            case StartTimer timer:
                Timers.Add(timer);
                return false;
            case CancelTimer cancelled:
                Timers.RemoveAll(timer => timer.Id == cancelled.Timer);
                return false;
            case Continue:
                _continues++;
                return true;
            case Finish:
                return false;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }
}
