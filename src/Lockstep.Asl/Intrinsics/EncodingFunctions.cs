using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Lockstep.Asl.Evaluation;
using Lockstep.Json;
using static Lockstep.Asl.Intrinsics.IntrinsicFunction;

namespace Lockstep.Asl.Intrinsics;

/// <summary>Base64 and hashes, over the UTF-8 bytes of a string.</summary>
internal static class EncodingFunctions
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: false);

    public static Evaluated Base64Encode(ReadOnlySpan<JsonValue> arguments, EvaluationScope scope) =>
        TryText(arguments[0], scope, out string? text, out Evaluated refusal)
            ? Evaluated.Of(JsonString.Of(Convert.ToBase64String(Strict.GetBytes(text))))
            : refusal;

    public static Evaluated Base64Decode(ReadOnlySpan<JsonValue> arguments, EvaluationScope scope)
    {
        if (!TryText(arguments[0], scope, out string? text, out Evaluated refusal))
        {
            return refusal;
        }

        byte[] bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out int length)
            ? Evaluated.Of(JsonString.Of(Strict.GetString(bytes, 0, length)))
            : Refused("The argument must be a valid Base64 encoded string.");
    }

    [SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "The States Language offers SHA-1.")]
    [SuppressMessage("Security", "CA5351:Do Not Use Broken Cryptographic Algorithms", Justification = "The States Language offers MD5.")]
    public static Evaluated Hash(ReadOnlySpan<JsonValue> arguments, EvaluationScope scope)
    {
        if (!TryText(arguments[0], scope, out string? text, out Evaluated refusal))
        {
            return refusal;
        }

        byte[] bytes = Strict.GetBytes(text);
        byte[]? hash = (arguments[1] as JsonString)?.Value switch
        {
            "MD5" => MD5.HashData(bytes),
            "SHA-1" => SHA1.HashData(bytes),
            "SHA-256" => SHA256.HashData(bytes),
            "SHA-384" => SHA384.HashData(bytes),
            "SHA-512" => SHA512.HashData(bytes),
            _ => null,
        };
        return hash is not null
            ? Evaluated.Of(JsonString.Of(Convert.ToHexStringLower(hash)))
            : Refused("The hashing algorithm must be one of MD5, SHA-1, SHA-256, SHA-384, SHA-512.");
    }

    private static bool TryText(JsonValue value, EvaluationScope scope, [NotNullWhen(true)] out string? text, out Evaluated refusal)
    {
        text = (value as JsonString)?.Value;
        refusal = default;
        if (text is null)
        {
            refusal = Refused("The first argument must be a string.");
        }
        else if (text.Length > scope.MaxEncodedCharacters)
        {
            refusal = Refused($"The first argument must not be longer than {scope.MaxEncodedCharacters} characters.");
            text = null;
        }

        return text is not null;
    }
}
