using System.Globalization;
using Lockstep.Asl.Evaluation;
using Lockstep.Json;

namespace Lockstep.Engine.Turns;

/// <summary>
/// Gives variables their values, within three limits: of one variable, of one Assign, and of everything that is stored in open scopes. A
/// variable is as large as its value, so that whatever may be an input may be kept. Invariant: <see cref="Turn.VariableBytes"/> is the sum over
/// all frames; each assignment changes it by what it adds, and the end of a frame takes the frame's share away.
/// </summary>
internal static class Assignment
{
    /// <summary>Why these values may not be assigned; null when they may.</summary>
    public static StatesError? Refusal(Turn turn, LiveFrame frame, JsonObject assigned)
    {
        long together = 0;
        long growth = 0;
        foreach (JsonProperty variable in assigned)
        {
            int size = variable.Value.Utf8Length;
            if (size > turn.Limits.MaxVariableBytes)
            {
                return TooLarge($"The variable '{variable.Name}' has {size} bytes, more than the maximum of {turn.Limits.MaxVariableBytes}.");
            }

            together += size;
            growth += size - SizeOf(frame, variable.Name);
        }

        if (together > turn.Limits.MaxAssignBytes)
        {
            return TooLarge($"The assigned variables have {together} bytes together, more than the maximum of {turn.Limits.MaxAssignBytes}.");
        }

        return turn.VariableBytes + growth > turn.Limits.MaxStoredVariableBytes
            ? TooLarge(
                $"The variables of the execution would have {turn.VariableBytes + growth} bytes, more than the maximum of {turn.Limits.MaxStoredVariableBytes}.")
            : null;
    }

    /// <summary>Assigns what is not refused.</summary>
    public static void Apply(Turn turn, LiveFrame frame, JsonObject assigned)
    {
        foreach (JsonProperty variable in assigned)
        {
            turn.VariableBytes += variable.Value.Utf8Length - SizeOf(frame, variable.Name);
            frame.Variables = frame.Variables.With(variable.Name, variable.Value);
        }
    }

    /// <summary>Bytes that the values of a frame's own variables have.</summary>
    public static long SizeOf(JsonObject variables)
    {
        long size = 0;
        foreach (JsonProperty variable in variables)
        {
            size += variable.Value.Utf8Length;
        }

        return size;
    }

    private static int SizeOf(LiveFrame frame, string name) => frame.Variables.TryGet(name, out JsonValue? value) ? value.Utf8Length : 0;

    private static StatesError TooLarge(FormattableString cause) => new(
        StatesErrorNames.DataLimitExceeded, cause.ToString(CultureInfo.InvariantCulture));
}
