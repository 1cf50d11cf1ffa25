using System.Globalization;
using Lockstep.Asl.Compiled;
using Lockstep.Asl.Diagnostics;
using Lockstep.Asl.Model;

namespace Lockstep.Asl.Linting.Rules;

/// <summary>A retrier whose delays grow beyond a day, with no <c>MaxDelaySeconds</c> to say that it is meant.</summary>
internal sealed class RetryDelayUnboundedRule : LintRule
{
    private const double DaySeconds = 86_400;

    public override string Code => DiagnosticCodes.RetryDelayUnbounded;

    protected override IEnumerable<Diagnostic> Check(LintedState state) => state.Definition is WorkStateDefinition work
        ? work.Retry.SelectMany((retrier, i) => IsUnbounded(retrier)
            ? [Warning(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"With 'BackoffRate' {retrier.BackoffRate} the delay grows beyond a day within {retrier.MaxAttempts} attempts: cap it with 'MaxDelaySeconds'"),
                LintedState.Below(state.At("Retry"), i))]
            : Enumerable.Empty<Diagnostic>())
        : [];

    private static bool IsUnbounded(Retrier retrier) => retrier is { MaxDelaySeconds: null, MaxAttempts: > 1, BackoffRate: > 1 }
        && retrier.IntervalSeconds * Math.Pow(retrier.BackoffRate, retrier.MaxAttempts - 1) > DaySeconds;
}
