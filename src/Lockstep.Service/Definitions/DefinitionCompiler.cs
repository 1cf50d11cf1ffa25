using System.Globalization;
using System.Text;
using Lockstep.Service.Errors;
using Lockstep.Service.Limits;
using Lockstep.Service.StateMachines;

namespace Lockstep.Service.Definitions;

/// <summary>Checks definitions on behalf of callers: within the limit of bytes, and without any problem that forbids them.</summary>
public sealed class DefinitionCompiler(IDefinitionCompiler compiler, ServiceLimits limits)
{
    /// <summary>Null when the definition may be stored; else InvalidDefinition with every problem.</summary>
    public ServiceError? Check(string definition, WorkflowType type)
    {
        CompiledDefinition compiled = compiler.Compile(definition, type);
        if (compiled.Machine is not null)
        {
            return null;
        }

        DefinitionProblem[] errors = [.. compiled.Problems.Where(problem => problem.IsError)];
        string first = errors.Length == 0 ? "It does not compile." : $"{errors[0].Message} (at \"{errors[0].Pointer}\", line {errors[0].Line}, column {errors[0].Column}).";
        return new ServiceError(
            ErrorCodes.InvalidDefinition, string.Create(CultureInfo.InvariantCulture, $"The definition has {errors.Length} error(s). The first: {first}"))
        {
            Target = "/definition",
            Problems = compiled.Problems,
        };
    }

    /// <summary>Everything that is wrong or suspicious; the definition may be anything within the limit of bytes.</summary>
    public Result<CompiledDefinition> Validate(string definition, WorkflowType type)
    {
        int bytes = Encoding.UTF8.GetByteCount(definition);
        return bytes <= limits.MaxDefinitionBytes
            ? compiler.Compile(definition, type)
            : new ServiceError(
                ErrorCodes.PayloadTooLarge,
                string.Create(CultureInfo.InvariantCulture, $"The definition has {bytes} bytes; {limits.MaxDefinitionBytes} are allowed."))
            {
                Target = "/definition",
            };
    }
}
