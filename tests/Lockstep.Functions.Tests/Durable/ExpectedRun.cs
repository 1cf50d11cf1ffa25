using Lockstep.Asl;
using Lockstep.Engine.Commands;
using Lockstep.Engine.History;
using Lockstep.Engine.Stimuli;
using Lockstep.Json;
using Lockstep.Service.Effects;
using Lockstep.Service.Targets;
using Lockstep.TestKit.Drivers;

namespace Lockstep.Functions.Tests.Durable;

/// <summary>The history that the interpreter alone gives for a machine, when every call is answered by a function of the call, and time flies.</summary>
internal static class ExpectedRun
{
    /// <summary>Runs to the end; a machine that waits for what nobody gives is a mistake of the test.</summary>
    /// <param name="definition">The machine.</param>
    /// <param name="started">The start that the other run had, so that both show the same names.</param>
    /// <param name="answer">What calls are answered, by their parameters and attempt.</param>
    /// <param name="report">What whoever holds a task token reports; null when nobody ever does.</param>
    public static (IReadOnlyList<HistoryEvent> History, IReadOnlyList<string> Tokens) Of(
        string definition, Started started, Func<JsonValue, int, TaskOutcome> answer, JsonValue? report = null)
    {
        var run = new PlainRun(AslCompiler.Load(definition).Machine ?? throw new InvalidOperationException("It does not compile.")) { Now = started.Time };
        run.Send(started);
        while (run is { Runs: true, IsRestless: false })
        {
            if (run.Calls.MinBy(call => call.Id.Ordinal) is { } call)
            {
                run.Calls.Remove(call);
                run.Send(TaskCalls.ToStimulus(call, answer(call.Parameters, call.Attempt), run.Now));
                if (call.TaskToken is not null && report is not null && run.Runs)
                {
                    run.Send(new TaskSucceeded(run.Now, call.Id, report));
                }
            }
            else
            {
                StartTimer timer = run.Timers.MinBy(timer => (timer.Due, timer.Id.Ordinal))
                    ?? throw new InvalidOperationException("The machine waits for what nobody gives.");
                run.Timers.Remove(timer);
                run.Now = timer.Due;
                run.Send(new TimerFired(run.Now, timer.Id));
            }
        }

        return (run.History, run.Tokens);
    }
}
