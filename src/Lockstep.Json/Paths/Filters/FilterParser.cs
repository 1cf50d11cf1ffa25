using System.Collections.Frozen;

namespace Lockstep.Json.Paths.Filters;

/// <summary>Parses the test of a filter: <c>||</c> binds weakest, then <c>&amp;&amp;</c>, then <c>!</c>, then relations.</summary>
internal sealed class FilterParser
{
    /// <summary>Longest first where one begins another.</summary>
    private static readonly (string Text, FilterOperator Operator)[] Symbols =
    [
        ("==", FilterOperator.Equal),
        ("!=", FilterOperator.NotEqual),
        ("<=", FilterOperator.LessOrEqual),
        (">=", FilterOperator.GreaterOrEqual),
        ("=~", FilterOperator.Matches),
        ("<", FilterOperator.Less),
        (">", FilterOperator.Greater),
    ];

    private static readonly FrozenDictionary<string, FilterOperator> Words = new Dictionary<string, FilterOperator>
    {
        ["in"] = FilterOperator.In,
        ["nin"] = FilterOperator.NotIn,
        ["subsetof"] = FilterOperator.SubsetOf,
        ["anyof"] = FilterOperator.AnyOf,
        ["noneof"] = FilterOperator.NoneOf,
        ["all"] = FilterOperator.All,
        ["contains"] = FilterOperator.Contains,
        ["size"] = FilterOperator.Size,
        ["empty"] = FilterOperator.Empty,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Stands for what could not be parsed; the cursor then has an error, and nobody evaluates it.</summary>
    private static readonly FilterExpression Nothing = new AnyOf([]);

    private readonly PathCursor _cursor;

    private FilterParser(PathCursor cursor) => _cursor = cursor;

    /// <summary>Parses from after the question mark up to what does not belong to the test.</summary>
    public static FilterExpression Parse(PathCursor cursor) => new FilterParser(cursor).ReadOr();

    private FilterExpression ReadOr()
    {
        if (!_cursor.Enter())
        {
            return Nothing;
        }

        var terms = new List<FilterExpression>();
        do
        {
            terms.Add(ReadAnd());
            _cursor.SkipSpace();
        }
        while (!_cursor.Failed && _cursor.TryTake("||"));
        _cursor.Leave();
        return terms.Count == 1 ? terms[0] : new AnyOf([.. terms]);
    }

    private FilterExpression ReadAnd()
    {
        var terms = new List<FilterExpression>();
        do
        {
            terms.Add(ReadTerm());
            _cursor.SkipSpace();
        }
        while (!_cursor.Failed && _cursor.TryTake("&&"));
        return terms.Count == 1 ? terms[0] : new AllOf([.. terms]);
    }

    private FilterExpression ReadTerm()
    {
        bool negated = false;
        _cursor.SkipSpace();
        while (_cursor.TryTake('!'))
        {
            negated = !negated;
            _cursor.SkipSpace();
        }

        FilterExpression term;
        if (_cursor.TryTake('('))
        {
            term = ReadOr();
            _cursor.Expect(')');
        }
        else
        {
            term = ReadRelation();
        }

        return negated ? new Not(term) : term;
    }

    private FilterExpression ReadRelation()
    {
        int start = _cursor.At;
        FilterOperand? left = OperandParser.Read(_cursor);
        _cursor.SkipSpace();
        if (left is null || _cursor.Failed)
        {
            return Nothing;
        }

        if (!TryReadOperator(out FilterOperator operation))
        {
            if (left is PathOperand path)
            {
                return new Exists(path);
            }

            _cursor.At = start;
            _cursor.Fail("A value must be compared with something.");
            return Nothing;
        }

        _cursor.SkipSpace();
        FilterOperand? right = OperandParser.Read(_cursor);
        if (right is not null && (operation == FilterOperator.Matches) != (left is PatternOperand ^ right is PatternOperand))
        {
            _cursor.Fail("A pattern stands on one side of '=~', and nowhere else.");
        }

        return right is null ? Nothing : new Relation(left, operation, right);
    }

    private bool TryReadOperator(out FilterOperator operation)
    {
        foreach ((string text, FilterOperator symbol) in Symbols)
        {
            if (_cursor.TryTake(text))
            {
                operation = symbol;
                return true;
            }
        }

        int length = _cursor.Rest.IndexOfAnyExceptInRange('A', 'z');
        ReadOnlySpan<char> word = length < 0 ? _cursor.Rest : _cursor.Rest[..length];
        if (!Words.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(word, out operation))
        {
            return false;
        }

        _cursor.At += word.Length;
        return true;
    }
}
