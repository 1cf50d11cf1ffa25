using System.Diagnostics;
using System.Globalization;
using System.Text;
using Lockstep.Json;

namespace Lockstep.Targets.Http;

/// <summary>How the items of an array are written in a form (Step Functions, "RequestEncodingOptions").</summary>
internal enum ArrayFormat
{
    /// <summary><c>a[0]=x&amp;a[1]=y</c></summary>
    Indices,

    /// <summary><c>a=x&amp;a=y</c></summary>
    Repeat,

    /// <summary><c>a=x,y</c></summary>
    Commas,

    /// <summary><c>a[]=x&amp;a[]=y</c></summary>
    Brackets,
}

/// <summary>
/// Writes an object as <c>application/x-www-form-urlencoded</c>: members of members as <c>outer[inner]</c>, text as it is, everything
/// else as JSON prints it, null as nothing. Depth is bounded by the depth of the JSON text it was read from.
/// </summary>
internal static class FormEncoding
{
    /// <summary>The pairs, joined.</summary>
    public static string Encode(JsonObject members, ArrayFormat format)
    {
        var form = new StringBuilder();
        var open = new Stack<(string Key, JsonValue Value)>();
        Push(open, members, static (_, name) => Uri.EscapeDataString(name), "");
        while (open.TryPop(out (string Key, JsonValue Value) pair))
        {
            switch (pair.Value)
            {
                case JsonObject inner:
                    Push(open, inner, static (key, name) => $"{key}[{Uri.EscapeDataString(name)}]", pair.Key);
                    break;
                case JsonArray items when format == ArrayFormat.Commas && AreScalars(items):
                    Append(form, pair.Key, string.Join(',', items.Select(item => Uri.EscapeDataString(TextOf(item)))));
                    break;
                case JsonArray items:
                    for (int index = items.Count - 1; index >= 0; index--)
                    {
                        open.Push((pair.Key + SuffixOf(format, index), items[index]));
                    }

                    break;
                default:
                    Append(form, pair.Key, Uri.EscapeDataString(TextOf(pair.Value)));
                    break;
            }
        }

        return form.ToString();
    }

    private static void Push(Stack<(string Key, JsonValue Value)> open, JsonObject members, Func<string, string, string> keyOf, string outer)
    {
        // The stack turns the order round, so the last member goes first.
        for (int index = members.Count - 1; index >= 0; index--)
        {
            JsonProperty member = members[index];
            open.Push((keyOf(outer, member.Name), member.Value));
        }
    }

    private static void Append(StringBuilder form, string key, string value)
    {
        if (form.Length > 0)
        {
            form.Append('&');
        }

        form.Append(key).Append('=').Append(value);
    }

    private static bool AreScalars(JsonArray items) => items.All(item => item is not (JsonArray or JsonObject));

    private static string TextOf(JsonValue scalar) => scalar switch
    {
        JsonString text => text.Value,
        JsonNull => "",
        _ => scalar.ToString(),
    };

    private static string SuffixOf(ArrayFormat format, int index) => format switch
    {
        ArrayFormat.Indices => string.Create(CultureInfo.InvariantCulture, $"[{index}]"),
        ArrayFormat.Brackets => "[]",
        ArrayFormat.Repeat or ArrayFormat.Commas => "",
        _ => throw new UnreachableException(),
    };
}
