using LocalHost.Azurite;

namespace Testing;

/// <summary>An Azurite of the test's own, on free ports and in a temporary folder that goes with it.</summary>
public sealed class AzuriteServer : IAsyncDisposable
{
    private readonly string _folder;
    private AzuriteProcess _process;

    private AzuriteServer(string folder, AzuriteProcess process) => (_folder, _process) = (folder, process);

    public string ConnectionString => _process.ConnectionString;

    public int BlobPort => _process.BlobPort;

    public int QueuePort => _process.QueuePort;

    public static async Task<AzuriteServer> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("azurite-").FullName;
        return new(folder, await AzuriteProcess.StartAsync(folder));
    }

    /// <summary>Kills it, which loses what it wrote in the last seconds, and starts it again on the same ports over the same data.</summary>
    public async Task RestartAsync()
    {
        var (blob, queue) = (_process.BlobPort, _process.QueuePort);
        await _process.KillAsync();
        _process = await AzuriteProcess.StartAsync(_folder, blob, queue);
    }

    /// <summary>Lets it write its state and end, then starts it again: what a storage that keeps its word does.</summary>
    public async Task RestartInOrderAsync()
    {
        var (blob, queue) = (_process.BlobPort, _process.QueuePort);
        await _process.DisposeAsync();
        _process = await AzuriteProcess.StartAsync(_folder, blob, queue);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
