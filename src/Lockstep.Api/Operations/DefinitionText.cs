using System.Text;
using System.Text.Json;
using Lockstep.Json;

namespace Lockstep.Api.Operations;

/// <summary>
/// The definition inside a request: a string as Step Functions has it, or the object itself. An object is cut out of the body as it
/// was written, so that it is stored, shown and complained about with the sender's own lines and columns.
/// </summary>
public static class DefinitionText
{
    private const int MaxDepth = 1_001;

    /// <summary>The definition's text; null when the member is absent or neither string nor object.</summary>
    /// <param name="body">The body, already known to be a JSON object.</param>
    /// <param name="definition">The member's value.</param>
    public static string? Read(ReadOnlySpan<byte> body, JsonValue? definition) => definition switch
    {
        JsonString text => text.Value,
        JsonObject => Cut(body),
        _ => null,
    };

    private static string? Cut(ReadOnlySpan<byte> body)
    {
        ReadOnlySpan<byte> bom = Encoding.UTF8.Preamble;
        ReadOnlySpan<byte> text = body.StartsWith(bom) ? body[bom.Length..] : body;
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool found = reader.ValueTextEquals("definition"u8);
            reader.Read();
            int start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (found)
            {
                return Encoding.UTF8.GetString(text[start..(int)reader.BytesConsumed]);
            }
        }

        return null;
    }
}
