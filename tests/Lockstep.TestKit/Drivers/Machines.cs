namespace Lockstep.TestKit.Drivers;

/// <summary>Definitions that several tests run.</summary>
public static class Machines
{
    /// <summary>One Pass state with the result <c>{"done":true}</c>.</summary>
    public const string Pass = """{"StartAt":"A","States":{"A":{"Type":"Pass","Result":{"done":true},"End":true}}}""";

    /// <summary>Waits the <c>seconds</c> of its input.</summary>
    public const string Wait = """{"StartAt":"W","States":{"W":{"Type":"Wait","SecondsPath":"$.seconds","End":true}}}""";

    /// <summary>One call that waits for its token to be answered.</summary>
    public const string Callback = """
        {"StartAt":"C","States":{"C":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken",
        "Parameters":{"FunctionName":"f","Payload":{"token.$":"$$.Task.Token"}},"End":true}}}
        """;

    /// <summary>One task of the activity <c>work</c> of tenant 1: 10 s between heartbeats, 100 s in all.</summary>
    public const string Activity = """
        {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:local:000000000001:activity:work","TimeoutSeconds":100,"HeartbeatSeconds":10,"End":true}}}
        """;

    /// <summary>So many Task states in a row, each calling the function <c>f</c>.</summary>
    public static string Tasks(int count) => Chain(
        count, (name, next) => $$"""
        "{{name}}":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f",{{next}}}
        """);

    /// <summary>So many Pass states in a row.</summary>
    public static string Passes(int count) => Chain(count, (name, next) => $$"""
        "{{name}}":{"Type":"Pass",{{next}}}
        """);

    private static string Chain(int count, Func<string, string, string> state) =>
        $$"""{"StartAt":"S1","States":{"""
        + string.Join(',', Enumerable.Range(1, count).Select(index =>
            state($"S{index}", index == count ? "\"End\":true" : $"\"Next\":\"S{index + 1}\"")))
        + "}}";
}
