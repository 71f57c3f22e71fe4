using System.Runtime.CompilerServices;
using LocalHost.Durable.History;
using LocalHost.Durable.Scheduling;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace LocalHost.Durable;

/// <summary>The app's client of the engine in its own process.</summary>
internal sealed class EngineClient(DurableEngine engine, string hub) : DurableTaskClient(hub)
{
    public override Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName,
        object? input = null,
        StartOrchestrationOptions? options = null,
        CancellationToken cancellation = default) =>
        engine.StartInstanceAsync(orchestratorName.Name, engine.Converter.Serialize(input), options, cancellation);

    public override async Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default) =>
        Ensure(
            await engine.RaiseEventAsync(instanceId, eventName, engine.Converter.Serialize(eventPayload), cancellation),
            instanceId,
            $"get the event '{eventName}'");

    public override async Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        View(await engine.WaitForStartAsync(instanceId, getInputsAndOutputs, cancellation), getInputsAndOutputs);

    public override async Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        View(await engine.WaitForEndAsync(instanceId, getInputsAndOutputs, cancellation), getInputsAndOutputs);

    public override async Task TerminateInstanceAsync(
        string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        var output = engine.Converter.Serialize(options?.Output);
        Ensure(
            await engine.TerminateAsync(instanceId, output, options?.Recursive ?? false, cancellation), instanceId, "be terminated");
    }

    public override async Task SuspendInstanceAsync(
        string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        Ensure(await engine.SuspendAsync(instanceId, reason, cancellation), instanceId, "be suspended");

    public override async Task ResumeInstanceAsync(
        string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        Ensure(await engine.ResumeAsync(instanceId, reason, cancellation), instanceId, "be resumed");

    public override async Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        await engine.FindAsync(instanceId, getInputsAndOutputs, cancellation) is { } state
            ? View(state, getInputsAndOutputs)
            : null;

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) =>
        new Instances(engine, filter ?? new());

    public override async Task<PurgeResult> PurgeInstanceAsync(
        string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default) =>
        new(await engine.PurgeAsync(instanceId, options?.Recursive ?? false, cancellation));

    public override async Task<PurgeResult> PurgeAllInstancesAsync(
        PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        var query = new OrchestrationQuery(filter.CreatedFrom, filter.CreatedTo, filter.Statuses);
        var count = 0;
        await foreach (var instance in GetAllInstancesAsync(query).WithCancellation(cancellation))
            count += await engine.PurgeAsync(instance.InstanceId, options?.Recursive ?? false, cancellation);
        return new(count, true);
    }

    // The engine belongs to the host.
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static void Ensure(Delivery delivery, string instanceId, string purpose)
    {
        if (delivery == Delivery.NotFound)
            throw new ArgumentException($"There is no orchestration instance with the id '{instanceId}' to {purpose}.");
        if (delivery == Delivery.Ended)
            throw new InvalidOperationException($"The orchestration instance '{instanceId}' has ended: it cannot {purpose}.");
    }

    private OrchestrationMetadata View(InstanceState state, bool withPayloads) => state.ToMetadata(withPayloads, engine.Converter);

    private sealed class Instances(DurableEngine engine, OrchestrationQuery query) : AsyncPageable<OrchestrationMetadata>
    {
        public override async IAsyncEnumerable<Page<OrchestrationMetadata>> AsPages(
            string? continuationToken = null, int? pageSizeHint = null)
        {
            await foreach (var page in PagesAsync(continuationToken ?? query.ContinuationToken, pageSizeHint ?? query.PageSize))
                yield return page;
        }

        private async IAsyncEnumerable<Page<OrchestrationMetadata>> PagesAsync(
            string? token, int size, [EnumeratorCancellation] CancellationToken cancellation = default)
        {
            do
            {
                var page = await engine.ListAsync(query with { ContinuationToken = token, PageSize = size }, cancellation);
                yield return new(
                    [.. page.Values.Select(state => state.ToMetadata(query.FetchInputsAndOutputs, engine.Converter))],
                    page.ContinuationToken);
                token = page.ContinuationToken;
            }
            while (token is not null);
        }
    }
}
