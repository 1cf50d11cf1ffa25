namespace Lockstep.Json;

/// <summary>
/// What an array or object must know of its children when it is made. Children are measured already, so that measuring never recurses.
/// </summary>
internal readonly record struct JsonMeasure(long Utf8Length, int Depth)
{
    public static JsonMeasure Of(ReadOnlySpan<JsonValue> children)
    {
        long length = 0;
        int depth = 0;
        foreach (JsonValue child in children)
        {
            length += child.Utf8Length;
            depth = Math.Max(depth, child.Depth);
        }

        return new JsonMeasure(length, depth + 1);
    }

    /// <summary>Shared structure can stand for far more text than memory holds; lengths stop at the largest integer.</summary>
    public static int Saturate(long length) => (int)Math.Min(length, int.MaxValue);
}
