using System.Globalization;
using Lockstep.Asl.Resources;
using Lockstep.Engine.Stimuli;
using Lockstep.Json;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Targets;

namespace Lockstep.Targets.Mocks;

/// <summary>
/// Answers for the states of a test case, and lets every other state call what it names. With <c>.waitForTaskToken</c> the submission is accepted and the
/// mock is what comes back with the token; <c>.sync</c> waits for a real child, so it cannot be mocked.
/// </summary>
/// <param name="others">Who answers for states that are not mocked.</param>
/// <param name="states">The mocked states.</param>
/// <param name="callbacks">Reports outcomes of tasks; asked for at the first call.</param>
public sealed class MockedTargets(ITaskTargets others, MockedStates states, Func<CallbackUseCases> callbacks) : ITaskTargets
{
    /// <inheritdoc/>
    public ITaskTarget? Find(TaskResource resource) => new Target(others.Find(resource), states, callbacks);

    private sealed class Target(ITaskTarget? other, MockedStates states, Func<CallbackUseCases> callbacks) : ITaskTarget
    {
        private const string StatusCodeName = "StatusCode";
        private const string PayloadName = "Payload";

        public async ValueTask<TaskOutcome> InvokeAsync(TaskInvocation invocation, CancellationToken cancellation)
        {
            if (!states.TryTake(invocation.StateName, out int number, out MockedResponse? response))
            {
                return other is not null
                    ? await other.InvokeAsync(invocation, cancellation)
                    : new TaskRefused("States.Runtime", $"Nothing serves the resource {invocation.Resource.Text}, and the state is not mocked.", TaskFailureStage.Schedule);
            }

            if (response.AnswerOf(number) is not { } answer)
            {
                return Failures.Of(invocation, "States.Runtime", string.Create(
                    CultureInfo.InvariantCulture, $"The mocked response {response.Name} has no answer for invocation {number} of the state {invocation.StateName}."));
            }

            return invocation.Resource.Pattern switch
            {
                IntegrationPattern.RequestResponse => answer.Return is { } output
                    ? new TaskAnswered(ResultOf(invocation.Resource, output))
                    : Failures.Of(invocation, answer.Error ?? "", answer.Cause ?? ""),
                IntegrationPattern.WaitForTaskToken => await ReportAsync(invocation, answer, cancellation),
                _ => Failures.Of(invocation, "States.Runtime", $"The state {invocation.StateName} waits for a child execution, which cannot be mocked."),
            };
        }

        /// <summary>
        /// A mock of a function is what Lambda's Invoke answers; a state that names the function itself, and not the integration, gets its payload.
        /// </summary>
        private static JsonValue ResultOf(TaskResource resource, JsonValue output) =>
            resource.Kind == ResourceKind.Function && output is JsonObject response && response.Contains(StatusCodeName) && response[PayloadName] is { } payload
                ? payload
                : output;

        private async ValueTask<TaskOutcome> ReportAsync(TaskInvocation invocation, MockedAnswer answer, CancellationToken cancellation)
        {
            string token = invocation.TaskToken ?? "";
            Result<Accepted> reported = answer.Return is { } output
                ? await callbacks().SucceedAsync(token, output, cancellation)
                : await callbacks().FailAsync(token, answer.Error, answer.Cause, cancellation);
            return reported.Succeeded
                ? new TaskAnswered(JsonObject.Empty)
                : Failures.Of(invocation, "States.Runtime", $"The mocked outcome was not accepted: {reported.Error.Message}");
        }
    }
}
