using Lockstep.Asl.Evaluation;
using Lockstep.Asl.Expressions;
using Lockstep.Json;

namespace Lockstep.Asl.Queries;

/// <summary>The items of a Map in a JSONata state without <c>Items</c>: its input, which has to be an array.</summary>
internal sealed class QueryItems : ValueExpression
{
    public override Evaluated Evaluate(EvaluationScope scope) => scope.Input is JsonArray items
        ? Evaluated.Of(items)
        : Evaluated.Failed(StatesErrorNames.QueryEvaluationError, $"Map state input must be an array but was: {Shown.Of(scope.Input)}");
}
