using System.Diagnostics;
using System.Globalization;
using Curriculum.Plans;
using Curriculum.Work;
using GpuWorker.Worker;
using Microsoft.Extensions.Logging.Abstractions;

namespace ModelScale;

/// <summary>A worker's import of a model of the container <c>models</c>, in this process: the time that it takes and the memory at its peak.</summary>
internal static class WorkerImport
{
    public static async Task<int> RunAsync(string model, string run)
    {
        var connection = Environment.GetEnvironmentVariable("DataStorage") ?? throw new InvalidOperationException("Set DataStorage to a connection string.");
        var storage = WorkerStorage.Open(new() { ConnectionString = connection });
        await storage.EnsureAsync(CancellationToken.None);
        PartCache cache = new(64 << 20);
        ModelImport import = new(storage, new(storage, cache, NullLogger<StateWriter>.Instance), cache, new(new(), new(), new()));
        var started = Stopwatch.GetTimestamp();
        var output = await import.RunAsync(
            new()
            {
                Id = WorkItemId.Of(WorkOwner.OfRun(RunId.Parse(run), WorkScope.Base), WorkKind.Import),
                Model = model,
                Precision = Precision.BFloat16,
                OutputFolder = $"{run}/base",
            },
            () => Task.CompletedTask,
            CancellationToken.None);
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{output.State.Folder}: {cache.FileBytes >> 20} MB in files, {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s, peak memory {process.PeakWorkingSet64 >> 20} MB"));
        return 0;
    }
}
