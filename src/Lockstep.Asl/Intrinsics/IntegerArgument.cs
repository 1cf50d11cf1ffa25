using Lockstep.Json;

namespace Lockstep.Asl.Intrinsics;

/// <summary>Integer arguments: any JSON number, rounded to the nearest integer, halves upward, as Step Functions does.</summary>
internal static class IntegerArgument
{
    public static bool TryRead(JsonValue value, out int result)
    {
        result = 0;
        if (value is not JsonNumber number)
        {
            return false;
        }

        if (!number.TryGetInt64(out long integer))
        {
            double rounded = Math.Floor(number.ToDouble() + 0.5);
            if (!(rounded >= int.MinValue && rounded <= int.MaxValue))
            {
                return false;
            }

            integer = (long)rounded;
        }

        if (integer is < int.MinValue or > int.MaxValue)
        {
            return false;
        }

        result = (int)integer;
        return true;
    }
}
