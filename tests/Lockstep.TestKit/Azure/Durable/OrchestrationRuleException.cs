namespace Lockstep.TestKit.Azure.Durable;

/// <summary>An orchestrator broke a rule that the real runtime would punish with a failed or hanging instance.</summary>
public sealed class OrchestrationRuleException : Exception
{
    public OrchestrationRuleException()
    {
    }

    public OrchestrationRuleException(string message)
        : base(message)
    {
    }

    public OrchestrationRuleException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
