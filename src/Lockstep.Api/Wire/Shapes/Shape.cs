using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Lockstep.Service.Limits;

namespace Lockstep.Api.Wire.Shapes;

/// <summary>What a value of a request has to be: its JSON type and the constraints that the service's model has. The set is closed.</summary>
public abstract record Shape
{
    /// <summary>Whether messages leave the value out, because it may be secret.</summary>
    public bool IsSensitive { get; init; }
}

/// <summary>A string.</summary>
/// <param name="Min">Characters at least; null for no bound.</param>
/// <param name="Max">Characters at most; null for no bound.</param>
public sealed record TextShape(int? Min, int? Max) : Shape
{
    /// <summary>The limit of the service that stands in for <see cref="Max"/>, where the operator may choose it.</summary>
    public Func<ServiceLimits, int>? MaxOfService { get; init; }

    /// <summary>What the whole text has to match; null for anything.</summary>
    public Regex? Pattern { get; init; }

    /// <summary>The pattern as the service's messages show it.</summary>
    public string PatternText { get; init; } = "";

    /// <summary>The only values that are allowed; empty for any.</summary>
    public ImmutableArray<string> Values { get; init; } = [];
}

/// <summary>A whole number.</summary>
/// <param name="Min">The least; null for no bound.</param>
/// <param name="Max">The greatest; null for no bound.</param>
public sealed record IntegerShape(long? Min, long? Max) : Shape;

/// <summary>A number.</summary>
/// <param name="Min">The least.</param>
/// <param name="Max">The greatest.</param>
public sealed record NumberShape(double Min, double Max) : Shape;

/// <summary>True or false.</summary>
public sealed record BooleanShape : Shape;

/// <summary>A list.</summary>
/// <param name="Item">Its items.</param>
/// <param name="Min">Items at least; null for no bound.</param>
/// <param name="Max">Items at most; null for no bound.</param>
public sealed record ListShape(Shape Item, int? Min, int? Max) : Shape;

/// <summary>An object with members that are known. Others are ignored, as Step Functions ignores them.</summary>
public sealed record StructureShape(params ImmutableArray<ShapeMember> Members) : Shape;

/// <summary>A member of a structure.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">What it has to be.</param>
/// <param name="IsRequired">Whether it has to be there and not null.</param>
public sealed record ShapeMember(string Name, Shape Shape, bool IsRequired = false);
