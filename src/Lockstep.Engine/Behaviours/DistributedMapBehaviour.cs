using System.Diagnostics;
using System.Globalization;
using Lockstep.Asl;
using Lockstep.Asl.Compiled;
using Lockstep.Asl.Evaluation;
using Lockstep.Engine.Commands;
using Lockstep.Engine.Failures;
using Lockstep.Engine.History;
using Lockstep.Engine.MapRuns;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;
using Lockstep.Engine.Turns;
using Lockstep.Json;

namespace Lockstep.Engine.Behaviours;

/// <summary>
/// Map (DISTRIBUTED): evaluates what its map run needs, starts it as an execution of its own, and waits for its end. The map run drives the iterations,
/// each again an execution; of them this execution's history shows nothing.
/// </summary>
internal static class DistributedMapBehaviour
{
    /// <summary>Starts an attempt: the first after the state was entered, or a retry. Each has a map run of its own.</summary>
    public static void Attempt(Turn turn, LiveFrame frame, CompiledMap state, JsonValue effective)
    {
        DistributedMapFields fields = state.Distributed ?? throw new InvalidOperationException("A Map state in DISTRIBUTED mode has no fields of it.");
        JsonArray? items = null;
        JsonValue? selected = null;
        if (fields.Reader is null && !MapBehaviour.TryItems(turn, frame, state, effective, out selected, out items))
        {
            return;
        }

        turn.Emit(frame, HistoryEventType.MapStateStarted, new MapStateStartedDetails(items?.Count ?? 0));
        var request = new JsonObjectBuilder();
        if (items is not null)
        {
            request.Add("Items", items);
            if (selected is JsonObject)
            {
                request.Add("Members", JsonBoolean.True);
            }
        }

        if (!TryAddSettings(turn, frame, state, fields, effective, request)
            || !TryAddSource(turn, frame, fields.Reader, effective, request)
            || !TryAddBatches(turn, frame, fields.Batcher, effective, request)
            || !TryAddValue(turn, frame, fields.Writer?.Parameters, effective, "Destination", request))
        {
            return;
        }

        if (state.Parameters is not null)
        {
            request.Add("Input", effective);
            request.Add("Context", ContextObject.Build(turn, frame, item: null, taskToken: null));
            request.Add("Variables", VisibleVariables(turn, frame));
        }

        Start(turn, frame, state, fields.Label, request);
    }

    /// <summary>Redrives the map run that a redriven execution waited for. Where it had not been started, that is its start.</summary>
    public static void Redrive(Turn turn, LiveFrame frame, InvokeTask before)
    {
        var request = new MapRunRequest(before.Parameters as JsonObject ?? throw new InvalidOperationException("The request for a map run is malformed."));
        int redrives = request.Redrives + 1;
        turn.Emit(frame, HistoryEventType.MapRunRedriven, new MapRunRedrivenDetails(request.Arn, redrives));
        Call(turn, frame, request.Redriven(redrives).Json);
    }

