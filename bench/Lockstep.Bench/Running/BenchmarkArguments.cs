using System.Globalization;

namespace Lockstep.Bench.Running;

/// <summary>The <c>--name value</c> pairs after a benchmark's name. Each is read once; one that nobody has read is a mistake of the caller.</summary>
internal sealed class BenchmarkArguments
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    private BenchmarkArguments()
    {
    }

    /// <summary>Parses the pairs; answers null, with the reason, when they are none.</summary>
    public static BenchmarkArguments? TryParse(ReadOnlySpan<string> arguments, out string problem)
    {
        var parsed = new BenchmarkArguments();
        for (int index = 0; index < arguments.Length; index += 2)
        {
            if (!arguments[index].StartsWith("--", StringComparison.Ordinal) || index + 1 == arguments.Length)
            {
                problem = $"'{arguments[index]}' is no '--name value'";
                return null;
            }

            parsed._values[arguments[index][2..]] = arguments[index + 1];
        }

        problem = "";
        return parsed;
    }

    /// <summary>A whole number of at least 0, or its default.</summary>
    public int Count(string name, int otherwise)
    {
        _read.Add(name);
        return _values.TryGetValue(name, out string? text) ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : otherwise;
    }

    /// <summary>A text, or null.</summary>
    public string? Text(string name)
    {
        _read.Add(name);
        return _values.GetValueOrDefault(name);
    }

    /// <summary>Names that the benchmark does not know.</summary>
    public IEnumerable<string> Unread => _values.Keys.Except(_read);
}
