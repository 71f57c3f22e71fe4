using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure;
using Azure.Storage.Blobs.Models;
using Curriculum.Plans;
using Curriculum.Texts;
using Curriculum.Work;
using GpuWorker.Checkpoints;
using GpuWorker.Items;
using GpuWorker.Memory;
using GpuWorker.Models;
using GpuWorker.Policies;
using GpuWorker.Worker;
using Microsoft.Extensions.Configuration;

namespace GpuWorker;

/// <summary>The worker's commands on models: <c>import</c>, <c>export</c> and <c>estimate</c>.</summary>
internal static class ModelCommand
{
    private const string Usage = """
        GpuWorker import --from FOLDER --to NAME                 checks a model folder and uploads it as models/NAME
        GpuWorker export --state CONTAINER/FOLDER --to FOLDER [--merge true] [--dtype F32|BF16|F16] [--base MODEL]
                                                                 writes a state of a run (or runs/RUN/base) as a model folder, or its adapter as PEFT's;
                                                                 MODEL is the adapter's base_model_name_or_path (default: the model that the plan names)
        GpuWorker estimate --from FOLDER [--rank N] [--precision float32|bfloat16] [--tokens N] [--recompute true]
                                                                 estimates the memory of an update, without loading the model
        The storage account is that of DataStorage, as for the worker.
        """;

    /// <summary>Whether the first argument is one of the commands.</summary>
    public static bool IsCommand(string[] args) => args is ["import" or "export" or "estimate", ..];

