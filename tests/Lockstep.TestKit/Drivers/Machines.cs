namespace Lockstep.Embedded.Tests.Support;

/// <summary>Definitions that several tests run.</summary>
internal static class Machines
{
    public const string Pass = """{"StartAt":"A","States":{"A":{"Type":"Pass","Result":{"done":true},"End":true}}}""";

    public const string Wait = """{"StartAt":"W","States":{"W":{"Type":"Wait","SecondsPath":"$.seconds","End":true}}}""";

    public const string Callback = """
        {"StartAt":"C","States":{"C":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken",
        "Parameters":{"FunctionName":"f","Payload":{"token.$":"$$.Task.Token"}},"End":true}}}
        """;

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