    /// <summary>Takes in what happened to the map run.</summary>
    public static void Settle(Turn turn, LiveFrame frame, CompiledMap state, CallingTask calling, Stimulus outcome)
    {
        switch (outcome)
        {
            case TaskSubmitted:
                frame.Occupation = calling with { Submitted = true };
                break;
            case TaskSucceeded succeeded:
                turn.Forget(calling.Command.Id);
                Succeed(turn, frame, state, succeeded.Output);
                break;
            case TaskFailed failed:
                turn.Forget(calling.Command.Id);
                turn.Emit(frame, HistoryEventType.MapRunFailed, new ErrorDetails(failed.Error, failed.Cause));
                if (IsOfData(failed.Error))
                {
                    frame.Occupation = Entering.Instance;
                }

                FailureRules.Fail(turn, frame, new Failure(new StatesError(failed.Error, failed.Cause), FailureOrigin.State));
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Whether a map run failed for what its data are: another attempt with the same ends the same, so a redrive starts a new one, as AWS does.</summary>
    private static bool IsOfData(string? error) =>
        error is StatesErrorNames.DataLimitExceeded or StatesErrorNames.Runtime or StatesErrorNames.QueryEvaluationError;

    private static void Succeed(Turn turn, LiveFrame frame, CompiledMap state, JsonValue output)
    {
        // From here on the map run is done: what fails now leaves none to redrive.
        frame.Occupation = Entering.Instance;
        if (turn.IsOversized(output))
        {
            FailureRules.FailOversized(turn, frame);
            return;
        }

        // The exit follows the end of the map run, in a JSONata state its start, and never the success of the state: so does AWS link them.
        long started = frame.PreviousEventId;
        turn.Emit(frame, HistoryEventType.MapRunSucceeded, null);
        turn.Emit(frame.PreviousEventId, HistoryEventType.MapStateSucceeded, null);
        frame.PreviousEventId = state.QueryLanguage == QueryLanguage.Jsonata ? started : frame.PreviousEventId;
        turn.Spend(output.Utf8Length);
        DataFlow.AcceptResult(turn, frame, state, output);
    }

    private static void Start(Turn turn, LiveFrame frame, CompiledMap state, string? label, JsonObjectBuilder request)
    {
        string name = NewName(turn);
        label ??= string.Create(CultureInfo.InvariantCulture, $"map-{state.Index}");
        string arn = ArnOf(turn.Identity, label, name);
        JsonObject parameters = request
            .Add("MapRunArn", JsonString.Of(arn))
            .Add("Name", JsonString.Of(name))
            .Add("Label", JsonString.Of(label))
            .Add("MapState", JsonNumber.Of(state.Index))
            .Build();
        turn.Emit(frame, HistoryEventType.MapRunStarted, new MapRunStartedDetails(arn));
        Call(turn, frame, parameters);
    }

    private static void Call(Turn turn, LiveFrame frame, JsonObject parameters)
    {
        turn.Spend(parameters.Utf8Length);
        string name = turn.StateOf(frame).Name;
        var command = new InvokeTask(turn.NextCommandId, MapRunResources.Run, name, parameters, frame.Retries.Total, null, null, null)
        {
            EnteredEventId = frame.EnteredEventId,
            ScheduledTime = turn.Now,
        };
        turn.Issue(frame, command);
        frame.Occupation = new CallingTask(command, Timeout: null, Submitted: false, Taken: false, EarlyOutcome: null);
    }

    private static bool TryAddSettings(
        Turn turn, LiveFrame frame, CompiledMap state, DistributedMapFields fields, JsonValue effective, JsonObjectBuilder request) =>
        TryAddNumber(turn, frame, state.MaxConcurrency, effective, "MaxConcurrency", request)
        && TryAddNumber(turn, frame, fields.ToleratedFailureCount, effective, "ToleratedFailureCount", request)
        && TryAddNumber(turn, frame, fields.ToleratedFailurePercentage, effective, "ToleratedFailurePercentage", request);

    private static bool TryAddSource(Turn turn, LiveFrame frame, ItemReaderFields? reader, JsonValue effective, JsonObjectBuilder request)
    {
        if (reader is null)
        {
            return true;
        }

        if (reader.Parameters is null)
        {
            request.Add("Source", JsonObject.Empty);
        }

        return TryAddValue(turn, frame, reader.Parameters, effective, "Source", request)
            && TryAddNumber(turn, frame, reader.MaxItems, effective, "MaxItems", request);
    }

    private static bool TryAddBatches(Turn turn, LiveFrame frame, ItemBatcherFields? batcher, JsonValue effective, JsonObjectBuilder request) =>
        batcher is null
        || (TryAddNumber(turn, frame, batcher.MaxItemsPerBatch, effective, "MaxItemsPerBatch", request)
            && TryAddNumber(turn, frame, batcher.MaxInputBytesPerBatch, effective, "MaxInputBytesPerBatch", request)
            && TryAddValue(turn, frame, batcher.BatchInput, effective, "BatchInput", request));

    private static bool TryAddNumber(
        Turn turn, LiveFrame frame, ValueExpression? expression, JsonValue effective, string name, JsonObjectBuilder request) =>
        TryAddValue(turn, frame, expression, effective, name, request);

    private static bool TryAddValue(
        Turn turn, LiveFrame frame, ValueExpression? expression, JsonValue effective, string name, JsonObjectBuilder request)
    {
        if (expression is null)
        {
            return true;
        }

        if (!DataFlow.TryEvaluate(turn, frame, expression, effective, out JsonValue? value))
        {
            return false;
        }

        if (turn.IsOversized(value))
        {
            FailureRules.FailOversized(turn, frame);
            return false;
        }

        request.Add(name, value);
        return true;
    }

    /// <summary>Every variable that the frame sees, the inner ones before those of the same name around them.</summary>
    private static JsonObject VisibleVariables(Turn turn, LiveFrame frame)
    {
        var visible = new JsonObjectBuilder();
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (LiveFrame? at = frame; at is not null; at = turn.ParentOf(at))
        {
            foreach (JsonProperty variable in at.Variables)
            {
                if (names.Add(variable.Name))
                {
                    visible.Add(variable.Name, variable.Value);
                }
            }
        }

        return visible.Build();
    }

    /// <summary>A name that no other map run has: of random numbers, written as AWS writes its names.</summary>
    private static string NewName(Turn turn)
    {
        string digits = turn.NextRandom().ToString("x16", CultureInfo.InvariantCulture) + turn.NextRandom().ToString("x16", CultureInfo.InvariantCulture);
        return $"{digits[..8]}-{digits[8..12]}-{digits[12..16]}-{digits[16..20]}-{digits[20..]}";
    }

    private static string ArnOf(ExecutionIdentity identity, string label, string name)
    {
        // arn:partition:states:region:account:stateMachine:machine, where the machine of a child has the label of its own map run behind a slash.
        string[] parts = identity.StateMachineArn.Split(':');
        string machine = identity.StateMachineName.Split('/')[0];
        return $"{string.Join(':', parts[..5])}:mapRun:{machine}/{label}:{name}";
    }
}
