using Lockstep.Jsonata.RegularExpressions;

namespace Lockstep.Jsonata.Tests.RegularExpressions;

public sealed class JsonataRegexTests
{
    [Theory]
    [InlineData("ab", "(x)?b", "", "1-2(null)")]
    [InlineData("abab", "(a)(?:b)", "", "0-2(a) 2-4(a)")]
    [InlineData("abab", "(?<n>a)b", "", "0-2(a) 2-4(a)")]
    [InlineData("abc", "$", "", "3-3")]
    [InlineData("a1b2c", "[0-9]", "", "1-2 3-4")]
    [InlineData("a\u000ab", "^b", "", "")]
    [InlineData("a\u000ab", "^b", "m", "2-3")]
    [InlineData("a\u000d\u000ab", "a$", "m", "0-1")]
    [InlineData("a\u2028b", "^b", "m", "2-3")]
    [InlineData("a\u000a", "a$", "", "")]
    [InlineData("a\u2028b", "a.b", "", "")]
    [InlineData("a\u000db", "a.b", "", "")]
    [InlineData("a\u00a0b", "a\\sb", "", "0-3")]
    [InlineData("a\ufeffb", "a\\sb", "", "0-3")]
    [InlineData("a\u0085b", "a\\sb", "", "")]
    [InlineData("\u00e9", "\\w", "", "")]
    [InlineData("\u0663", "\\d", "", "")]
    [InlineData("K", "k", "i", "0-1")]
    [InlineData("\u212a", "k", "i", "")]
    [InlineData("\u017f", "s", "i", "")]
    [InlineData("\u0130", "i", "i", "")]
    [InlineData("\u00df", "SS", "i", "")]
    [InlineData("\u03a3\u03c2", "\u03c3", "i", "0-1 1-2")]
    [InlineData("\u00c9", "\u00e9", "i", "0-1")]
    [InlineData("\u1fb3", "\u1fbc", "i", "")]
    [InlineData("b", "[^A]", "i", "0-1")]
    [InlineData("a", "[^A]", "i", "")]
    [InlineData("a\u00e9", "\\b\u00e9", "", "1-2")]
    [InlineData("ab\u200cc", "\\bc", "", "3-4")]
    [InlineData("ab", "a\\B", "", "0-1")]
    [InlineData("\ud83d\ude00", ".", "", "0-1 1-2")]
    [InlineData("\ud83d\ude00", "^.$", "", "")]
    [InlineData("a", "[^]", "", "0-1")]
    [InlineData("a", "[]", "", "")]
    [InlineData("\u0001", "\\cA", "", "0-1")]
    [InlineData("\\cA", "\\c", "", "0-2")]
    [InlineData("A", "\\x41", "", "0-1")]
    [InlineData("x4", "\\x4", "", "0-2")]
    [InlineData("A", "\\u0041", "", "0-1")]
    [InlineData("uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu", "\\u{41}", "", "0-41")]
    [InlineData("\u0000", "\\0", "", "0-1")]
    [InlineData("\u0001", "\\1", "", "0-1")]
    [InlineData("8", "\\8", "", "0-1")]
    [InlineData("-", "\\-", "", "0-1")]
    [InlineData("z", "\\z", "", "0-1")]
    [InlineData("p{L}", "\\p{L}", "", "0-4")]
    [InlineData("a{,2}", "a{,2}", "", "0-5")]
    [InlineData("a{", "a{", "", "0-2")]
    [InlineData("a{1", "a{1", "", "0-3")]
    [InlineData("]", "]", "", "0-1")]
    [InlineData("}", "}", "", "0-1")]
    [InlineData("aaa", "a{2}", "", "0-2")]
    [InlineData("aaaa", "a{2,3}", "", "0-3")]
    [InlineData("aaaa", "a{2,}", "", "0-4")]
    [InlineData("aaaa", "a{2,3}?", "", "0-2 2-4")]
    [InlineData("aaa", "a+?", "", "0-1 1-2 2-3")]
    [InlineData("a-z", "[a\\-z]", "", "0-1 1-2 2-3")]
    [InlineData("-", "[\\w-z]", "", "0-1")]
    [InlineData("\u0008", "[\\b]", "", "0-1")]
    [InlineData("x", "[\\d-x]", "", "0-1")]
    [InlineData("x", "[\\B]", "", "")]
    [InlineData("\u0011", "[\\c1]", "", "0-1")]
    [InlineData("k", "\\k", "", "0-1")]
    [InlineData("12", "(\\d)(\\d)?", "", "0-2(1,2)")]
    [InlineData("1", "(\\d)(\\d)?", "", "0-1(1,null)")]
    [InlineData("aXbX", "(?:(a)|(b))X", "", "0-2(a,null) 2-4(null,b)")]
    [InlineData("ab", "(?:(a)|(b))+", "", "0-2(null,b)")]
    [InlineData("ab", "((a)|(b))*", "", "0-2(b,null,b)")]
    [InlineData("aab", "(a*)*b", "", "0-3(aa)")]
    [InlineData("b", "(a*)*b", "", "0-1(null)")]
    [InlineData("b", "(a*)+b", "", "0-1()")]
    [InlineData("aaab", "(?:a|ab)(?:c|b)?", "", "0-1 1-2 2-4")]
    [InlineData("abcd", "a|ab|abc", "", "0-1")]
    [InlineData("ab", "(a|ab)(b?)", "", "0-2(a,b)")]
    [InlineData("ab", "(a??)b", "", "0-2(a)")]
    [InlineData("xaby", "ab|x", "", "0-1 1-3")]
    [InlineData("aXb", "a.b", "i", "0-3")]
    [InlineData("John Smith", "(\\w+)\\s(\\w+)", "", "0-10(John,Smith)")]
    [InlineData("ABBA", "a(b{2})a", "i", "0-4(BB)")]
    [InlineData("a/b", "a\\/b", "", "0-3")]
    [InlineData("a", "\\a", "", "0-1")]
    [InlineData("foo", "o(?:)", "", "1-2 2-3")]
    public void Matches_as_ECMAScript_does(string text, string pattern, string flags, string expected) =>
        Assert.Equal(expected, Describe(JsonataRegex.Compile(pattern, flags, 0).Matches(text, new Fuel(100_000))));

