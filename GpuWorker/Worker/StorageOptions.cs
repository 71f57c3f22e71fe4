using Curriculum.Work;
using Microsoft.Extensions.Configuration;

namespace GpuWorker.Worker;

/// <summary>Where queues and blobs are: <c>DataStorage</c>, a connection string, or a section of two service URIs for a managed identity.</summary>
internal sealed record StorageOptions
{
    public const string Section = StorageNames.DataConnection;

    public string? ConnectionString { get; init; }

    public Uri? BlobServiceUri { get; init; }

    public Uri? QueueServiceUri { get; init; }

    /// <summary>Client id of a user-assigned identity; null for the system-assigned one.</summary>
    public string? ClientId { get; init; }

    /// <summary>How long to wait for an answer before a request is retried. Default 60: a part of a large state takes a while.</summary>
    public int TimeoutSeconds { get; init; } = 60;

    /// <summary>Reads the setting in either form.</summary>
    /// <param name="configuration">All settings.</param>
    /// <param name="faults">Receives one sentence per thing that is wrong.</param>
    public static StorageOptions Read(IConfiguration configuration, List<string> faults)
    {
        var section = configuration.GetSection(Section);
        var options = Settings.Bind<StorageOptions>(section, faults, nameof(ConnectionString)) with { ConnectionString = section.Value };
        var uris = options.BlobServiceUri is not null || options.QueueServiceUri is not null || options.ClientId is not null;
        if (!string.IsNullOrEmpty(options.ConnectionString))
        {
            if (uris)
                faults.Add("DataStorage is set both as a connection string and as service URIs; keep only one.");
        }
        else if (options.BlobServiceUri is null || options.QueueServiceUri is null)
        {
            faults.Add("DataStorage is missing: set a connection string (DataStorage), or DataStorage__blobServiceUri and DataStorage__queueServiceUri for a managed identity.");
        }
        else if (!options.BlobServiceUri.IsAbsoluteUri || !options.QueueServiceUri.IsAbsoluteUri)
        {
            faults.Add($"DataStorage's service URIs must be absolute, found '{options.BlobServiceUri}' and '{options.QueueServiceUri}'.");
        }

        if (options.TimeoutSeconds is < 1 or > 600)
            faults.Add($"DataStorage:TimeoutSeconds must be from 1 to 600, found {options.TimeoutSeconds}.");
        return options;
    }
}
