using System.Globalization;
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

    private volatile bool _isMade;

    public DataStorage(IConfiguration configuration)
    {
        var connectionString = configuration[Connection];
        var blobs = configuration[$"{Connection}:blobServiceUri"];
        var queues = configuration[$"{Connection}:queueServiceUri"];
        var timeout = Timeout(configuration[$"{Connection}:timeoutSeconds"]);
        var blobOptions = Patient(new BlobClientOptions(), timeout);
        var queueOptions = Patient(new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 }, timeout);
        if (!string.IsNullOrWhiteSpace(connectionString))
        {
            Blobs = new(connectionString, blobOptions);
            Queues = new(connectionString, queueOptions);
            MayCreate = true;
        }
        else if (!string.IsNullOrWhiteSpace(blobs) && !string.IsNullOrWhiteSpace(queues))
        {
            TokenCredential credential = configuration[$"{Connection}:clientId"] is { Length: > 0 } clientId
                ? new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId))
                : new DefaultAzureCredential();
            Blobs = new(new Uri(blobs), credential, blobOptions);
            Queues = new(new Uri(queues), credential, queueOptions);
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
    private static T Patient<T>(T options, TimeSpan timeout)
        where T : ClientOptions
    {
        options.Retry.Mode = RetryMode.Exponential;
        options.Retry.MaxRetries = 6;
        options.Retry.Delay = TimeSpan.FromMilliseconds(200);
        options.Retry.MaxDelay = TimeSpan.FromSeconds(5);
        options.Retry.NetworkTimeout = timeout;
        return options;
    }

    private static TimeSpan Timeout(string? seconds) => seconds switch
    {
        null or "" => TimeSpan.FromSeconds(30),
        _ when int.TryParse(seconds, CultureInfo.InvariantCulture, out var given) && given is >= 1 and <= 600 => TimeSpan.FromSeconds(given),
        _ => throw new InvalidOperationException(
            $"Expected {Connection}__timeoutSeconds, how long a request may stay without an answer, to be from 1 to 600 and found '{seconds}'; left out, it is 30."),
    };

    /// <summary>Makes what is missing, where a connection string allows it; once it is all there, no longer.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        if (!MayCreate || _isMade)
            return;
        foreach (var container in StorageNames.Containers)
            await Blobs.GetBlobContainerClient(container).CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        foreach (var queue in StorageNames.Queues)
            await Queues.GetQueueClient(queue).CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        _isMade = true;
    }
}
