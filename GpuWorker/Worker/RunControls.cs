using System.Collections.Concurrent;
using System.Text.Json;
using Azure;
using Curriculum.Texts;
using Curriculum.Work;

namespace GpuWorker.Worker;

/// <summary>Reads the desired state of a run.</summary>
internal sealed class RunControls(WorkerStorage storage, WorkerOptions options, TimeProvider time)
{
    private const int Remembered = 64;
    private readonly ConcurrentDictionary<string, (long At, RunControl Control)> _known = new(StringComparer.Ordinal);

    /// <summary>The run's control, as it was no longer ago than <see cref="WorkerOptions.ControlSeconds"/>; <see cref="DesiredState.Run"/> if none is stored.</summary>
    /// <exception cref="InvalidDataException">The control blob cannot be read.</exception>
    public async Task<RunControl> ReadAsync(string run, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(run, out var known) && time.GetElapsedTime(known.At).TotalSeconds < options.ControlSeconds)
            return known.Control;
        var asked = time.GetTimestamp();
        var control = await ReadStoredAsync(run, cancellationToken);
        if (_known.Count >= Remembered)
            _known.Clear();
        _known[run] = (asked, control);
        return control;
    }

    private async Task<RunControl> ReadStoredAsync(string run, CancellationToken cancellationToken)
    {
        var name = StorageNames.Control(run);
        try
        {
            var stored = await storage.Blob(StorageNames.RunsContainer, name).DownloadContentAsync(cancellationToken);
            return JsonSerializer.Deserialize(stored.Value.Content.ToMemory().Span, CurriculumJson.Default.RunControl)
                ?? throw new JsonException("it is null");
        }
        catch (RequestFailedException fault) when (fault.Status == 404)
        {
            return new() { Version = 0, DesiredState = DesiredState.Run };
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"Expected a run's control in {StorageNames.RunsContainer}/{name}: {JsonFault.Words(fault)}", fault);
        }
    }
}
