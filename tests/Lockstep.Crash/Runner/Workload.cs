namespace Lockstep.Crash.Runner;

/// <summary>The machines of the crash test, what they get and what must come out.</summary>
internal static class Workload
{
    public const string ActivityName = "work";

    private const string Function = "arn:aws:lambda:us-east-1:123456789012:function:add";

    private const string Call = $$"""
        "Type":"Task","Resource":"{{Function}}","Parameters":{"x.$":"$.x","execution.$":"$$.Execution.Name","state.$":"$$.State.Name"},"ResultPath":"$.x"
        """;

    /// <summary>Name and definition of each machine.</summary>
    public static IReadOnlyList<(string Name, string Definition)> Machines { get; } =
    [
        ("tasks", $$$"""
            {"StartAt":"A","States":{"A":{{{{Call}}},"Next":"B"},"B":{{{{Call}}},"Next":"C"},"C":{{{{Call}}},"Next":"D"},"D":{{{{Call}}},"End":true} } }
            """),
        ("map", $$$"""
            {"StartAt":"M","States":{"M":{"Type":"Map","ItemsPath":"$.items","MaxConcurrency":4,"ItemSelector":{"x.$":"$$.Map.Item.Value"},
            "ItemProcessor":{"StartAt":"A","States":{"A":{{{{Call}}},"End":true} } },"End":true} } }
            """),
        ("wait", $$$"""
            {"StartAt":"A","States":{"A":{{{{Call}}},"Next":"W"},"W":{"Type":"Wait","Seconds":1,"Next":"B"},"B":{{{{Call}}},"End":true} } }
            """),
        ("callback", """
            {"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken","Parameters":{"FunctionName":"add",
            "Payload":{"x.$":"$.x","execution.$":"$$.Execution.Name","state.$":"$$.State.Name","token.$":"$$.Task.Token"}},"ResultPath":"$.x","End":true}}}
            """),
        ("activity", """
            {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:local:000000000001:activity:work","ResultPath":"$.x","TimeoutSeconds":3,
            "Retry":[{"ErrorEquals":["States.Timeout"],"IntervalSeconds":1,"MaxAttempts":1000,"BackoffRate":1}],"End":true}}}
            """),
        ("nested", """
            {"StartAt":"N","States":{"N":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync:2",
            "Parameters":{"StateMachineArn":"arn:aws:states:local:000000000001:stateMachine:tasks","Input":{"x.$":"$.x"}},
            "ResultSelector":{"x.$":"$.Output.x"},"End":true}}}
            """),
    ];

    public static string InputOf(string machine, int seed) => machine == "map"
        ? $$"""{"items":[{{string.Join(',', Enumerable.Range(seed, 8))}}]}"""
        : $$"""{"x":{{seed}}}""";

    /// <summary>What has to come out.</summary>
    public static string OutputOf(string machine, int seed) => machine switch
    {
        "tasks" or "nested" => $$"""{"x":{{seed + 4}}}""",
        "map" => $"[{string.Join(',', Enumerable.Range(seed, 8).Select(item => $$"""{"x":{{item + 1}}}"""))}]",
        "wait" => $$"""{"x":{{seed + 2}}}""",
        "callback" or "activity" => """{"x":"reported"}""",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
