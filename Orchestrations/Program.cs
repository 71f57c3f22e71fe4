using Microsoft.Azure.Functions.Worker.Builder;
using Orchestrations.Runs;
using Orchestrations.Storage;
using Orchestrations.Workflows.Activities;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services
    .AddSingleton(TimeProvider.System)
    .AddSingleton<DataStorage>()
    .AddSingleton<JsonBlobs>()
    .AddSingleton<FrozenRun>()
    .AddSingleton<BaseModels>()
    .AddSingleton<StateFolders>()
    .AddSingleton<WorkDispatch>()
    .AddSingleton<WorkClaims>()
    .AddSingleton<Incidents>()
    .AddSingleton<StagePoints>()
    .AddSingleton<RunCopy>()
    .AddSingleton<RunContinuation>()
    .AddSingleton<RunData>()
    .AddSingleton<RunUsage>()
    .AddSingleton<RunTurns>()
    .AddSingleton<StateCheck>()
    .AddSingleton<RetainedCheckpoints>()
    .AddSingleton<ControlBlob>()
    .AddSingleton<StagePool>()
    .AddSingleton<RolloutPlanner>()
    .AddSingleton<UpdatePlanner>()
    .AddSingleton<StageRecords>()
    .AddSingleton<Checkpoints>()
    .AddSingleton<ProbePlanner>()
    .AddSingleton<Measured>()
    .AddSingleton<TestAccessLog>()
    .AddSingleton<ArmHistory>()
    .AddSingleton<RunReply>()
    .AddSingleton<RunStarter>()
    .AddSingleton<RunPricing>()
    .AddSingleton<RunReader>();
await builder.Build().RunAsync();
