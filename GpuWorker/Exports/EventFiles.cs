using System.Text.Json;
using Curriculum.Api;
using Curriculum.Texts;
using GpuWorker.Worker;
using TorchSharp;

namespace GpuWorker.Exports;

/// <summary>The command <c>events</c>: writes a run's figures, as the API answers them, as event files that TensorBoard reads.</summary>
/// <remarks>One folder for each attempt at a stage, which TensorBoard shows as a run; iterations are the steps, figures the tags. Values are single-precision, as the format has them.</remarks>
internal static class EventFiles
{
    public const string Command = "events";

    private const string Usage = "GpuWorker events --to FOLDER < METRICS: writes the answer of GET /api/runs/{id}/metrics as TensorBoard's event files";

    /// <summary>Runs it; an error is one line on standard error and exit code 2.</summary>
    public static async Task<int> RunAsync(string[] args, Stream input, CancellationToken cancellationToken)
    {
        try
        {
            if (args is not [Command, "--to", { Length: > 0 } folder])
                throw new InvalidDataException(Usage);
            var metrics = await JsonSerializer.DeserializeAsync(input, ApiJson.Default.RunMetrics, cancellationToken) ?? throw new JsonException("it is null");
            foreach (var path in Write(metrics, folder))
                Console.WriteLine(path);
            return 0;
        }
        catch (JsonException fault)
        {
            await Console.Error.WriteLineAsync($"Expected a run's figures: {JsonFault.Words(fault)}");
            return WorkerExit.BadSettings;
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(fault.Message);
            return WorkerExit.BadSettings;
        }
    }

    /// <summary>Writes the files into folders below one, and returns these.</summary>
    public static IReadOnlyList<string> Write(RunMetrics metrics, string folder)
    {
        var written = new List<string>();
        foreach (var attempt in metrics.Attempts.Where(attempt => attempt.Lines.Count > 0))
        {
            var path = Path.Combine(folder, FormattableString.Invariant($"{attempt.Arm}-seed{attempt.Seed}-stage{attempt.Stage}-attempt{attempt.Attempt}"));
            if (Directory.Exists(path))
                throw new IOException($"Expected no folder {path}: two sets of event files in it would be shown as one. Remove it, or choose another --to.");
            var writer = torch.utils.tensorboard.SummaryWriter(path);
            foreach (var line in attempt.Lines)
            {
                foreach (var (at, value) in line.At.Zip(line.Values))
                    writer.add_scalar(line.Figure, (float)value, at);
            }

            written.Add(path);
        }

        return written;
    }
}
