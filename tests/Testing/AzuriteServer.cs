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

    public int TablePort => _process.TablePort;

    public static async Task<AzuriteServer> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("azurite-").FullName;
        return new(folder, await StartPatientlyAsync(folder));
    }

    /// <summary>Kills it, which loses what it wrote in the last seconds, and starts it again on the same ports over the same data.</summary>
    public async Task RestartAsync()
    {
        var (blob, queue, table) = (_process.BlobPort, _process.QueuePort, _process.TablePort);
        await _process.KillAsync();
        _process = await StartPatientlyAsync(_folder, blob, queue, table);
    }

    /// <summary>Lets it write its state and end, then starts it again: what a storage that keeps its word does.</summary>
    public async Task RestartInOrderAsync()
    {
        var (blob, queue, table) = (_process.BlobPort, _process.QueuePort, _process.TablePort);
        await _process.DisposeAsync();
        _process = await StartPatientlyAsync(_folder, blob, queue, table);
    }

    /// <summary>A machine that is busy with other things may not let it start within its limit.</summary>
    private static async Task<AzuriteProcess> StartPatientlyAsync(string folder, int blob = 0, int queue = 0, int table = 0)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await AzuriteProcess.StartAsync(folder, blob, queue, table);
            }
            catch (InvalidOperationException) when (tries < 5)
            {
                await Task.Delay(TimeSpan.FromSeconds(1));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