    /// <summary>Runs it; an error is one line on standard error and exit code 2.</summary>
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        try
        {
            var options = new ConfigurationBuilder().AddCommandLine(args[1..]).Build();
            switch (args[0])
            {
                case "import":
                    await ImportAsync(Required(options, "from"), Required(options, "to"), cancellationToken);
                    break;
                case "export":
                    await ExportAsync(options, cancellationToken);
                    break;
                default:
                    Estimate(options);
                    break;
            }

            return 0;
        }
        catch (Exception fault) when (fault is InvalidDataException or WorkFailedException or IOException or RequestFailedException or AggregateException or FormatException)
        {
            await Console.Error.WriteLineAsync(fault.Message);
            return WorkerExit.BadSettings;
        }
    }

    private static async Task ImportAsync(string folder, string name, CancellationToken cancellationToken)
    {
        var names = Directory.Exists(folder) ? Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)).ToHashSet() : [];
        var index = names.Contains(ModelFiles.Index) && !names.Contains(ModelFiles.SingleFile)
            ? await File.ReadAllBytesAsync(Path.Combine(folder, ModelFiles.Index), cancellationToken)
            : null;
        var files = ModelFiles.Of(names, index);
        var config = await ModelCheck.RunAsync(
            await File.ReadAllBytesAsync(Path.Combine(folder, ModelFiles.Config), cancellationToken),
            [.. files.Weights.Select(file => (file, StoredBytes.OpenFile(Path.Combine(folder, file))))],
            index,
            new(part => files.Companions.TryGetValue(part, out var file) ? File.ReadAllBytes(Path.Combine(folder, file)) : null),
            () => Task.CompletedTask);

        var storage = Storage();
        await storage.EnsureAsync(cancellationToken);
        // The config goes last: a folder without one is not a model yet.
        string[] order = [.. files.Weights, .. index is null ? [] : (string[])[ModelFiles.Index], .. files.Companions.Values.OrderBy(file => file == ModelFiles.Config)];
        foreach (var file in order)
        {
            await using var stream = File.OpenRead(Path.Combine(folder, file));
            await storage.Blob(StorageNames.ModelsContainer, $"{name}/{file}").UploadAsync(
                stream,
                new BlobUploadOptions { TransferOptions = new() { InitialTransferSize = 16 << 20, MaximumTransferSize = 16 << 20, MaximumConcurrency = 2 } },
                cancellationToken);
            Console.WriteLine($"models/{name}/{file}");
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"Imported {name}: {new PolicyLayout(config).Length:N0} parameters in {files.Weights.Count} file(s); peak memory {PeakMegabytes()} MB."));
    }

    private static async Task ExportAsync(IConfiguration options, CancellationToken cancellationToken)
    {
        var state = Required(options, "state");
        if (state.Split('/', 2) is not [var container, var path])
            throw new FormatException($"Expected --state CONTAINER/FOLDER, e.g. runs/my-run/checkpoints/sft/1/0/0/40; found '{state}'.");
        StoredType? type = options["dtype"] is not { } name ? null
            : Enum.TryParse<StoredType>(name, out var parsed) && parsed is StoredType.F32 or StoredType.BF16 or StoredType.F16 ? parsed
            : throw new FormatException($"Expected --dtype F32, BF16 or F16, found '{name}'.");

        var storage = Storage();
        var blob = await VerifiedBlob.DownloadAsync(storage, container, StorageNames.StateBlob(path), WorkFailedException.CorruptState, cancellationToken);
        var hash = Sha256Hex.Of(StateBlob.Split(blob).Manifest.Span);
        var loaded = await new StateLoader(storage, new(1 << 20)).LoadAsync(new(container, path, hash), [], () => Task.CompletedTask, cancellationToken);
        ExportOptions choice = new(
            string.Equals(options["merge"], "true", StringComparison.OrdinalIgnoreCase),
            type,
            loaded.Manifest.Parts.ContainsKey(StatePartNames.Counters),
            options["base"] ?? await BaseModelAsync(storage, container, path, cancellationToken));
        foreach (var file in ModelExport.Write(loaded.Parts, Required(options, "to"), choice))
            Console.WriteLine(Path.Combine(Required(options, "to"), file));
    }

    // The name is the plan's, which lies in the run's folder; a state from elsewhere has none.
    private static async Task<string?> BaseModelAsync(WorkerStorage storage, string container, string path, CancellationToken cancellationToken)
    {
        try
        {
            var plan = await storage.Blob(container, StorageNames.Plan(path.Split('/')[0])).DownloadContentAsync(cancellationToken);
            return (string?)JsonNode.Parse(plan.Value.Content)?["plan"]?["base"]?["model"];
        }
        catch (Exception fault) when (fault is RequestFailedException { Status: 404 } or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static void Estimate(IConfiguration options)
    {
        var config = PolicyConfig.Read(File.ReadAllBytes(Path.Combine(Required(options, "from"), ModelFiles.Config)));
        var precision = options["precision"] switch
        {
            null or "float32" => Precision.Float32,
            "bfloat16" => Precision.BFloat16,
            var other => throw new FormatException($"Expected --precision float32 or bfloat16, found '{other}'."),
        };
        int? Number(string name) => options[name] is not { } text ? null
            : int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
            : throw new FormatException($"Expected --{name} and a number above 0, found '{text}'.");
        var memory = new MemoryPlan
        {
            MicroBatchTokens = Number("tokens") ?? new MemoryPlan().MicroBatchTokens,
            RecomputeActivations = string.Equals(options["recompute"], "true", StringComparison.OrdinalIgnoreCase),
        };
        var adapter = Number("rank") is { } rank ? new AdapterPlan { Rank = rank } : null;
        Console.WriteLine(MemoryEstimate.OfUpdate(config, precision, adapter, memory));
    }

    private static string Required(IConfiguration options, string name) =>
        options[name] is { Length: > 0 } value ? value : throw new FormatException($"Expected --{name}.\n{Usage}");

    private static WorkerStorage Storage()
    {
        var settings = Settings.Read(new ConfigurationBuilder().AddEnvironmentVariables().Build(), out var faults);
        return faults.Count == 0 ? WorkerStorage.Open(settings.Storage) : throw new FormatException(string.Join('\n', faults));
    }

    private static long PeakMegabytes()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.PeakWorkingSet64 >> 20;
    }
}
