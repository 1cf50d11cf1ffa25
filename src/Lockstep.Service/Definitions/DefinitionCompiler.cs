using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Lockstep.Asl;
using Lockstep.Asl.Diagnostics;
using Lockstep.Asl.Resources;
using Lockstep.Engine.Testing;
using Lockstep.Service.Errors;
using Lockstep.Service.Limits;

namespace Lockstep.Service.Definitions;

/// <summary>Compiles definitions under the limits of the service and against the resources that its targets serve.</summary>
public sealed class DefinitionCompiler(IResourceCatalog resources, ServiceLimits limits)
{
    private readonly AslLimits _aslLimits = new()
    {
        MaxDefinitionBytes = limits.MaxDefinitionBytes,
        MaxDefinitionDepth = limits.MaxDefinitionDepth,
        MaxStates = limits.MaxStates,
        MaxStateNameLength = limits.MaxStateNameLength,
        MaxVariableNameLength = limits.MaxVariableNameLength,
        MaxIntrinsicNesting = limits.MaxIntrinsicNesting,
        MaxDiagnostics = limits.MaxDiagnostics,
    };

    /// <summary>
    /// A compiler of definitions that were accepted before: whatever the limits and targets are today, an execution that pins one goes on.
    /// </summary>
    public static DefinitionCompiler ForStored() => new(
        ResourceCatalog.Permissive,
        ServiceLimits.Definitions.Aggregate(ServiceLimits.Default, static (limits, definition) => definition.With(limits, definition.Maximum)));

    /// <summary>Compiles any text; what is wrong with it is in the result.</summary>
    public AslLoadResult Compile(string definition, StateMachines.WorkflowType type) => AslCompiler.Load(definition, OptionsOf(type));

    /// <summary>Null when the definition may be stored; else InvalidDefinition with everything that is wrong.</summary>
    public ServiceError? Check(string definition, StateMachines.WorkflowType type)
    {
        AslLoadResult loaded = Compile(definition, type);
        if (loaded.IsValid)
        {
            return null;
        }

        return ErrorOf(loaded.Diagnostics);
    }

    /// <summary>Compiles what one state is tested with: the state itself, or the machine that has it.</summary>
    /// <param name="definition">The text.</param>
    /// <param name="stateName">The state within a machine; null when the text is the state.</param>
    /// <param name="variables">Names of the variables that the test gives a value.</param>
    /// <param name="mocked">Whether nothing is called, so that any resource will do.</param>
    public AslLoadResult CompileForTest(string definition, string? stateName, ImmutableArray<string> variables, bool mocked)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(definition);
        var options = new AslOptions
        {
            Limits = _aslLimits,
            Resources = mocked ? ResourceCatalog.Permissive : resources,
            ForStateTest = true,
            GivenVariables = variables,
        };
        return stateName is null
            ? AslCompiler.LoadState(utf8, StateTestRules.SingleStateName, options)
            : AslCompiler.Load(utf8, options);
    }

    /// <summary>InvalidDefinition with everything that is wrong.</summary>
    /// <param name="diagnostics">What was found, an error among it.</param>
    public static ServiceError ErrorOf(ImmutableArray<Diagnostic> diagnostics)
    {
        ImmutableArray<Diagnostic> errors = [.. diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];
        Diagnostic first = errors[0];
        return new ServiceError(
            ErrorCodes.InvalidDefinition,
            string.Create(
                CultureInfo.InvariantCulture,
                $"The definition has {errors.Length} error(s). The first is at \"{first.Pointer}\", line {first.Line}, column {first.Column}: {first.Message}."))
        {
            Target = "/definition",
            Diagnostics = diagnostics,
        };
    }

    /// <summary>Everything that is wrong or suspicious, the warnings of the lint rules among it; the definition may be anything within the limit of bytes.</summary>
    public Result<AslLoadResult> Validate(string definition, StateMachines.WorkflowType type) =>
        CheckSize(definition) is { } tooLarge ? tooLarge : AslValidator.Validate(definition, OptionsOf(type));

    /// <summary>Null when the definition is within the limit of bytes.</summary>
    public ServiceError? CheckSize(string definition)
    {
        int bytes = Encoding.UTF8.GetByteCount(definition);
        return bytes <= limits.MaxDefinitionBytes
            ? null
            : new ServiceError(
                ErrorCodes.PayloadTooLarge,
                string.Create(CultureInfo.InvariantCulture, $"The definition has {bytes} bytes; {limits.MaxDefinitionBytes} are allowed."))
            {
                Target = "/definition",
            };
    }

    private AslOptions OptionsOf(StateMachines.WorkflowType type) => new()
    {
        Type = type switch
        {
            StateMachines.WorkflowType.Standard => WorkflowType.Standard,
            StateMachines.WorkflowType.Express => WorkflowType.Express,
            _ => throw new UnreachableException($"There is no type {type}."),
        },
        Limits = _aslLimits,
        Resources = resources,
    };
}
