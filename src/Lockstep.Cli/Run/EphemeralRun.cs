using Lockstep.Cli.Composition;
using Lockstep.Cli.Configuration;
using Lockstep.Engine;
using Lockstep.Engine.History;
using Lockstep.Service;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;

namespace Lockstep.Cli.Run;

/// <summary>
/// One execution on a data folder of its own, which is gone afterwards: the same service as <c>serve</c>, so that a definition behaves here
/// as it will there.
/// </summary>
internal static class EphemeralRun
{
    private const string Name = "run";
    private static readonly TimeSpan FollowFor = TimeSpan.FromSeconds(60);

    /// <summary>Runs to the end. An interrupt stops the execution, which then ends as aborted.</summary>
    public static async Task<RunOutcome> ExecuteAsync(RunRequest request, Settings settings, IRunView view, CancellationToken interrupt)
    {
        await using EphemeralPlatform platform = await EphemeralPlatform.OpenAsync(settings, request.Functions, request.Mocks);
        await CreateAsync(platform.Service, request);
        return request.Type == Asl.WorkflowType.Express
            ? await RunExpressAsync(platform.Service, request, interrupt)
            : await RunStandardAsync(platform.Service, request, view, interrupt);
    }

    private static async Task CreateAsync(LockstepService service, RunRequest request)
    {
        Result<CreateStateMachineOutcome> created = await service.StateMachines.CreateAsync(
            DevelopmentTenant.Id,
            new CreateStateMachineRequest(Name, request.Definition.Text)
            {
                Type = request.Type == Asl.WorkflowType.Express ? Service.StateMachines.WorkflowType.Express : Service.StateMachines.WorkflowType.Standard,
            },
            CancellationToken.None);
        if (!created.Succeeded)
        {
            throw new CommandFailure(ExitCode.InvalidDefinition, $"{request.Definition.Path}: {created.Error.Message}");
        }
    }

    private static async Task<RunOutcome> RunExpressAsync(LockstepService service, RunRequest request, CancellationToken interrupt) =>
        new(
            request.Definition,
            Require(await service.Executions.StartSyncAsync(DevelopmentTenant.Id, Name, name: null, request.Input, interrupt)),
            FailedState: null);

    private static async Task<RunOutcome> RunStandardAsync(
        LockstepService service, RunRequest request, IRunView view, CancellationToken interrupt)
    {
        ExecutionKey key = Require(await service.Executions.StartAsync(
            DevelopmentTenant.Id, Name, name: null, request.Input, parent: null, CancellationToken.None)).Execution.Key;
        var blame = new FailedStateFinder();
        using IExecutionFollower follower = service.Changes.Follow(key);
        long last = 0;
        bool stopped = false;
        while (true)
        {
            Page<HistoryEvent> page = Require(await service.Executions.HistoryAfterAsync(key, last, CancellationToken.None));
            foreach (HistoryEvent happened in page.Items)
            {
                blame.Add(happened);
                view.Show(happened);
                last = happened.Id;
            }

            ExecutionRecord execution = Require(await service.Executions.DescribeAsync(key, CancellationToken.None));
            if (execution.Status != ExecutionStatus.Running && blame.HasEnded)
            {
                return new RunOutcome(request.Definition, execution, blame.FailedState);
            }

            if (page.Items.Count == 0 && !await WaitAsync(follower, last, stopped ? CancellationToken.None : interrupt))
            {
                stopped = true;
                Require(await service.Executions.StopAsync(key, "Interrupted", "The run was interrupted.", CancellationToken.None));
            }
        }
    }

    /// <summary>Waits for more history; false when the person interrupted.</summary>
    private static async Task<bool> WaitAsync(IExecutionFollower follower, long last, CancellationToken interrupt)
    {
        try
        {
            await follower.WaitAsync(last, FollowFor, interrupt);
            return true;
        }
        catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
        {
            return false;
        }
    }

    private static T Require<T>(Result<T> result)
        where T : notnull =>
        result.Succeeded ? result.Value : throw new CommandFailure(ExitCode.Usage, result.Error.Message);
}
