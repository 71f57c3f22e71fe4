using Orchestrations.Datasets;
using Orchestrations.Runs;
using Orchestrations.Schedules;
using Orchestrations.Storage;
using Orchestrations.Trajectories;
using Orchestrations.Watching;
using Orchestrations.Webhooks;
using Orchestrations.Workflows;
using Orchestrations.Workflows.Activities;
using Orchestrations.Workflows.Procedures;

namespace Orchestrations;

/// <summary>What the functions are made of.</summary>
internal static class AppServices
{
    /// <exception cref="InvalidOperationException">A setting is missing or wrong; the message names it.</exception>
    public static IServiceCollection AddApp(this IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton(TimeProvider.System)
        .AddSingleton<DataStorage>()
        .AddSingleton<JsonBlobs>()
        .AddSingleton<FrozenCache>()
        .AddSingleton<FrozenRun>()
        .AddSingleton<BaseModels>()
        .AddSingleton<StateFolders>()
        .AddSingleton<WorkDispatch>()
        .AddSingleton<OpenWaits>()
        .AddSingleton<WaitLook>()
        .AddSingleton<ItemLook>()
        .AddSingleton<WorkClaims>()
        .AddSingleton<Incidents>()
        .AddSingleton<StageStates>()
        .AddSingleton<WorkResults>()
        .AddSingleton<ForkPoints>()
        .AddSingleton<RunCopy>()
        .AddSingleton<RunContinuation>()
        .AddSingleton<RunChildren>()
        .AddSingleton<RunData>()
        .AddSingleton<RunIndex>()
        .AddSingleton<RunPages>()
        .AddSingleton<RunUsage>()
        .AddSingleton<QueuedRuns>()
        .AddSingleton<StateCheck>()
        .AddSingleton<ControlBlob>()
        .AddSingleton<StageReader>()
        .AddSingleton<StageWriter>()
        .AddSingleton<ProcedureOf>()
        .AddSingleton<ReportedSteps>()
        .AddSingleton<BaseProcedure>()
        .AddSingleton<VoteProcedure>()
        .AddSingleton<AuditProcedure>()
        .AddSingleton<StageProcedure>()
        .AddSingleton<EvaluationProcedure>()
        .AddSingleton<StageRecords>()
        .AddSingleton<RolloutSamples>()
        .AddSingleton<IterationRecords>()
        .AddSingleton<MetricsReader>()
        .AddSingleton<RolloutShelf>()
        .AddSingleton<StoredAnswers>()
        .AddSingleton<AnswerShelf>()
        .AddSingleton<TrajectoryPages>()
        .AddSingleton<ProbePlanner>()
        .AddSingleton<Measured>()
        .AddSingleton<TestAccessLog>()
        .AddSingleton<ArmHistory>()
        .AddSingleton<RunReply>()
        .AddSingleton<RunStarter>()
        .AddSingleton<RunPricing>()
        .AddSingleton<RunReader>()
        .AddSingleton<QueueMeasurements>()
        .AddSingleton<ScheduleStore>()
        .AddSingleton<ScheduleRound>()
        .AddSingleton(WebhookOptions.Read(configuration))
        .AddSingleton<WebhookClient>()
        .AddSingleton<Webhook>()
        .AddSingleton(ImportOptions.Read(configuration))
        .AddSingleton<ImportClient>();
}
