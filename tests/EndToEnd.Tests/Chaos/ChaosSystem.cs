using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Curriculum.Work;
using Testing;

namespace EndToEnd.Tests.Chaos;

/// <summary>The whole system behind proxies, and what can be done to it. Whatever ends is started again, as a platform does.</summary>
internal sealed class ChaosSystem(LocalSystem system) : IAsyncDisposable
{
    private readonly SemaphoreSlim _reviving = new(1, 1);

    public LocalSystem Local => system;

    public static async Task<ChaosSystem> StartAsync(int workers)
    {
        var system = await LocalSystem.StartAsync(workers, proxied: true, new Dictionary<string, string>
        {
            ["Worker__VisibilitySeconds"] = "4",
            ["Worker__ClaimSeconds"] = "0",
            ["Worker__ControlSeconds"] = "0.5",
            // Many kills in a row are the suite's doing, not an item's.
            ["Worker__MaxDequeueCount"] = "50",
            // A request that is never answered is given up within a run's few seconds.
            ["DataStorage__timeoutSeconds"] = "4",
        });
        await Plans.UploadBaseAsync(system);
        return new(system);
    }

    /// <summary>The steps of which no request was seen yet.</summary>
    public ConcurrentDictionary<ProtocolStep, bool> Watch(IEnumerable<ProtocolStep> steps)
    {
        var unmet = new ConcurrentDictionary<ProtocolStep, bool>(steps.Select(step => KeyValuePair.Create(step, true)));
        foreach (var (name, proxy) in system.Proxies)
        {
            proxy.Sees = (method, path) =>
            {
                foreach (var step in unmet.Keys.Where(step => (step.Process == "host") == (name == "host") && step.Meets(method, path)))
                    unmet.TryRemove(step, out _);
            };
        }

        return unmet;
    }

    public string AnyWorker(Random random)
    {
        string[] workers = [.. system.Workers.Order(StringComparer.Ordinal)];
        return workers[random.Next(workers.Length)];
    }

    public string Any(string process, Random random) => process == "host" ? "host" : AnyWorker(random);

    /// <summary>Does a fault once, to the first process of a kind that makes the request which it is meant for; returns that process.</summary>
    public async Task<string> DoneToFirstAsync(string process, Func<string, ProxyFault> faultOf, CancellationToken token)
    {
        string[] names = process == "host" ? ["host"] : [.. system.Workers];
        var taken = 0;
        try
        {
            var armed = names.Select(async name =>
            {
                var fault = faultOf(name);
                await system.Proxies[name].ArmAsync(fault with { Meant = (method, path) => fault.Meant(method, path) && Interlocked.Exchange(ref taken, 1) == 0 });
                return name;
            });
            return await await Task.WhenAny(armed).WaitAsync(token);
        }
        finally
        {
            foreach (var name in names)
                system.Proxies[name].Disarm();
        }
    }

    public async Task DoneToRequestAsync(string victim, ProxyFault fault, CancellationToken token)
    {
        var proxy = system.Proxies[victim];
        try
        {
            await proxy.ArmAsync(fault).WaitAsync(token);
        }
        finally
        {
            proxy.Disarm();
        }
    }

    public async Task KillAsync(string victim)
    {
        await system.SignalAsync(victim, "KILL");
        await system.EndOfAsync(victim);
    }

    public async Task StopWorkerAsync(string victim, CancellationToken token)
    {
        await system.SignalAsync(victim, "TERM");
        await system.EndOfAsync(victim).WaitAsync(token);
        await ReviveAsync(victim);
    }