    [Theory]
    [InlineData("(", "S0302")]
    [InlineData(")", "S0302")]
    [InlineData("[", "S0302")]
    [InlineData("[z-a]", "S0302")]
    [InlineData("a{2,1}", "S0302")]
    [InlineData("a++", "S0302")]
    [InlineData("a**", "S0302")]
    [InlineData("*", "S0302")]
    [InlineData("{1}", "S0302")]
    [InlineData("^*", "S0302")]
    [InlineData("\\b+", "S0302")]
    [InlineData("(?i)a", "S0302")]
    [InlineData("(?", "S0302")]
    [InlineData("(?<>a)", "S0302")]
    [InlineData("(?<1>a)", "S0302")]
    [InlineData("a\\", "S0302")]
    [InlineData("[a\\", "S0302")]
    [InlineData("", "S0301")]
    [InlineData("a(?=b)", "U1010")]
    [InlineData("a(?!b)", "U1010")]
    [InlineData("(?<=a)b", "U1010")]
    [InlineData("(?<!a)b", "U1010")]
    [InlineData("(a)\\1", "U1010")]
    [InlineData("\\1(a)", "U1010")]
    [InlineData("(?<a>x)\\k<a>", "U1010")]
    public void Refuses_a_pattern(string pattern, string code)
    {
        var error = Assert.Throws<JsonataException>(() => JsonataRegex.Compile(pattern, "", 17));
        Assert.Equal(code, error.Code);
        Assert.Equal(17, error.Position);
    }

    [Theory]
    [InlineData("ii")]
    [InlineData("g")]
    public void Refuses_flags(string flags) => Assert.Equal("S0302", CodeOf(() => JsonataRegex.Compile("a", flags, 0)));

    [Theory]
    [InlineData("abab", "b*")]
    [InlineData("bxx", "b*")]
    [InlineData("abc", "^")]
    [InlineData("ba", "|a")]
    [InlineData("a", "a??")]
    public void A_second_empty_match_is_an_error(string text, string pattern) =>
        Assert.Equal("D1004", CodeOf(() => JsonataRegex.Compile(pattern, "", 0).Matches(text, new Fuel(1000)).Count()));

