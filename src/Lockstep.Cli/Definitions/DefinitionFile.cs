using System.Text;

namespace Lockstep.Cli.Definitions;

/// <summary>A definition as it stands in a file: its bytes, and the text that diagnostics show.</summary>
/// <param name="Path">The path as the caller gave it.</param>
/// <param name="Utf8">The content.</param>
internal sealed record DefinitionFile(string Path, byte[] Utf8)
{
    private static readonly UTF8Encoding Utf8Text = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>The content as text; bytes that are no UTF-8 show as replacement characters.</summary>
    public string Text => Utf8Text.GetString(Utf8.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Utf8.AsSpan(Encoding.UTF8.Preamble.Length) : Utf8);

    /// <summary>Reads a file; on failure <paramref name="problem"/> says why in a few words.</summary>
    public static DefinitionFile? TryRead(string path, out string problem)
    {
        try
        {
            problem = "";
            return new DefinitionFile(path, File.ReadAllBytes(path));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problem = failure switch
            {
                FileNotFoundException or DirectoryNotFoundException => "there is no such file",
                UnauthorizedAccessException when Directory.Exists(path) => "it is a folder",
                UnauthorizedAccessException => "it may not be read",
                _ => failure.Message,
            };
            return null;
        }
    }
}
