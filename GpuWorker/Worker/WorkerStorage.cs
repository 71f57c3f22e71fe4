using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Curriculum.Work;

namespace GpuWorker.Worker;

/// <summary>The queues and containers that a worker uses.</summary>
internal sealed class WorkerStorage
{
    private readonly BlobServiceClient _blobs;
    private readonly bool _creates;

    private WorkerStorage(BlobServiceClient blobs, QueueServiceClient queues, bool creates)
    {
        _blobs = blobs;
        _creates = creates;
        Work = queues.GetQueueClient(StorageNames.WorkQueue);
        Poison = queues.GetQueueClient(StorageNames.WorkPoisonQueue);
        Results = queues.GetQueueClient(StorageNames.ResultsQueue);
    }

    public QueueClient Work { get; }

    public QueueClient Poison { get; }

    public QueueClient Results { get; }

    public string Account => _blobs.AccountName;

    /// <summary>Makes the clients; connects to nothing yet.</summary>
    /// <param name="options">Where.</param>
    /// <param name="adjust">Changes the clients' options, e.g. adds a pipeline policy.</param>
    /// <exception cref="FormatException">The connection string is not one.</exception>
    public static WorkerStorage Open(StorageOptions options, Action<ClientOptions>? adjust = null)
    {
        var blobs = Adjusted(new BlobClientOptions(), options, adjust);
        // Messages are decoded here: one that is not base64 must be dead-lettered, not thrown by the client.
        var queues = Adjusted(new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None }, options, adjust);
        if (!string.IsNullOrEmpty(options.ConnectionString))
            return new(new(options.ConnectionString, blobs), new(options.ConnectionString, queues), creates: true);

        var identity = new ManagedIdentityCredential(options.ClientId is null
            ? ManagedIdentityId.SystemAssigned
            : ManagedIdentityId.FromUserAssignedClientId(options.ClientId));
        return new(new(options.BlobServiceUri, identity, blobs), new(options.QueueServiceUri, identity, queues), creates: false);
    }

    public BlobClient Blob(string container, string name) => _blobs.GetBlobContainerClient(container).GetBlobClient(name);

    /// <summary>The blobs under a prefix, without it.</summary>
    public async Task<IReadOnlyCollection<string>> NamesAsync(string container, string prefix, CancellationToken cancellationToken)
    {
        List<string> names = [];
        await foreach (var blob in _blobs.GetBlobContainerClient(container).GetBlobsAsync(new() { Prefix = prefix }, cancellationToken))
            names.Add(blob.Name[prefix.Length..]);
        return names;
    }

    /// <summary>Creates what is missing, but only with a connection string; with a managed identity the deployment creates it.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        if (!_creates)
            return;
        foreach (var container in (string[])[StorageNames.ModelsContainer, StorageNames.RunsContainer, StorageNames.WorkContainer])
            await _blobs.GetBlobContainerClient(container).CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        foreach (var queue in (QueueClient[])[Work, Poison, Results])
            await queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
    }

    private static T Adjusted<T>(T client, StorageOptions options, Action<ClientOptions>? adjust)
        where T : ClientOptions
    {
        client.Retry.Mode = RetryMode.Exponential;
        client.Retry.MaxRetries = 6;
        client.Retry.Delay = TimeSpan.FromMilliseconds(200);
        client.Retry.MaxDelay = TimeSpan.FromSeconds(5);
        client.Retry.NetworkTimeout = TimeSpan.FromSeconds(options.TimeoutSeconds);
        adjust?.Invoke(client);
        return client;
    }
}
