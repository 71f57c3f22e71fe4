using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Curriculum.Work;

namespace Orchestrations.Storage;

/// <summary>The data account: a connection string locally, service addresses and a managed identity in Azure.</summary>
public sealed class DataStorage
{
    /// <summary>Name of the connection, in triggers too.</summary>
    public const string Connection = StorageNames.DataConnection;

    public DataStorage(IConfiguration configuration)
    {
        var connectionString = configuration[Connection];
        var blobs = configuration[$"{Connection}:blobServiceUri"];
        var queues = configuration[$"{Connection}:queueServiceUri"];
        if (!string.IsNullOrWhiteSpace(connectionString))
        {
            Blobs = new(connectionString, Patient(new BlobClientOptions()));
            Queues = new(connectionString, Patient(new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 }));
            MayCreate = true;
        }
        else if (!string.IsNullOrWhiteSpace(blobs) && !string.IsNullOrWhiteSpace(queues))
        {
            TokenCredential credential = configuration[$"{Connection}:clientId"] is { Length: > 0 } clientId
                ? new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId))
                : new DefaultAzureCredential();
            Blobs = new(new Uri(blobs), credential, Patient(new BlobClientOptions()));
            Queues = new(new Uri(queues), credential, Patient(new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 }));
        }
        else
        {
            throw new InvalidOperationException(
                $"Expected the data account in the setting {Connection} (a connection string), or in {Connection}__blobServiceUri and {Connection}__queueServiceUri; found neither.");
        }
    }

    public BlobServiceClient Blobs { get; }

    public QueueServiceClient Queues { get; }

    /// <summary>Whether containers and queues are made here; in Azure the deployment makes them.</summary>
    private bool MayCreate { get; }

    /// <summary>Retries as the worker's clients do; a request without an answer is given up long before the default of 100 s.</summary>
    private static T Patient<T>(T options)
        where T : ClientOptions
    {
        options.Retry.Mode = RetryMode.Exponential;
        options.Retry.MaxRetries = 6;
        options.Retry.Delay = TimeSpan.FromMilliseconds(200);
        options.Retry.MaxDelay = TimeSpan.FromSeconds(5);
        options.Retry.NetworkTimeout = TimeSpan.FromSeconds(30);
        return options;
    }

    /// <summary>Makes what is missing, where a connection string allows it.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        if (!MayCreate)
            return;
        foreach (var container in StorageNames.Containers)
            await Blobs.GetBlobContainerClient(container).CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        foreach (var queue in StorageNames.Queues)
            await Queues.GetQueueClient(queue).CreateIfNotExistsAsync(cancellationToken: cancellationToken);
    }
}
