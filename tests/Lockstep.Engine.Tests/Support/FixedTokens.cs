namespace Lockstep.Engine.Tests.Support;

/// <summary>Tokens that show what they were made of.</summary>
internal sealed class FixedTokens : ITaskTokenIssuer
{
    public static FixedTokens Instance { get; } = new();

    public string Issue(ExecutionIdentity execution, CommandId task) => $"token-{execution.ExecutionName}-{task}";
}
