using System.Security.Cryptography;
using System.Text;
using Lockstep.Asl.Resources;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Targets;

namespace Lockstep.Targets;

/// <summary>Builds the failures of calls: error name, cause within AWS's lengths, and the stage that decides the history event.</summary>
internal static class Failures
{
    /// <summary>Most characters of an error name (Step Functions API, SensitiveError).</summary>
    public const int MaxErrorCharacters = 256;

    /// <summary>Most characters of a cause (Step Functions API, SensitiveCause).</summary>
    public const int MaxCauseCharacters = 32_768;

    /// <summary>A failure of a call.</summary>
    public static TaskRefused Of(TaskInvocation invocation, string error, string cause) =>
        new(Cut(error, MaxErrorCharacters), Cut(cause, MaxCauseCharacters), StageOf(invocation.Resource));

    /// <summary>The answer is larger than a payload may be; by AWS's text, which names a function by its ARN and a service by its name.</summary>
    public static TaskRefused TooLarge(TaskInvocation invocation)
    {
        string name = invocation.Resource.Kind == ResourceKind.Service ? invocation.Resource.Service : invocation.Resource.Text;
        return Of(
            invocation,
            "States.DataLimitExceeded",
            $"The state/task '{name}' returned a result with a size exceeding the maximum number of bytes service limit.");
    }

    /// <summary>A parameter is absent or of the wrong kind.</summary>
    public static TaskRefused BadParameter(TaskInvocation invocation, string what) =>
        Of(invocation, "States.Runtime", $"The parameters of '{invocation.Resource.Text}' cannot be used: {what}");

    /// <summary>The id that stands for the request in metadata and causes: the same when a crash repeats the call.</summary>
    public static string RequestIdOf(TaskInvocation invocation)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(invocation.IdempotencyKey), hash);
        return new Guid(hash[..16]).ToString();
    }

    private static TaskFailureStage StageOf(TaskResource resource) =>
        resource.Pattern == IntegrationPattern.RequestResponse ? TaskFailureStage.Run : TaskFailureStage.Submit;

    private static string Cut(string text, int most)
    {
        if (text.Length <= most)
        {
            return text;
        }

        int length = char.IsHighSurrogate(text[most - 1]) ? most - 1 : most;
        return text[..length];
    }
}
