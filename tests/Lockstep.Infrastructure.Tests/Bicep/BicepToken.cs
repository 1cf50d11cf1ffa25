namespace Lockstep.Infrastructure.Tests.Bicep;

/// <summary>What a token is.</summary>
internal enum BicepTokenKind
{
    Identifier,
    Number,
    Text,
    Symbol,
    NewLine,
}

/// <summary>A token of a Bicep file. Comments are dropped; the text of a string keeps its quotes and its interpolations.</summary>
internal readonly record struct BicepToken(BicepTokenKind Kind, string Text, int Line)
{
    /// <summary>Whether this is that symbol.</summary>
    public bool Is(string symbol) => Kind == BicepTokenKind.Symbol && Text == symbol;

    /// <summary>Whether this is that word.</summary>
    public bool IsWord(string word) => Kind == BicepTokenKind.Identifier && Text == word;

    /// <summary>What a string without interpolation says.</summary>
    public string Content => Text.StartsWith("'''", StringComparison.Ordinal) ? Text[3..^3] : Text[1..^1].Replace("\\'", "'", StringComparison.Ordinal);
}
