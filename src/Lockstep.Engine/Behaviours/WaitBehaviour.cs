using Lockstep.Asl.Compiled;
using Lockstep.Asl.Evaluation;
using Lockstep.Engine.Commands;
using Lockstep.Engine.State;
using Lockstep.Engine.Turns;
using Lockstep.Json;

namespace Lockstep.Engine.Behaviours;

/// <summary>Wait: sleeps for a number of seconds or until an instant; one that has passed already costs no timer. The output is the effective input.</summary>
internal static class WaitBehaviour
{
    public static void Start(Turn turn, LiveFrame frame, CompiledWait state)
    {
        if (!DataFlow.TryInput(turn, frame, state, out JsonValue? effective)
            || !TryDue(turn, frame, state, effective, out DateTimeOffset due))
        {
            return;
        }

        if (due <= turn.Now)
        {
            DataFlow.Leave(turn, frame, state, effective, null);
            return;
        }

        frame.Occupation = new Sleeping(turn.StartTimer(frame, due, TimerPurpose.Wait));
    }

    public static void Finish(Turn turn, LiveFrame frame, CompiledWait state)
    {
        if (DataFlow.TryInput(turn, frame, state, out JsonValue? effective))
        {
            DataFlow.Leave(turn, frame, state, effective, null);
        }
    }

    private static bool TryDue(Turn turn, LiveFrame frame, CompiledWait state, JsonValue effective, out DateTimeOffset due)
    {
        due = turn.Now;
        if (!DataFlow.TryEvaluateInteger(turn, frame, state.Seconds, effective, out long? seconds))
        {
            return false;
        }

        if (seconds is long wait)
        {
            due = turn.Now.AddSeconds(wait);
            return true;
        }

        if (!DataFlow.TryEvaluate(turn, frame, state.Timestamp, effective, out JsonValue? timestamp))
        {
            return false;
        }

        if (timestamp is not JsonString text || !Rfc3339.TryParse(text.Value, out Instant instant))
        {
            throw new InvalidOperationException("A compiled Timestamp gives a timestamp or an error.");
        }

        due = ToTime(instant);
        return true;
    }

    /// <summary>The first tick at or after an instant. The few hours that an offset can reach beyond the calendar count as its end.</summary>
    private static DateTimeOffset ToTime(Instant instant)
    {
        const int NanosecondsPerTick = 100;
        long ticks = (instant.UnixSeconds * TimeSpan.TicksPerSecond)
            + ((instant.Nanoseconds + NanosecondsPerTick - 1) / NanosecondsPerTick)
            + DateTimeOffset.UnixEpoch.Ticks;
        return new DateTimeOffset(Math.Clamp(ticks, DateTimeOffset.MinValue.Ticks, DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero);
    }
}
