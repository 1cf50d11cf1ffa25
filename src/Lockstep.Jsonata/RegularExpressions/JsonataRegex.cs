using Lockstep.Json;

namespace Lockstep.Jsonata.RegularExpressions;

/// <summary>
/// A regular expression literal: ECMAScript's syntax and meaning without the flag u, with the flags i and m. Look-around and
/// back-references are refused, because time and fuel could not be bounded with them. Immutable; any number of runs may share it.
/// </summary>
internal sealed class JsonataRegex
{
    private readonly RegexProgram _program;

    private JsonataRegex(string pattern, RegexProgram program)
    {
        Pattern = pattern;
        _program = program;
    }

    /// <summary>The text between the slashes.</summary>
    public string Pattern { get; }

    /// <summary>Captures of the pattern.</summary>
    public int GroupCount => _program.Groups;

    /// <summary>Compiles a pattern.</summary>
    /// <param name="pattern">The text between the slashes.</param>
    /// <param name="flags">Any of i and m, each at most once.</param>
    /// <param name="position">The place in the expression that failures tell.</param>
    /// <exception cref="JsonataException">
    /// S0301: empty; S0302: not valid; U1010: look-around, a back-reference, or larger than the limits of <see cref="RegexParser"/> and
    /// <see cref="RegexProgram"/>.
    /// </exception>
    public static JsonataRegex Compile(string pattern, string flags, int position)
    {
        try
        {
            var parser = new RegexParser(pattern, flags);
            RegexNode tree = parser.Parse();
            return new JsonataRegex(pattern, RegexProgram.Build(tree, parser.Groups));
        }
        catch (JsonataException error)
        {
            throw error.At(position);
        }
    }

    /// <summary>Finds the first match at or behind a place. It may be empty.</summary>
    /// <exception cref="JsonataException">U1002: the fuel is spent.</exception>
    public RegexMatch? Match(string text, int start, Fuel fuel) => new RegexRun(_program, text, fuel).Find(start);

    /// <summary>
    /// All matches from the start, each behind the one before. The first may be empty; another empty one would never end, so it is refused,
    /// unless the text is at its end.
    /// </summary>
    /// <exception cref="JsonataException">D1004: a match behind the first is empty; U1002: the fuel is spent.</exception>
    public IEnumerable<RegexMatch> Matches(string text, Fuel fuel)
    {
        var run = new RegexRun(_program, text, fuel);
        RegexMatch? match = run.Find(0);
        while (match is not null)
        {
            yield return match;
            match = match.End < text.Length ? NotEmpty(run.Find(match.End)) : null;
        }
    }

    /// <summary>The match that follows another, by the rules of <see cref="Matches"/>.</summary>
    /// <exception cref="JsonataException">As <see cref="Matches"/>.</exception>
    public RegexMatch? Next(string text, RegexMatch previous, Fuel fuel) =>
        previous.End < text.Length ? NotEmpty(Match(text, previous.End, fuel)) : null;

    private RegexMatch? NotEmpty(RegexMatch? match) =>
        match is { Start: var start, End: var end } && start == end
            ? throw new JsonataException("D1004", "Regular expression matches zero length string", value: JsonString.Of(Pattern))
            : match;
}
