using LocalHost.Durable.History;
using LocalHost.Durable.Scheduling;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace LocalHost.Durable;

/// <content>What may be asked of a hub's instances; every call waits until the hub is this engine's.</content>
internal sealed partial class DurableEngine
{
    /// <summary>Starts an instance; returns its id once the start is durable.</summary>
    public async Task<string> StartInstanceAsync(
        string name, string? input, StartOrchestrationOptions? options, CancellationToken cancellationToken)
    {
        var session = await SessionAsync(cancellationToken);
        var id = options?.InstanceId ?? Guid.NewGuid().ToString("N");
        EnsureId(id);
        var startAt = options?.StartAt is { } at && at > Time.GetUtcNow() ? at : (DateTimeOffset?)null;
        var version = options?.Version?.Version ?? DefaultVersion;
        var started = new InstanceStarted(name, HubSession.NewExecution(), version, null, startAt) { Data = Payload.Of(input) };
        var incoming = session.Start(id, started, options?.DedupeStatuses ?? []);
        await incoming.Delivered.WaitAsync(cancellationToken);
        return id;
    }

    public Task<Delivery> RaiseEventAsync(string instanceId, string name, string? data, CancellationToken cancellationToken) =>
        PostAsync(instanceId, new EventRaised(name, null) { Data = Payload.Of(data) }, cancellationToken);

    public Task<Delivery> TerminateAsync(string instanceId, string? output, bool recursive, CancellationToken cancellationToken) =>
        PostAsync(instanceId, new InstanceTerminated(recursive) { Data = Payload.Of(output) }, cancellationToken);

    public Task<Delivery> SuspendAsync(string instanceId, string? reason, CancellationToken cancellationToken) =>
        PostAsync(instanceId, new InstanceSuspended(reason), cancellationToken);

    public Task<Delivery> ResumeAsync(string instanceId, string? reason, CancellationToken cancellationToken) =>
        PostAsync(instanceId, new InstanceResumed(reason), cancellationToken);

    /// <summary>The instance's state, or null where there is none; without payloads it is not read from storage.</summary>
    public async Task<InstanceState?> FindAsync(string instanceId, bool withPayloads, CancellationToken cancellationToken)
    {
        var session = await SessionAsync(cancellationToken);
        if (session.Find(instanceId) is not { State.Execution.Length: > 0 } instance)
            return null;
        return withPayloads || instance.State.Status == OrchestrationRuntimeStatus.Failed
            ? await session.ReadAsync(instance)
            : instance.State;
    }

    /// <summary>The events of the instance's present generation, or null where there is no such instance.</summary>
    public async Task<IReadOnlyList<HistoryEvent>?> ReadHistoryAsync(string instanceId, CancellationToken cancellationToken)
    {
        var session = await SessionAsync(cancellationToken);
        return session.Find(instanceId) is { State.Execution.Length: > 0 } instance ? await session.ReadHistoryAsync(instance) : null;
    }

    /// <summary>One page of the instances that the query is for, in the order of their ids.</summary>
    public async Task<Page<InstanceState>> ListAsync(OrchestrationQuery query, CancellationToken cancellationToken)
    {
        var session = await SessionAsync(cancellationToken);
        var size = query.PageSize > 0 ? query.PageSize : OrchestrationQuery.DefaultPageSize;
        var after = query.ContinuationToken is { Length: > 0 } token ? PageToken.Read(token) : null;
        List<Instance> found = [.. session.Instances.Select(query, after).Take(size + 1)];
        var page = new List<InstanceState>(size);
        foreach (var instance in found.Take(size))
        {
            var state = query.FetchInputsAndOutputs ? await session.ReadAsync(instance) : instance.State;
            if (state is not null)
                page.Add(state);
        }

        return new(page, found.Count > size ? PageToken.Write(found[size - 1].Id) : null);
    }

    /// <summary>Deletes all of an instance that has ended, and its children where that is asked for; gives how many.</summary>
    public async Task<int> PurgeAsync(string instanceId, bool recursive, CancellationToken cancellationToken)
    {
        var session = await SessionAsync(cancellationToken);
        if (session.Find(instanceId) is not { State.HasEnded: true } instance)
            return 0;
        var count = 1;
        if (recursive && await session.ReadHistoryAsync(instance) is { } history)
        {
            foreach (var child in history.OfType<ChildCreated>())
            {
                if (session.Find(child.InstanceId)?.State.Parent?.InstanceId == instanceId)
                    count += await PurgeAsync(child.InstanceId, recursive, cancellationToken);
            }
        }

        await instance.SettledAsync();
        await session.Storage.DeleteAsync(instanceId, instance.Generation);
        session.Instances.Remove(instance);
        return count;
    }

    /// <summary>Waits until the instance has begun.</summary>
    public async Task<InstanceState> WaitForStartAsync(string instanceId, bool withPayloads, CancellationToken cancellationToken)
    {
        var session = await SessionAsync(cancellationToken);
        await Existing(session, instanceId).Begun.WaitAsync(cancellationToken);
        return await FindAsync(instanceId, withPayloads, cancellationToken) ?? throw Unknown(instanceId);
    }

    /// <summary>Waits until the instance has ended, over all its generations and over changes of the hub's host.</summary>
    public async Task<InstanceState> WaitForEndAsync(string instanceId, bool withPayloads, CancellationToken cancellationToken)
    {
        while (true)
        {
            var session = await SessionAsync(cancellationToken);
            var instance = Existing(session, instanceId);
            if (instance.State.HasEnded)
                return await FindAsync(instanceId, withPayloads, cancellationToken) ?? throw Unknown(instanceId);
            // Where the session closes first, the next one knows how the instance goes on.
            if (await Task.WhenAny(instance.Ended, session.Closed).WaitAsync(cancellationToken) == instance.Ended)
                return await instance.Ended;
        }
    }

    private async Task<Delivery> PostAsync(string instanceId, HistoryEvent item, CancellationToken cancellationToken)
    {
        var session = await SessionAsync(cancellationToken);
        if (session.Find(instanceId) is not { } instance)
            return Delivery.NotFound;
        var incoming = new Incoming(item);
        instance.Post(incoming);
        return await incoming.Delivered.WaitAsync(cancellationToken);
    }

    private static Instance Existing(HubSession session, string instanceId) =>
        session.Find(instanceId) ?? throw Unknown(instanceId);

    private static InvalidOperationException Unknown(string instanceId) =>
        new($"There is no orchestration instance with the id '{instanceId}'.");

    // The official host's rules: what runs here has to run there.
    private static void EnsureId(string id)
    {
        if (id.Length is 0 or > 256 || id[0] == '@' || id.Any(c => c is '/' or '\\' or '#' or '?' || char.IsControl(c)))
        {
            throw new ArgumentException(
                $"The instance id '{id}' does not fit: expected 1 to 256 characters, not beginning with '@' and without /, \\, #, ? and control characters.");
        }
    }
}
