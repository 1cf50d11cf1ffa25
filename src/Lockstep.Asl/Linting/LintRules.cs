using System.Collections.Immutable;
using Lockstep.Asl.Linting.Rules;

namespace Lockstep.Asl.Linting;

/// <summary>All rules.</summary>
internal static class LintRules
{
    public static ImmutableArray<LintRule> All { get; } =
    [
        new ChoiceRuleShadowedRule(),
        new ChoiceWithoutDefaultRule(),
        new ErrorNeverOccursRule(),
        new ExpressionIsTextRule(),
        new HandlerShadowedRule(),
        new MissingEndStateRule(),
        new MissingTimeoutRule(),
        new NoDollarRule(),
        new NoPathRule(),
        new PassResultIsStaticRule(),
        new ResultDiscardedRule(),
        new RetryDelayUnboundedRule(),
        new UnusedVariableRule(),
    ];
}
