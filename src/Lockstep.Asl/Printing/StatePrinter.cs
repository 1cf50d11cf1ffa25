using System.Diagnostics;
using Lockstep.Asl.Compiled;
using Lockstep.Asl.Model;
using Lockstep.Asl.Queries;
using Lockstep.Json;

namespace Lockstep.Asl.Printing;

/// <summary>Writes groups of states, and states of all eight types.</summary>
internal static class StatePrinter
{
    /// <summary>Writes <c>StartAt</c> and <c>States</c>.</summary>
    /// <param name="fields">The object that holds them.</param>
    /// <param name="group">The states.</param>
    /// <param name="machine">The query language of states that do not say their own.</param>
    public static void WriteGroup(FieldWriter fields, StateGroup group, QueryLanguage machine)
    {
        var states = new JsonObjectBuilder(group.States.Length);
        foreach (StateDefinition state in group.States)
        {
            states.Add(state.Name, Print(state, machine));
        }

        fields.Text("StartAt", group.StartAt).Value("States", states.Build());
    }

    private static JsonObject Print(StateDefinition state, QueryLanguage machine)
    {
        FieldWriter fields = new FieldWriter()
            .Text("Type", state.Type.ToString())
            .Text("Comment", state.Comment)
            .Text("QueryLanguage", state.QueryLanguage == machine ? null : FieldWriter.Jsonata)
            .PathOrNull("InputPath", state.InputPath);
        switch (state)
        {
            case PassDefinition pass:
                fields.Template("Parameters", pass.Parameters).Value("Result", pass.Result).Placement(pass.ResultPath);
                break;
            case TaskDefinition task:
                fields.Text("Resource", task.Resource.Text);
                WriteArguments(fields, task);
                fields.ValueOrPath("TimeoutSeconds", task.TimeoutSeconds).ValueOrPath("HeartbeatSeconds", task.HeartbeatSeconds)
                    .Template("Credentials", task.Credentials);
                WriteResult(fields, task);
                break;
            case ParallelDefinition parallel:
                WriteArguments(fields, parallel);
                fields.Objects("Branches", parallel.Branches, branch => PrintGroup(branch, machine));
                WriteResult(fields, parallel);
                break;
            case MapDefinition map:
                WriteMap(fields, map, machine);
                WriteResult(fields, map);
                break;
            case ChoiceDefinition choice:
                fields.Objects("Choices", choice.Choices, PrintRule).Text("Default", choice.Default);
                break;
            case WaitDefinition wait:
                fields.ValueOrPath("Seconds", wait.Seconds).ValueOrPath("Timestamp", wait.Timestamp);
                break;
            case FailDefinition fail:
                fields.ValueOrPath("Error", fail.Error).ValueOrPath("Cause", fail.Cause);
                break;
            case SucceedDefinition:
                break;
            default:
                throw new UnreachableException();
        }

        fields.Assign(state.Assign).Template("Output", state.Output).PathOrNull("OutputPath", state.OutputPath).Text("Next", state.Next);
        bool ends = state.Next is null && state is not (ChoiceDefinition or SucceedDefinition or FailDefinition);
        return fields.Value("End", ends ? JsonBoolean.True : null).Build();
    }

    private static JsonObject PrintGroup(StateGroup group, QueryLanguage machine)
    {
        var fields = new FieldWriter();
        WriteGroup(fields, group, machine);
        return fields.Build();
    }

    private static void WriteArguments(FieldWriter fields, WorkStateDefinition state) =>
        fields.Template(state.QueryLanguage == QueryLanguage.Jsonata ? "Arguments" : "Parameters", state.Parameters);

    private static void WriteResult(FieldWriter fields, WorkStateDefinition state) => fields
        .Template("ResultSelector", state.ResultSelector)
        .Placement(state.ResultPath)
        .Objects("Retry", state.Retry, PrintRetrier)
        .Objects("Catch", state.Catch, PrintCatcher);

    private static void WriteMap(FieldWriter fields, MapDefinition map, QueryLanguage machine)
    {
        fields.Template(map.QueryLanguage == QueryLanguage.Jsonata ? "Items" : "ItemsPath", map.Items is QueryItems ? null : map.Items)
            .Template("ItemSelector", map.Parameters)
            .ValueOrPath("MaxConcurrency", map.MaxConcurrency)
            .All(map.DistributedFields);
        if (map.Mode == MapMode.Inline)
        {
            // Taken there and without effect.
            fields.ValueOrPath("ToleratedFailureCount", map.Distributed?.ToleratedFailureCount)
                .ValueOrPath("ToleratedFailurePercentage", map.Distributed?.ToleratedFailurePercentage);
        }

        var processor = new FieldWriter();
        if (map.Mode == MapMode.Distributed || map.ExecutionType is not null)
        {
            processor.Value("ProcessorConfig", new FieldWriter()
                .Text("Mode", map.Mode == MapMode.Distributed ? "DISTRIBUTED" : "INLINE")
                .Text("ExecutionType", map.ExecutionType?.ToString().ToUpperInvariant())
                .Build());
        }

        WriteGroup(processor, map.Processor, machine);
        fields.Value(map.ProcessorField, processor.Build());
    }

    private static JsonObject PrintRule(ChoiceRuleDefinition rule) => new FieldWriter()
        .All(rule.Condition?.Written ?? JsonObject.Empty)
        .Assign(rule.Assign)
        .Template("Output", rule.Output)
        .Text("Next", rule.Next)
        .Build();

    private static JsonObject PrintRetrier(Retrier retrier) => new FieldWriter()
        .Texts("ErrorEquals", retrier.ErrorEquals)
        .Number("IntervalSeconds", retrier.IntervalSeconds)
        .Number("MaxAttempts", retrier.MaxAttempts)
        .Value("BackoffRate", JsonNumber.Of(retrier.BackoffRate))
        .Number("MaxDelaySeconds", retrier.MaxDelaySeconds)
        .Text("JitterStrategy", retrier.Jitter == JitterStrategy.Full ? "FULL" : null)
        .Build();

    private static JsonObject PrintCatcher(CatcherDefinition catcher) => new FieldWriter()
        .Texts("ErrorEquals", catcher.ErrorEquals)
        .Placement(catcher.ResultPath)
        .Assign(catcher.Assign)
        .Template("Output", catcher.Output)
        .Text("Next", catcher.Next)
        .Build();
}
