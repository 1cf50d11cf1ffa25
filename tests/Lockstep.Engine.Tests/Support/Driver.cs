using Lockstep.Asl.Resources;
using Lockstep.Engine.Commands;
using Lockstep.Engine.Stimuli;
using Lockstep.Json;

namespace Lockstep.Engine.Tests.Support;

/// <summary>Carries out the commands of a run in virtual time: calls are answered by a script, timers fire at once in the order in which they are due.</summary>
internal sealed class Driver(Run run, Func<InvokeTask, Stimulus?> answer)
{
    private readonly List<StartTimer> _timers = [];
    private readonly Queue<Stimulus> _inbox = new();
    private int _seen;

    /// <summary>Goes on until the execution has ended, nothing is left to do, or the turns are used up.</summary>
    public void Drive(int turns = 10_000)
    {
        Accept();
        while (run.State.Status == ExecutionStatus.Running && turns-- > 0 && Next() is Stimulus next)
        {
            run.Send(next);
            Accept();
        }
    }

    /// <summary>Takes in the commands issued since the last time.</summary>
    public void Accept()
    {
        for (; _seen < run.Commands.Count; _seen++)
        {
            switch (run.Commands[_seen])
            {
                case InvokeTask call:
                    Answer(call);
                    break;
                case StartTimer timer:
                    _timers.Add(timer);
                    break;
                case CancelTimer cancelled:
                    _timers.RemoveAll(t => t.Id == cancelled.Timer);
                    break;
                case Continue:
                    _inbox.Enqueue(new Continued(run.Now));
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>What happens next; null when nothing does.</summary>
    public Stimulus? Next()
    {
        if (_inbox.TryDequeue(out Stimulus? next))
        {
            return next;
        }

        StartTimer? due = _timers.MinBy(t => (t.Due, t.Id.Ordinal));
        if (due is null)
        {
            return null;
        }

        _timers.Remove(due);
        run.Now = due.Due > run.Now ? due.Due : run.Now;
        return new TimerFired(run.Now, due.Id);
    }

    private void Answer(InvokeTask call)
    {
        if (call.Resource.Kind == ResourceKind.Activity)
        {
            _inbox.Enqueue(new ActivityTaken(run.Now, call.Id, "worker"));
        }
        else if (call.Resource.Pattern != IntegrationPattern.RequestResponse)
        {
            _inbox.Enqueue(new TaskSubmitted(run.Now, call.Id, JsonObject.Empty));
        }

        if (answer(call) is Stimulus outcome)
        {
            _inbox.Enqueue(outcome);
        }
    }
}
