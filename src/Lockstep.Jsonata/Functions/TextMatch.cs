using Lockstep.Json;
using Lockstep.Jsonata.Evaluation;
using Lockstep.Jsonata.RegularExpressions;
using Lockstep.Jsonata.Values;

namespace Lockstep.Jsonata.Functions;

/// <summary>A match that a regular expression or a function of the same protocol has found (JSONata, "Regular expressions").</summary>
/// <param name="Text">The matched text.</param>
/// <param name="Start">Where it starts, in UTF-16 units.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Groups">The captures; nothing at all for one that took no part.</param>
internal abstract record TextMatch(string Text, int Start, int End, object?[] Groups)
{
    /// <summary>The match after this one, or null.</summary>
    public abstract TextMatch? Next(Evaluator run);

    /// <summary>The first match of a matcher, which is a function from strings.</summary>
    public static TextMatch? First(JsonataFunction matcher, string text, string caller, Evaluator run) => matcher is RegexFunction regex
        ? regex.Match(text, run)
        : FunctionMatch.Of(run.Call(matcher, JsonString.Of(text)), caller);

    /// <summary>The captures as an array.</summary>
    public object GroupArray(Evaluator run) => ArrayFunctions.ArrayOf(Groups, run);

    /// <summary>The match as the object that expressions see.</summary>
    public object AsObject(Evaluator run)
    {
        var result = new MixedObject();
        result.Set("match", JsonString.Of(Text));
        result.Set("start", JsonNumber.Of(Start));
        result.Set("end", JsonNumber.Of(End));
        result.Set("groups", GroupArray(run));
        result.Set("next", new NextFunction(this));
        return result;
    }

    private sealed class NextFunction(TextMatch match) : JsonataFunction
    {
        public override int Arity => 0;

        public override object? Invoke(object?[] arguments, object? input, Evaluator run) => match.Next(run)?.AsObject(run);
    }
}

/// <summary>A regular expression as a function: from a string to its first match.</summary>
internal sealed class RegexFunction(string pattern, string flags, int position) : JsonataFunction
{
    private readonly JsonataRegex _regex = JsonataRegex.Compile(pattern, flags, position);

    public override int Arity => 1;

    public TextMatch? Match(string text, Evaluator run)
    {
        run.Fuel.SpendCharacters(text.Length);
        return _regex.Match(text, 0, run.Fuel) is { } match ? new Found(_regex, text, match) : null;
    }

    public override object? Invoke(object?[] arguments, object? input, Evaluator run) =>
        arguments is [JsonString text, ..] ? Match(text.Value, run)?.AsObject(run) : null;

    private sealed record Found(JsonataRegex Regex, string Input, RegexMatch Match)
        : TextMatch(Match.Value, Match.Start, Match.End, GroupsOf(Match))
    {
        public override TextMatch? Next(Evaluator run) =>
            Regex.Next(Input, Match, run.Fuel) is { } next ? new Found(Regex, Input, next) : null;

        private static object?[] GroupsOf(RegexMatch match)
        {
            object?[] groups = new object?[match.GroupCount];
            for (int i = 0; i < groups.Length; i++)
            {
                groups[i] = match.Group(i) is { } text ? JsonString.Of(text) : null;
            }

            return groups;
        }
    }
}

/// <summary>A match that a function has given as an object.</summary>
internal sealed record FunctionMatch(string Text, int Start, int End, object?[] Groups, JsonataFunction? Following, string Caller)
    : TextMatch(Text, Start, End, Groups)
{
    /// <summary>Reads the object; nothing at all is no match.</summary>
    /// <exception cref="JsonataException">T1010: it is no such object.</exception>
    public static FunctionMatch? Of(object? value, string caller)
    {
        if (value is null)
        {
            return null;
        }

        ObjectView members = ObjectView.Of(value);
        object? start = members.Find("start");
        object? end = members.Find("end");
        object? groups = members.Find("groups");
        var next = members.Find("next") as JsonataFunction;
        if (start is not JsonNumber && end is not JsonNumber && !Value.IsArray(groups) && next is null)
        {
            throw new JsonataException(
                "T1010", "The matcher function argument passed to function \"" + caller + "\" does not return the correct object structure", token: caller);
        }

        ArrayView items = ArrayView.Of(groups);
        object?[] captures = new object?[items.Count];
        for (int i = 0; i < captures.Length; i++)
        {
            captures[i] = items[i];
        }

        string text = (members.Find("match") as JsonString)?.Value ?? "";
        return new FunctionMatch(text, Offset(start), Offset(end), captures, next, caller);
    }

    public override TextMatch? Next(Evaluator run) => Following is null ? null : Of(run.Call(Following, null), Caller);

    private static int Offset(object? value) => value is JsonNumber number ? (int)Math.Clamp(number.ToDouble(), 0, int.MaxValue) : 0;
}
