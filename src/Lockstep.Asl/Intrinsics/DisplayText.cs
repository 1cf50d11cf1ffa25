using System.Diagnostics;
using System.Text;
using Lockstep.Json;

namespace Lockstep.Asl.Intrinsics;

/// <summary>
/// How <c>States.Format</c> shows a value: strings without quotes, objects as <c>{name=value, …}</c> and arrays as <c>[value, …]</c>.
/// </summary>
internal static class DisplayText
{
    /// <summary>Deepest nesting shown; it bounds the recursion.</summary>
    public const int MaxDepth = 500;

    public static void Append(StringBuilder output, JsonValue value)
    {
        switch (value)
        {
            case JsonString text:
                output.Append(text.Value);
                break;
            case JsonNumber number:
                output.Append(number.Text);
                break;
            case JsonBoolean boolean:
                output.Append(boolean.Value ? "true" : "false");
                break;
            case JsonNull:
                output.Append("null");
                break;
            case JsonArray array:
                output.Append('[');
                for (int i = 0; i < array.Count; i++)
                {
                    output.Append(i == 0 ? "" : ", ");
                    Append(output, array[i]);
                }

                output.Append(']');
                break;
            case JsonObject members:
                output.Append('{');
                for (int i = 0; i < members.Count; i++)
                {
                    JsonProperty member = members[i];
                    output.Append(i == 0 ? "" : ", ").Append(member.Name).Append('=');
                    Append(output, member.Value);
                }

                output.Append('}');
                break;
            default:
                throw new UnreachableException();
        }
    }
}