    public async Task FreezeAsync(string victim, TimeSpan time, CancellationToken token)
    {
        await system.SignalAsync(victim, "STOP");
        try
        {
            // To the run's end at most, which is long enough.
            await Task.Delay(time, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            await system.SignalAsync(victim, "CONT");
        }
    }

    public async Task DuplicateAsync(string queue, CancellationToken token)
    {
        var client = new QueueClient(system.Azurite.ConnectionString, queue);
        for (var sent = 0; sent == 0; await Task.Delay(5, token))
        {
            foreach (var message in (await client.PeekMessagesAsync(32, token)).Value)
            {
                await client.SendMessageAsync(message.Body, cancellationToken: token);
                sent++;
            }
        }
    }

    /// <summary>Restarts Azurite while everybody asks it, as a storage that keeps its word restarts.</summary>
    public async Task RestartAzuriteAsync(CancellationToken token)
    {
        await system.Azurite.RestartInOrderAsync().WaitAsync(token);
        await ReviveAllAsync();
    }

    /// <summary>Kills Azurite, then starts it again over the same data.</summary>
    /// <remarks>
    /// Azurite acknowledges writes that it saves within five seconds only, which no storage does that is promised to be durable. So everybody is
    /// stopped, in the middle of whatever they do, until those are saved, and goes on with the storage that was killed.
    /// </remarks>
    public async Task KillAzuriteAsync()
    {
        string[] processes = [.. system.Workers, "host"];
        foreach (var name in processes)
            await system.SignalAsync(name, "STOP");
        await Task.Delay(TimeSpan.FromSeconds(7));
        await system.Azurite.RestartAsync();
        foreach (var name in processes)
            await system.SignalAsync(name, "CONT");
        await ReviveAllAsync();
    }

    /// <summary>Starts what has ended: the fault's victim, or a host that found its hub changed under it.</summary>
    public async Task ReviveAllAsync()
    {
        foreach (var name in system.Workers.Append("host").ToArray())
            await ReviveAsync(name);
    }

    public async Task ReviveAsync(string name)
    {
        await _reviving.WaitAsync();
        try
        {
            if (system.IsRunning(name))
                return;
            if (name == "host")
                await StartHostAsync();
            else
                system.StartWorker(name);
        }
        finally
        {
            _reviving.Release();
        }
    }

    /// <summary>A host that finds its storage failing as it starts says so and ends; it is started again.</summary>
    private async Task StartHostAsync()
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await system.StartHostAsync();
                return;
            }
            catch (InvalidOperationException) when (tries < 10)
            {
                await Task.Delay(TimeSpan.FromSeconds(0.5));
            }
        }
    }

    /// <summary>Every checkpoint's manifest, whose parts are there and have the hashes that it names, and the verdict.</summary>
    public async Task<string> EndStateAsync(string run, CancellationToken token)
    {
        var container = new BlobContainerClient(system.Azurite.ConnectionString, "runs");
        var parts = new List<string>();
        var whole = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var blob in container.GetBlobsAsync(new() { Prefix = $"{run}/" }, token))
        {
            var name = blob.Name[(run.Length + 1)..];
            var isState = name.StartsWith("checkpoints/", StringComparison.Ordinal) && StorageNames.IsStateBlob(name);
            if (!isState && name != "verdict.json")
                continue;
            var content = (await container.GetBlobClient(blob.Name).DownloadContentAsync(token)).Value.Content.ToMemory();
            var line = isState ? StateBlob.Split(content).Manifest : content;
            parts.Add($"{name}: {Encoding.UTF8.GetString(line.Span)}");
            if (!isState)
                continue;
            var manifest = JsonSerializer.Deserialize(line.Span, CurriculumJson.Default.StateManifest)!;
            foreach (var part in manifest.Parts.Values)
                await VerifyAsync(container, part.Blob(blob.Name[..^"/state".Length]), part, whole, token);
        }

        return string.Join('\n', parts.Order(StringComparer.Ordinal));
    }

    public async ValueTask DisposeAsync() => await system.DisposeAsync();

    /// <summary>Downloads a part, once of those that manifests share, and compares.</summary>
    private static async Task VerifyAsync(BlobContainerClient container, string name, StatePart part, HashSet<string> whole, CancellationToken token)
    {
        if (!whole.Add($"{name} {part.Sha256}"))
            return;
        var blob = container.GetBlobClient(name);
        Assert.True(await blob.ExistsAsync(token), $"A checkpoint's manifest names the part {name}, and there is none.");
        var stored = (await blob.DownloadContentAsync(token)).Value.Content.ToMemory();
        var bytes = part.Start is null ? stored : StateBlob.Slice(StateBlob.Split(stored).Parts, part);
        Assert.True(
            bytes.Length == part.Bytes && Convert.ToHexStringLower(SHA256.HashData(bytes.Span)) == part.Sha256,
            $"Expected the part {name} to be {part.Bytes} bytes of SHA-256 {part.Sha256}; it is {bytes.Length} of {Convert.ToHexStringLower(SHA256.HashData(bytes.Span))}.");
    }
}
