using Lockstep.Json;

namespace Lockstep.Jsonata;

/// <summary>
/// An expression is not valid, or its evaluation failed. The code is that of the JSONata reference where the reference has one: S0xxx for
/// syntax, T0xxx to T2xxx for types, D1xxx to D3xxx for evaluation, U1xxx for limits of the host.
/// </summary>
public sealed class JsonataException : Exception
{
    private readonly Func<string?, string>? _wording;

    /// <summary>A failure with its place.</summary>
    /// <param name="code">See <see cref="Code"/>.</param>
    /// <param name="message">What is wrong, and where it helps what was expected.</param>
    /// <param name="position">See <see cref="Position"/>.</param>
    /// <param name="token">See <see cref="Token"/>.</param>
    /// <param name="value">See <see cref="Value"/>.</param>
    public JsonataException(string code, string message, int position = -1, string? token = null, JsonValue? value = null)
        : base(message)
    {
        Code = code;
        Position = position;
        Token = token;
        Value = value;
    }

    private JsonataException(string code, Func<string?, string> wording, int position, string? token, JsonValue? value)
        : this(code, wording(token), position, token, value) => _wording = wording;

    /// <summary>The code, such as <c>T2001</c>; see <see cref="JsonataErrorCodes"/> for those that this library adds.</summary>
    public string Code { get; }

    /// <summary>Zero-based offset into the expression's text, in UTF-16 units, just after the token; -1 when it is not known.</summary>
    public int Position { get; }

    /// <summary>The token, function or operator that the failure is about, or null.</summary>
    public string? Token { get; }

    /// <summary>The value that the failure is about, or null.</summary>
    public JsonValue? Value { get; }

    /// <summary>Whether a limit of the host ended the evaluation, and not the expression's own meaning.</summary>
    public bool IsLimit => Code.StartsWith('U');

    /// <summary>A failure whose message names its token, which may become known further out.</summary>
    /// <param name="code">See <see cref="Code"/>.</param>
    /// <param name="wording">The message with a token, or without one.</param>
    /// <param name="position">See <see cref="Position"/>.</param>
    /// <param name="token">See <see cref="Token"/>.</param>
    /// <param name="value">See <see cref="Value"/>.</param>
    internal static JsonataException Naming(string code, Func<string?, string> wording, int position = -1, string? token = null, JsonValue? value = null) =>
        new(code, wording, position, token, value);

    /// <summary>A token as messages show it.</summary>
    internal static string Shown(string? token) => token is null ? "undefined" : JsonString.Of(token).ToString();

    /// <summary>The same failure at this place and about this token, where it has none yet.</summary>
    internal JsonataException At(int position, string? token = null) =>
        Position >= 0 && Token is not null ? this : Moved(Position >= 0 ? Position : position, Token ?? token);

    /// <summary>The same failure at this place and about this token, whatever it was about before.</summary>
    internal JsonataException Moved(int position, string? token) => _wording is null
        ? new JsonataException(Code, Message, position, token, Value)
        : new JsonataException(Code, _wording, position, token, Value);
}
