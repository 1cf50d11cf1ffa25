namespace Lockstep.Service.Tests.Memory;

/// <summary>Definitions that tests use.</summary>
internal static class Machines
{
    public const string Pass = """{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}""";

    public const string OtherPass = """{"Comment":"other","StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}""";

    public const string Wait = """{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":60,"End":true}}}""";

    public const string Fail = """{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"Sorry","Cause":"No"}}}""";

    public const string Work =
        """{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:local:000000000001:activity:work","End":true}}}""";

    public const string Approval =
        """
        {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:azure:states:::approval:request.waitForTaskToken",
        "Parameters":{"Title":"Ship it?"},"End":true}}}
        """;
}
