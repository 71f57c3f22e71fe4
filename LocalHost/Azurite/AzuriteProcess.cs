using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace LocalHost.Azurite;

/// <summary>Azurite as a child process on free ports, over a folder of its own; it ends when this process does.</summary>
internal sealed partial class AzuriteProcess : IAsyncDisposable
{
    /// <summary>Azurite's published development account; not a secret.</summary>
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private AzuriteProcess(Process process, int blobPort, int queuePort, int tablePort)
    {
        _process = process;
        BlobPort = blobPort;
        QueuePort = queuePort;
        TablePort = tablePort;
    }

    public int BlobPort { get; }

    public int QueuePort { get; }

    public int TablePort { get; }

    public int ProcessId => _process.Id;

    public bool HasEnded => _process.HasExited;

    public string ConnectionString => string.Create(
        CultureInfo.InvariantCulture,
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint=http://127.0.0.1:{BlobPort}/{Account};QueueEndpoint=http://127.0.0.1:{QueuePort}/{Account};TableEndpoint=http://127.0.0.1:{TablePort}/{Account};");

    /// <summary>Starts Azurite over <paramref name="dataFolder"/>, on the given ports or on free ones.</summary>
    /// <exception cref="InvalidOperationException">It ended or said nothing within a minute; the message holds what it wrote.</exception>
    public static async Task<AzuriteProcess> StartAsync(
        string dataFolder, int blobPort = 0, int queuePort = 0, int tablePort = 0, string? checkout = null, CancellationToken cancellationToken = default)
    {
        var folder = await AzuriteInstall.EnsureAsync(checkout, cancellationToken);
        Directory.CreateDirectory(dataFolder);
        var start = new ProcessStartInfo("node")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = dataFolder,
        };
        string[] arguments =
        [
            Path.Combine(folder, "azurite.cjs"), "--silent", "--skipApiVersionCheck", "--disableTelemetry", "--location", dataFolder,
            "--blobPort", blobPort.ToString(CultureInfo.InvariantCulture),
            "--queuePort", queuePort.ToString(CultureInfo.InvariantCulture), "--tablePort", tablePort.ToString(CultureInfo.InvariantCulture),
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);

        var process = Start(start);
        var said = new List<string>();
        var ports = new Dictionary<string, int>(StringComparer.Ordinal);
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Read(string? line)
        {
            if (line is null)
                return;
            lock (ports)
            {
                said.Add(line);
                if (Listening().Match(line) is { Success: true } match)
                    ports[match.Groups["service"].Value] = int.Parse(match.Groups["port"].Value, CultureInfo.InvariantCulture);
                if (ports.Count == 3)
                    listening.TrySetResult();
            }
        }

        string Said()
        {
            lock (ports)
                return string.Join(" | ", said);
        }

        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        await Task.WhenAny(listening.Task, process.WaitForExitAsync(limit.Token));
        if (!listening.Task.IsCompleted)
        {
            var ended = process.HasExited;
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            var what = ended ? FormattableString.Invariant($"it ended with exit code {process.ExitCode}") : FormattableString.Invariant($"it did not within {StartLimit.TotalSeconds:0} s");
            process.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw new InvalidOperationException($"Expected Azurite to listen; {what}, and said: {Said()}");
        }

        return new(process, ports["Blob"], ports["Queue"], ports["Table"]);
    }

    /// <summary>Ends it at once, as a crash would.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <summary>Closes its input, on which it writes its state and ends; kills it after ten seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        _process.Dispose();
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new InvalidOperationException("Azurite did not start: no process.");
        }
        catch (Win32Exception)
        {
            throw new InvalidOperationException(AzuriteInstall.NodeIsMissing);
        }
    }

    [GeneratedRegex(@"Azurite (?<service>Blob|Queue|Table) service is successfully listening at http://127\.0\.0\.1:(?<port>\d+)")]
    private static partial Regex Listening();
}
