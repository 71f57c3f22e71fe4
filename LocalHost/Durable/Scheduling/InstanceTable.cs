using System.Collections.Concurrent;
using LocalHost.Durable.History;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace LocalHost.Durable.Scheduling;

/// <summary>The instances of a hub by their ids.</summary>
internal sealed class InstanceTable
{
    private readonly ConcurrentDictionary<string, Instance> _instances = new(StringComparer.Ordinal);
    private readonly Lock _adding = new();

    public int Count => _instances.Count;

    public Instance? Find(string instanceId) => _instances.GetValueOrDefault(instanceId);

    /// <summary>The instances whose start is durable, in the order of their ids.</summary>
    public IEnumerable<Instance> Select(OrchestrationQuery query, string? after) => _instances.Values
        .Where(instance => Fits(instance.State, query) && string.CompareOrdinal(instance.Id, after) > 0)
        .OrderBy(instance => instance.Id, StringComparer.Ordinal);

    /// <summary>Adds a new instance and has it begin.</summary>
    /// <exception cref="InvalidOperationException">There is one that has not ended, or that has in a status that refuses others.</exception>
    public void Add(HubSession session, string instanceId, Incoming first, IReadOnlyCollection<string> dedupe)
    {
        Instance added;
        lock (_adding)
        {
            var existing = Find(instanceId);
            if (existing is { State: { } state }
                && (!state.HasEnded || dedupe.Contains(state.Status.ToString(), StringComparer.OrdinalIgnoreCase)))
                throw new InvalidOperationException($"An Orchestration instance with the status {state.Status} already exists.");

            added = new Instance(session, instanceId, (existing?.Generation ?? 0) + 1);
            if (existing is not null)
                added.Replaces(existing.Generation);
            added.Begin(first);
            _instances[instanceId] = added;
        }

        added.Go();
    }

    public void Restore(Instance instance) => _instances[instance.Id] = instance;

    public void Remove(Instance instance) => _instances.TryRemove(new(instance.Id, instance));

    private static bool Fits(InstanceState state, OrchestrationQuery query) =>
        state.Execution.Length > 0
        && (query.CreatedFrom is not { } from || state.CreatedAt >= from)
        && (query.CreatedTo is not { } to || state.CreatedAt <= to)
        && (query.InstanceIdPrefix is not { } prefix || state.InstanceId.StartsWith(prefix, StringComparison.Ordinal))
        && (query.Statuses is not { } statuses || statuses.Contains(state.Status));
}
