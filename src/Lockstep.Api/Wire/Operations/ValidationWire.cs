using System.Collections.Immutable;
using Lockstep.Api.Operations;
using Lockstep.Api.Wire.Shapes;
using Lockstep.Asl;
using Lockstep.Asl.Diagnostics;
using Lockstep.Service.Errors;
using WorkflowType = Lockstep.Service.StateMachines.WorkflowType;

namespace Lockstep.Api.Wire.Operations;

/// <summary>Checking a definition without storing it.</summary>
internal static class ValidationWire
{
    /// <summary>The operations.</summary>
    public static ImmutableArray<WireOperation> Operations { get; } =
    [
        new(
            "ValidateStateMachineDefinition",
            new StructureShape(
                new("definition", RequestShapes.Definition, true),
                new("type", RequestShapes.StateMachineType),
                new("severity", RequestShapes.OneOf("ERROR", "WARNING")),
                new("maxResults", new IntegerShape(0, ShownDiagnostics.LargestMaxResults))),
            ValidateAsync,
            new ThrottleRate(100, 1))
        {
            Differences = ["Number, order and wording of the diagnostics are our own, which Step Functions leaves open; code and location are as there."],
        },
    ];

    private static ValueTask<WireAnswer> ValidateAsync(WireCall call)
    {
        WorkflowType type = WireText.TypeOf(call.OptionalText("type") ?? "STANDARD") ?? WorkflowType.Standard;
        Result<AslLoadResult> loaded = call.Service.Definitions.Validate(call.Text("definition"), type);
        if (!loaded.Succeeded)
        {
            return ValueTask.FromResult<WireAnswer>(WireErrors.Of(loaded.Error, ""));
        }

        long asked = call.Integer("maxResults") ?? 0;
        var shown = new ShownDiagnostics(
            call.OptionalText("severity") != "WARNING", asked == 0 ? ShownDiagnostics.LargestMaxResults : (int)asked);
        (ImmutableArray<Diagnostic> diagnostics, bool truncated) = shown.Of(loaded.Value.Diagnostics);
        return ValueTask.FromResult(WireAnswer.Of(writer =>
        {
            writer.WriteString("result", loaded.Value.Machine is null ? "FAIL" : "OK");
            writer.WriteList("diagnostics", diagnostics, static (writer, diagnostic) =>
            {
                writer.WriteString("severity", diagnostic.Severity == DiagnosticSeverity.Error ? "ERROR" : "WARNING");
                writer.WriteString("code", diagnostic.ServiceCode);
                writer.WriteOptional("message", diagnostic.Message);
                writer.WriteOptional("location", diagnostic.ServiceLocation);
            });
            writer.WriteBoolean("truncated", truncated);
        }));
    }
}
