using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Lockstep.Json;

namespace Lockstep.Targets.Messaging;

/// <summary>The attributes of a message (Amazon SQS Developer Guide, "Amazon SQS message metadata"), checked.</summary>
internal static class MessageAttributes
{
    /// <summary>Attributes that a message has at most.</summary>
    public const int MaxAttributes = 10;

    private const byte TextMark = 1;
    private const byte BinaryMark = 2;

    /// <summary>Says what is wrong with attributes; null when nothing is.</summary>
    public static string? ProblemOf(JsonObject attributes)
    {
        if (attributes.Count > MaxAttributes)
        {
            return $"The message has {attributes.Count} attributes; {MaxAttributes} are allowed.";
        }

        foreach (JsonProperty attribute in attributes)
        {
            if (attribute.Value is not JsonObject fields || fields["DataType"] is not JsonString type)
            {
                return $"The message attribute '{attribute.Name}' must contain a DataType.";
            }

            string? problem = type.Value.Split('.', 2)[0] switch
            {
                "String" or "Number" => fields["StringValue"] is JsonString { Value.Length: > 0 } ? null : "a non-empty StringValue",
                "Binary" => BytesOf(fields) is not null ? null : "a BinaryValue in Base64",
                _ => "the DataType String, Number or Binary",
            };
            if (problem is not null)
            {
                return $"The message attribute '{attribute.Name}' must contain {problem}.";
            }
        }

        return null;
    }

    /// <summary>The digest that receivers check (Amazon SQS Developer Guide, "Calculating the MD5 message digest for message attributes").</summary>
    public static string DigestOf(JsonObject attributes)
    {
        var bytes = new List<byte>();
        foreach (JsonProperty attribute in attributes.OrderBy(attribute => attribute.Name, StringComparer.Ordinal))
        {
            var fields = (JsonObject)attribute.Value;
            string type = fields["DataType"] is JsonString text ? text.Value : "";
            AddText(bytes, attribute.Name);
            AddText(bytes, type);
            bool binary = type.StartsWith("Binary", StringComparison.Ordinal);
            bytes.Add(binary ? BinaryMark : TextMark);
            Add(bytes, binary ? BytesOf(fields) ?? [] : Encoding.UTF8.GetBytes((fields["StringValue"] as JsonString)?.Value ?? ""));
        }

        return DigestOf([.. bytes]);
    }

    /// <summary>The digest of a text.</summary>
    public static string DigestOf(string text) => DigestOf(Encoding.UTF8.GetBytes(text));

    [SuppressMessage("Security", "CA5351", Justification = "SQS answers with MD5, against transmission errors and nothing else.")]
    private static string DigestOf(byte[] bytes) => Convert.ToHexStringLower(MD5.HashData(bytes));

    private static byte[]? BytesOf(JsonObject fields)
    {
        if (fields["BinaryValue"] is not JsonString { Value.Length: > 0 } text)
        {
            return null;
        }

        byte[] buffer = new byte[text.Value.Length];
        return Convert.TryFromBase64String(text.Value, buffer, out int length) ? buffer[..length] : null;
    }

    private static void AddText(List<byte> bytes, string text) => Add(bytes, Encoding.UTF8.GetBytes(text));

    private static void Add(List<byte> bytes, byte[] value)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, value.Length);
        bytes.AddRange(length);
        bytes.AddRange(value);
    }
}
