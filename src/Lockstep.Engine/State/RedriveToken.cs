namespace Lockstep.Engine.State;

/// <summary>A client token with which an execution was redriven: the same token again means the same request.</summary>
/// <param name="Token">The token.</param>
/// <param name="Time">When the execution was redriven with it.</param>
public sealed record RedriveToken(string Token, DateTimeOffset Time);
