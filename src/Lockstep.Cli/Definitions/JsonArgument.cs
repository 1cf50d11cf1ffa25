using System.Globalization;
using System.Text;
using Lockstep.Json;

namespace Lockstep.Cli.Definitions;

/// <summary>JSON on the command line: as it is, or <c>@FILE</c> to read it from a file.</summary>
internal static class JsonArgument
{
    /// <summary>What help shows for such an argument.</summary>
    public const string HelpName = "JSON|@FILE";

    /// <summary>Reads a value.</summary>
    /// <param name="option">The option that it is given to, such as <c>--input</c>.</param>
    /// <param name="argument">What was given.</param>
    /// <param name="what">How a message calls it, such as <c>the input</c>.</param>
    /// <exception cref="CommandFailure">It is not JSON, or the file cannot be read.</exception>
    public static JsonValue Read(string option, string argument, string what)
    {
        DefinitionFile file = new(option, Encoding.UTF8.GetBytes(argument));
        if (argument.StartsWith('@'))
        {
            file = DefinitionFile.TryRead(argument[1..], out string problem)
                ?? throw new CommandFailure(ExitCode.Usage, $"cannot read {argument[1..]}: {problem}");
        }

        JsonReadResult read = JsonReader.Read(file.Utf8, JsonReadLimits.Default);
        if (read.TryGetValue(out JsonValue? value, out JsonReadError? error))
        {
            return value;
        }

        string place = string.Join('\n', SourcePlace.Render(file.Text, error.Line, error.Column));
        throw new CommandFailure(
            ExitCode.Usage,
            string.Create(
                CultureInfo.InvariantCulture, $"{what} is not JSON.\n{file.Path}:{error.Line}:{error.Column}: {error.Message}\n{place}"));
    }
}
