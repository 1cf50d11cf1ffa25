namespace Lockstep.Jsonata.RegularExpressions;

/// <summary>The tree of a pattern; a closed hierarchy.</summary>
internal abstract record RegexNode
{
    /// <summary>Whether it can match without reading a character.</summary>
    public abstract bool CanBeEmpty { get; }
}

/// <summary>One character of a set.</summary>
internal sealed record CharacterNode(CharacterSet Set) : RegexNode
{
    public override bool CanBeEmpty => false;
}

/// <summary>A condition on a place in the text.</summary>
internal sealed record AssertionNode(RegexOperation Kind) : RegexNode
{
    public override bool CanBeEmpty => true;
}

/// <summary>One after the other.</summary>
internal sealed record SequenceNode(IReadOnlyList<RegexNode> Items) : RegexNode
{
    public override bool CanBeEmpty { get; } = Items.All(item => item.CanBeEmpty);
}

/// <summary>The first that leads to a match.</summary>
internal sealed record AlternativesNode(IReadOnlyList<RegexNode> Items) : RegexNode
{
    public override bool CanBeEmpty { get; } = Items.Any(item => item.CanBeEmpty);
}

/// <summary>A group whose text is kept, counted from 1.</summary>
internal sealed record CaptureNode(int Number, RegexNode Inner) : RegexNode
{
    public override bool CanBeEmpty => Inner.CanBeEmpty;
}

/// <summary>Several times the same; captures FirstCapture to LastCapture lie inside and are forgotten with each new round.</summary>
internal sealed record RepeatNode(RegexNode Inner, int Min, int Max, bool Greedy, int FirstCapture, int LastCapture) : RegexNode
{
    /// <summary>The value of <see cref="Max"/> without a bound.</summary>
    public const int Unbounded = int.MaxValue;

    public override bool CanBeEmpty { get; } = Min == 0 || Inner.CanBeEmpty;
}
