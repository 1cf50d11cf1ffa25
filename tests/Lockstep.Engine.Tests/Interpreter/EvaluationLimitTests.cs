using Lockstep.Engine.Tests.Support;

namespace Lockstep.Engine.Tests.Interpreter;

/// <summary>The limits of expressions that an execution keeps from its start, at the limit and one beyond.</summary>
public sealed class EvaluationLimitTests
{
    [Theory]
    [InlineData(5, null)]
    [InlineData(4, "States.IntrinsicFailure")]
    public void RangeElements(int limit, string? error) => AssertFails(
        "States.ArrayRange(1, 5, 1)", new ExecutionLimits { MaxRangeElements = limit }, error);

    [Theory]
    [InlineData("States.Base64Encode('abcd')", 4, null)]
    [InlineData("States.Base64Encode('abcd')", 3, "States.IntrinsicFailure")]
    [InlineData("States.Base64Decode('abcd')", 4, null)]
    [InlineData("States.Base64Decode('abcd')", 3, "States.IntrinsicFailure")]
    [InlineData("States.Hash('abcd', 'MD5')", 4, null)]
    [InlineData("States.Hash('abcd', 'MD5')", 3, "States.IntrinsicFailure")]
    public void EncodedCharacters(string call, int limit, string? error) => AssertFails(
        call, new ExecutionLimits { MaxEncodedCharacters = limit }, error);

    // The path costs 10 units on this input: containers are searched and their children selected.
    [Theory]
    [InlineData(10, null)]
    [InlineData(9, "States.Runtime")]
    public void FieldWork(int limit, string? error) => AssertFails(
        "$..*", new ExecutionLimits { MaxFieldWork = limit }, error);

    [Theory]
    [InlineData(12, null)]
    [InlineData(11, "States.DataLimitExceeded")]
    public void ComputedBytes(int limit, string? error) => AssertFails(
        "States.Format('12345{}', '67890')", new ExecutionLimits { MaxComputedBytes = limit }, error);

    [Fact]
    public void FunctionsMayComputeMoreThan256KiBWhenThePayloadMay()
    {
        var run = new Run(Machines.Load(
            """{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"x.$":"States.Format('{}{}', $.a, $.a)"},"End":true}}}"""));
        run.Start($$"""{"a":"{{new string('a', 200_000)}}"}""", new ExecutionLimits { MaxPayloadBytes = 500_000, MaxComputedBytes = 500_000 });

        Assert.Equal(ExecutionStatus.Succeeded, run.State.Status);
    }

    private static void AssertFails(string expression, ExecutionLimits limits, string? error)
    {
        var run = new Run(Machines.Load(
            """{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"x.$":"EXPRESSION"},"End":true}}}"""
                .Replace("EXPRESSION", expression, StringComparison.Ordinal)));
        run.Start("""{"list":[1,2,3]}""", limits);

        Assert.Equal(error, run.Finished?.Error);
        Assert.Equal(error is null ? ExecutionStatus.Succeeded : ExecutionStatus.Failed, run.State.Status);
    }
}
