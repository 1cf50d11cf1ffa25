using System.Text;

namespace Lockstep.EndToEnd.Tests.Secrets;

/// <summary>Looks for a secret in the forms in which software tends to let one slip: UTF-8, UTF-16, and base64 of it or of a text that it is part of.</summary>
internal sealed class HiddenText
{
    private readonly byte[][] _forms;

    /// <param name="secret">Letters, digits and hyphens, so that neither JSON nor an address writes it differently.</param>
    public HiddenText(string secret)
    {
        Secret = secret;
        byte[] bytes = Encoding.UTF8.GetBytes(secret);
        _forms =
        [
            bytes,
            Encoding.Unicode.GetBytes(secret),
            .. Enumerable.Range(0, 3).Select(before => Encoding.UTF8.GetBytes(Inner(bytes, before))),
        ];
    }

    public string Secret { get; }

    /// <summary>Whether it is in the text.</summary>
    public bool IsIn(string text) => IsIn(Encoding.UTF8.GetBytes(text));

    /// <summary>Whether it is in the bytes.</summary>
    public bool IsIn(byte[] bytes) => _forms.Any(form => bytes.AsSpan().IndexOf(form) >= 0);

    /// <summary>The characters of base64 that stem from the secret alone when so many bytes are before it.</summary>
    private static string Inner(byte[] secret, int before)
    {
        const int bytesOfGroup = 3;
        const int charactersOfGroup = 4;
        int skipped = before == 0 ? 0 : bytesOfGroup - before;
        int groups = (secret.Length - skipped) / bytesOfGroup;
        string text = Convert.ToBase64String(secret.AsSpan(skipped, groups * bytesOfGroup));
        return text[..(groups * charactersOfGroup)];
    }
}
