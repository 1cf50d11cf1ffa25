namespace Lockstep.Api.Wire;

/// <summary>A refusal as the Step Functions protocol spells it.</summary>
/// <param name="Type">The name of the exception, without a namespace.</param>
/// <param name="Message">What was wrong, in the words of Step Functions where it has some. No secrets.</param>
/// <param name="Status">The HTTP status.</param>
public sealed record WireError(string Type, string Message, int Status = 400)
{
    /// <summary>The <c>reason</c> of a ValidationException; null for none.</summary>
    public string? Reason { get; init; }

    /// <summary>The <c>resourceName</c> of ResourceNotFound and TooManyTags; null for none.</summary>
    public string? ResourceName { get; init; }
}
