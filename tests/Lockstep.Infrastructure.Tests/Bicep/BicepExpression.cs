namespace Lockstep.Infrastructure.Tests.Bicep;

/// <summary>An expression as the tokens it is written with, and, when it is an object or has one as its body, that object.</summary>
internal sealed record BicepExpression(IReadOnlyList<BicepToken> Tokens)
{
    /// <summary>The object this expression is; of <c>if (…) {…}</c> and <c>[for …: {…}]</c> the body. Null for everything else.</summary>
    public BicepObject? Object { get; } = BicepParser.BodyOf(Tokens);

    /// <summary>The tokens with one space between them: for messages and for comparing what is written on one line.</summary>
    public override string ToString() => string.Join(' ', Tokens.Where(token => token.Kind != BicepTokenKind.NewLine).Select(token => token.Text));

    /// <summary>What the string says, when this is one without interpolation.</summary>
    public string? Literal =>
        Tokens is [{ Kind: BicepTokenKind.Text } text] && !BicepLexer.Interpolations(text).Any() ? text.Content : null;

    /// <summary>The strings of an array of strings, or the one string.</summary>
    public IEnumerable<string> Literals =>
        Tokens.Where(token => token.Kind == BicepTokenKind.Text).Select(token => token.Content);
}

/// <summary>An object literal: its properties in the order of the file, and the resources declared within it.</summary>
internal sealed record BicepObject(IReadOnlyList<KeyValuePair<string, BicepExpression>> Properties, IReadOnlyList<BicepDeclaration> Resources)
{
    /// <summary>The value of a property, or null; a path such as <c>properties.sku.name</c> leads through nested objects.</summary>
    public BicepExpression? this[string path]
    {
        get
        {
            string[] parts = path.Split('.', 2);
            BicepExpression? value = Properties.FirstOrDefault(property => property.Key == parts[0]).Value;
            return parts.Length == 1 ? value : value?.Object?[parts[1]];
        }
    }

    /// <summary>The names of the properties.</summary>
    public IEnumerable<string> Names => Properties.Select(property => property.Key);
}

/// <summary>A statement that declares something: <c>param</c>, <c>var</c>, <c>resource</c>, <c>module</c>, <c>output</c>.</summary>
/// <param name="Keyword">One of these words.</param>
/// <param name="Name">The symbol, or the name of the output.</param>
/// <param name="Type">The type of a param or output, the <c>type@version</c> of a resource, the path of a module; empty for a var.</param>
/// <param name="IsExisting">Whether a resource is only referred to.</param>
/// <param name="Value">What follows <c>=</c>; null for a param without a default.</param>
/// <param name="Decorators">The names of the decorators above it.</param>
/// <param name="Line">Where it begins, counted from 1.</param>
internal sealed record BicepDeclaration(
    string Keyword, string Name, string Type, bool IsExisting, BicepExpression? Value, IReadOnlyList<string> Decorators, int Line)
{
    /// <summary>The object of the value, which a resource and a module always have.</summary>
    public BicepObject Body => Value?.Object ?? throw new InvalidDataException($"{Keyword} {Name} (line {Line}) has no body.");
}