    [Fact]
    public void Next_goes_on_behind_a_match()
    {
        JsonataRegex regex = JsonataRegex.Compile("b", "", 0);
        var fuel = new Fuel(1000);
        RegexMatch? first = regex.Match("abcb", 0, fuel);
        Assert.NotNull(first);
        RegexMatch? second = regex.Next("abcb", first, fuel);
        Assert.Equal(3, second?.Start);
        Assert.Null(regex.Next("abcb", second ?? first, fuel));
    }

    [Theory]
    [InlineData("(a+)+b")]
    [InlineData("(a|a)*b")]
    [InlineData("(a|aa)+$x")]
    [InlineData("(.*)(.*)(.*)(.*)x")]
    public void Work_grows_with_the_text_and_not_beyond(string pattern)
    {
        long spent(int length)
        {
            var fuel = new Fuel(1_000_000);
            Assert.Null(JsonataRegex.Compile(pattern, "", 0).Match(new string('a', length), 0, fuel));
            return 1_000_000 - fuel.Left;
        }

        Assert.InRange(spent(20_000), spent(10_000), 2 * spent(10_000) + 100);
    }

    [Fact]
    public void Searching_costs_fuel()
    {
        JsonataRegex regex = JsonataRegex.Compile("x", "", 0);
        Assert.Equal(JsonataErrorCodes.FuelExhausted, CodeOf(() => regex.Match(new string('a', 1_000_000), 0, new Fuel(100))));
        Assert.Equal(JsonataErrorCodes.FuelExhausted, CodeOf(() => JsonataRegex.Compile(".*y", "", 0).Match(new string('a', 1_000_000), 0, new Fuel(100))));
    }

    [Fact]
    public void A_pattern_is_at_most_so_long()
    {
        Compile(new string('a', 3999));
        AssertRefused(new string('[', 1) + new string('a', RegexParser.MaxLength - 1) + "]");
        Compile("[" + new string('a', RegexParser.MaxLength - 2) + "]");
    }

    [Fact]
    public void A_pattern_has_at_most_so_many_captures()
    {
        Compile(string.Concat(Enumerable.Repeat("(a)", RegexParser.MaxGroups)));
        AssertRefused(string.Concat(Enumerable.Repeat("(a)", RegexParser.MaxGroups + 1)));
    }

    [Fact]
    public void Groups_are_nested_at_most_so_deep()
    {
        Compile(Nested(RegexParser.MaxNesting - 1));
        AssertRefused(Nested(RegexParser.MaxNesting));
        static string Nested(int depth) => string.Concat(Enumerable.Repeat("(?:", depth)) + "a" + new string(')', depth);
    }

    [Fact]
    public void Repetitions_are_written_out_to_at_most_so_many_steps()
    {
        Compile($"a{{{RegexProgram.MaxInstructions - 1}}}");
        AssertRefused($"a{{{RegexProgram.MaxInstructions}}}");
        AssertRefused("(?:(?:a{1000}){1000}){1000}");
        AssertRefused("a{0,99999999999999999999}");
        Compile("(?:){99999999999999999999}");
    }

    private static void Compile(string pattern) => Assert.NotNull(JsonataRegex.Compile(pattern, "", 0));

    private static void AssertRefused(string pattern) => Assert.Equal(JsonataErrorCodes.RegexRefused, CodeOf(() => Compile(pattern)));

    private static string CodeOf(Func<object?> action) => Assert.Throws<JsonataException>(action).Code;

    private static string CodeOf(Action action) => Assert.Throws<JsonataException>(action).Code;

    private static string Describe(IEnumerable<RegexMatch> matches) => string.Join(' ', matches.Select(match =>
    {
        string groups = string.Join(',', Enumerable.Range(0, match.GroupCount).Select(i => match.Group(i) ?? "null"));
        return $"{match.Start}-{match.End}" + (match.GroupCount > 0 ? $"({groups})" : "");
    }));
}
