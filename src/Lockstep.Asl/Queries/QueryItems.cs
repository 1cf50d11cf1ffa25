using Lockstep.Asl.Evaluation;
using Lockstep.Asl.Expressions;
using Lockstep.Asl.Printing;
using Lockstep.Json;

namespace Lockstep.Asl.Queries;

/// <summary>The items of a Map in a JSONata state without <c>Items</c>: its input, which has to be an array, or in DISTRIBUTED mode an object.</summary>
internal sealed class QueryItems : ValueExpression
{
    /// <summary>It stands for a field that is absent.</summary>
    internal override WrittenExpression Written => throw new InvalidOperationException("The items of a Map without the field are not written.");

    public override Evaluated Evaluate(EvaluationScope scope) => scope.Input is JsonArray || (scope.Input is JsonObject && scope.GoesOverMembers)
        ? Evaluated.Of(scope.Input)
        : Evaluated.Failed(StatesErrorNames.QueryEvaluationError, $"Map state input must be an array but was: {Shown.Of(scope.Input)}");
}
