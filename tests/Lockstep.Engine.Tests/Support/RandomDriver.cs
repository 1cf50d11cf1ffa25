using Lockstep.Asl.Compiled;
using Lockstep.Asl.Resources;
using Lockstep.Engine.Commands;
using Lockstep.Engine.Stimuli;
using Lockstep.Json;

namespace Lockstep.Engine.Tests.Support;

/// <summary>
/// Lets anything happen to an execution that can: open calls end in any order, with any value or an error, also one that the machine catches or
/// retries; heartbeats are missed, timers fire in time while calls stay open, and somebody may stop it. What happens follows from the seed.
/// </summary>
internal sealed class RandomDriver(CompiledMachine machine, Run run, JsonValue input, int seed)
{
    private static readonly string[] CommonErrors = ["States.TaskFailed", "States.Timeout", "States.Permissions", "Flaky", "Lambda.Unknown"];

    private readonly Random _random = new(seed);
    private readonly List<InvokeTask> _open = [];
    private readonly List<StartTimer> _timers = [];
    private readonly Queue<Stimulus> _first = new();
    private readonly string[] _errors =
    [
        .. machine.States.OfType<CompiledWorkState>()
            .SelectMany(state => state.Retry.SelectMany(retrier => retrier.ErrorEquals).Concat(state.Catch.SelectMany(catcher => catcher.ErrorEquals)))
            .Where(error => error != "States.ALL")
            .Concat(CommonErrors)
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    private int _seen;

    /// <summary>Goes on until the execution has ended, nothing can happen any more, or the turns are used up.</summary>
    public void Drive(int turns)
    {
        Accept();
        while (run.State.Status == ExecutionStatus.Running && turns-- > 0 && Next() is Stimulus next)
        {
            run.Send(next);
            Accept();
        }
    }

    private void Accept()
    {
        for (; _seen < run.Commands.Count; _seen++)
        {
            switch (run.Commands[_seen])
            {
                case InvokeTask call:
                    _open.Add(call);
                    Submit(call);
                    break;
                case CancelTask cancelled:
                    _open.RemoveAll(call => call.Id == cancelled.Task);
                    break;
                case StartTimer timer:
                    _timers.Add(timer);
                    break;
                case CancelTimer cancelled:
                    _timers.RemoveAll(timer => timer.Id == cancelled.Timer);
                    break;
                case Continue:
                    _first.Enqueue(new Continued(run.Now));
                    break;
                default:
                    break;
            }
        }
    }

    private void Submit(InvokeTask call)
    {
        if (call.Resource.Kind == ResourceKind.Activity)
        {
            _first.Enqueue(new ActivityTaken(run.Now, call.Id, _random.Next(2) == 0 ? "worker" : null));
        }
        else if (call.Resource.Pattern != IntegrationPattern.RequestResponse)
        {
            _first.Enqueue(new TaskSubmitted(run.Now, call.Id, JsonObject.Empty));
        }
    }

    private Stimulus? Next()
    {
        if (_first.TryDequeue(out Stimulus? next))
        {
            return next;
        }

        if (_random.Next(40) == 0)
        {
            return new StopRequested(run.Now, _random.Next(2) == 0 ? "Stopped" : null, null);
        }

        bool waits = _open.Count == 0 || (_timers.Count > 0 && _random.Next(6) == 0);
        return waits ? Fire() : End();
    }

    private TimerFired? Fire()
    {
        StartTimer? due = _timers.MinBy(timer => (timer.Due, timer.Id.Ordinal));
        if (due is null)
        {
            return null;
        }

        _timers.Remove(due);
        run.Now = due.Due > run.Now ? due.Due : run.Now;
        return new TimerFired(run.Now, due.Id);
    }

    private Stimulus End()
    {
        int index = _random.Next(_open.Count);
        InvokeTask call = _open[index];
        _open.RemoveAt(index);
        run.Now = run.Now.AddMilliseconds(_random.Next(2_000));
        return _random.Next(10) switch
        {
            < 3 => new TaskFailed(run.Now, call.Id, _errors[_random.Next(_errors.Length)], _random.Next(2) == 0 ? "a cause" : null),
            3 when call.HeartbeatSeconds is not null => new HeartbeatMissed(run.Now, call.Id),
            _ => new TaskSucceeded(run.Now, call.Id, AnyValue(call)),
        };
    }

    private JsonValue AnyValue(InvokeTask call) => _random.Next(6) switch
    {
        0 => call.Parameters,
        1 => JsonArray.Of(JsonNumber.Of(_random.Next(100)), input),
        2 => JsonString.Of("text"),
        3 => JsonObject.Of(new JsonProperty("Payload", input), new JsonProperty("StatusCode", JsonNumber.Of(200))),
        4 => JsonNull.Instance,
        _ => input,
    };
}
