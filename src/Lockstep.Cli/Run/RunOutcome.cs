using System.Diagnostics;
using System.Globalization;
using Lockstep.Cli.Definitions;
using Lockstep.Engine;
using Lockstep.Json;
using Lockstep.Service.Executions;

namespace Lockstep.Cli.Run;

/// <summary>How an execution ended, and the state that it failed in.</summary>
/// <param name="Definition">The file that ran.</param>
/// <param name="Execution">The execution as it ended.</param>
/// <param name="FailedState">The state whose failure ended it; null when there is none, as for Express.</param>
internal sealed record RunOutcome(DefinitionFile Definition, ExecutionRecord Execution, string? FailedState)
{
    /// <summary>The exit code that tells the outcome.</summary>
    public ExitCode ExitCode => Execution.Status switch
    {
        ExecutionStatus.Succeeded => ExitCode.Success,
        ExecutionStatus.Failed => ExitCode.ExecutionFailed,
        ExecutionStatus.TimedOut => ExitCode.ExecutionTimedOut,
        ExecutionStatus.Aborted => ExitCode.ExecutionAborted,
        _ => throw new UnreachableException($"The execution is {Execution.Status} although it has ended."),
    };

    private string StatusWord => Execution.Status switch
    {
        ExecutionStatus.Succeeded => "SUCCEEDED",
        ExecutionStatus.Failed => "FAILED",
        ExecutionStatus.TimedOut => "TIMED_OUT",
        ExecutionStatus.Aborted => "ABORTED",
        _ => throw new UnreachableException($"The execution is {Execution.Status} although it has ended."),
    };

    /// <summary>Writes the result to standard output and, when it failed, the reason and the place to standard error.</summary>
    public void Write(TextWriter output, TextWriter error, bool json)
    {
        if (json)
        {
            output.WriteLine(ToJson());
        }
        else if (Execution.Output is { } result)
        {
            output.WriteLine(result);
        }

        if (Execution.Status != ExecutionStatus.Succeeded)
        {
            Explain(error);
        }
    }

    private void Explain(TextWriter error)
    {
        string reason = Execution switch
        {
            { Error: { } name, Cause: { Length: > 0 } cause } => $": {name}: {cause}",
            { Error: { } name } => $": {name}",
            { Cause: { Length: > 0 } cause } => $": {cause}",
            _ => "",
        };
        if (Place() is { } place)
        {
            error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Definition.Path}:{place.Line}:{place.Column}: {StatusWord} in state {FailedState}{reason}"));
            foreach (string line in SourcePlace.Render(Definition.Text, place.Line, place.Column))
            {
                error.WriteLine(line);
            }
        }
        else
        {
            error.WriteLine($"{Definition.Path}: {StatusWord}{reason}");
        }
    }

    private JsonPosition? Place() =>
        FailedState is { } state
        && StatePlace.PointerOf(Definition.Utf8, state) is { } pointer
        && JsonLocator.TryLocate(Definition.Utf8, pointer, out JsonPosition position, key: true)
            ? position
            : null;

    private JsonObject ToJson()
    {
        JsonObjectBuilder outcome = new JsonObjectBuilder().Add("status", JsonString.Of(StatusWord));
        if (Execution.Output is { } output)
        {
            outcome.Add("output", JsonValue.Parse(output));
        }

        if (Execution.Error is { } error)
        {
            outcome.Add("error", JsonString.Of(error));
        }

        if (Execution.Cause is { } cause)
        {
            outcome.Add("cause", JsonString.Of(cause));
        }

        if (FailedState is { } state)
        {
            outcome.Add("state", JsonString.Of(state));
            if (Place() is { } place)
            {
                outcome.Add("line", JsonNumber.Of(place.Line)).Add("column", JsonNumber.Of(place.Column));
            }
        }

        return outcome.Build();
    }
}
