using Lockstep.Engine.Commands;
using Lockstep.Engine.History;
using Lockstep.Engine.Stimuli;
using Lockstep.Engine.Tests.Support;
using Lockstep.Json;
using Lockstep.TestKit.Drivers;
using Machines = Lockstep.Engine.Tests.Support.Machines;

namespace Lockstep.Engine.Tests.Golden;

/// <summary>The comparison that says whether two drivers agree has to see every difference but the order of branches.</summary>
public sealed class HistoryComparisonTests
{
    private const string Definition = """
        {"StartAt":"M","States":{"M":{"Type":"Map","ItemsPath":"$","ItemProcessor":{"StartAt":"T","States":{
          "T":{"Type":"Task","Resource":"arn:aws:lambda:local:000000000001:function:f","Next":"P"},"P":{"Type":"Pass","End":true}}},"Next":"D"},
        "D":{"Type":"Pass","End":true}}}
        """;

    [Fact]
    public void TheOrderOfBranchesMakesNoDifference()
    {
        IReadOnlyList<HistoryEvent> one = HistoryOf(reverse: false, "1"), other = HistoryOf(reverse: true, "1");
        Assert.NotEqual(one, other);
        Assert.Null(HistoryComparison.FirstDifference(one, other, []));
    }

    [Fact]
    public void WhatABranchShowsDoes()
    {
        string? difference = HistoryComparison.FirstDifference(HistoryOf(reverse: false, "1"), HistoryOf(reverse: true, "2"), []);
        Assert.Contains("\"output\":\"2\"", difference, StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingEventDoes()
    {
        IReadOnlyList<HistoryEvent> whole = HistoryOf(reverse: false, "1");
        Assert.Contains("nothing", HistoryComparison.FirstDifference(whole, [.. whole.SkipLast(1)], []), StringComparison.Ordinal);
        Assert.Contains("nothing", HistoryComparison.FirstDifference([.. whole.SkipLast(1)], whole, []), StringComparison.Ordinal);
    }

    [Fact]
    public void TokensUuidsAndDatesAreMasked() => Assert.Equal(
        "a <token> b <uuid> c <date>",
        HistoryComparison.Mask("a secret b 01234567-89ab-cdef-0123-456789abcdef c 2026-01-02T03:04:05.678Z", ["secret"]));

    private static List<HistoryEvent> HistoryOf(bool reverse, string lastOutput)
    {
        var run = new Run(Machines.Load(Definition));
        run.Start("[10,20,30]");
        InvokeTask[] calls = [.. run.Commands.OfType<InvokeTask>()];
        foreach (InvokeTask call in reverse ? calls.Reverse() : calls)
        {
            run.Send(new TaskSucceeded(run.Now, call.Id, ReferenceEquals(call, calls[^1]) ? JsonValue.Parse(lastOutput) : call.Parameters));
        }

        return run.History;
    }
}
