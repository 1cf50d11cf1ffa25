using System.Diagnostics.CodeAnalysis;
using Lockstep.Asl.Evaluation;
using Lockstep.Json;

namespace Lockstep.Asl.Tests;

/// <summary>A scope with everything given, and random numbers that count up.</summary>
internal sealed class TestScope(JsonValue input, JsonValue? context = null) : EvaluationScope
{
    private ulong _random;

    public override JsonValue Input => input;

    public override JsonValue Context => context ?? JsonObject.Empty;

    public Dictionary<string, JsonValue> Variables { get; } = [];

    public int Limit { get; init; } = 256 * 1024;

    public int WorkLimit { get; init; } = 10_000_000;

    public int RangeLimit { get; init; } = 1_000;

    public int EncodingLimit { get; init; } = 10_000;

    public JsonValue? StateResult { get; init; }

    public JsonValue? StateError { get; init; }

    public int Fuel { get; init; } = 1_000_000;

    public override JsonValue? Result => StateResult;

    public override JsonValue? ErrorOutput => StateError;

    public override DateTimeOffset Now => DateTimeOffset.UnixEpoch.AddDays(1);

    public override int MaxExpressionFuel => Fuel;

    public override int MaxExpressionDepth => 300;

    public override int MaxValueBytes => Limit;

    public override int MaxWork => WorkLimit;

    public override int MaxRangeElements => RangeLimit;

    public override int MaxEncodedCharacters => EncodingLimit;

    public override bool TryGetVariable(string name, [MaybeNullWhen(false)] out JsonValue value) => Variables.TryGetValue(name, out value);

    public override ulong NextRandom() => _random += 0x9E3779B97F4A7C15;
}
