using System.Text.Json;
using System.Text.Json.Serialization;
using Curriculum.Texts;
using GpuWorker.Items;

namespace GpuWorker.Training;

/// <summary>Training done since the base: the <c>counters</c> part of a state.</summary>
internal sealed record TrainingCounters(long Updates, long OptimizerSteps, long TrainedTokens)
{
    public static TrainingCounters Zero { get; } = new(0, 0, 0);

    /// <summary>Those of a state; zero for an imported base, which has none.</summary>
    /// <exception cref="WorkFailedException">They cannot be read.</exception>
    public static TrainingCounters Of(LoadedInputs inputs)
    {
        if (!inputs.StateParts.TryGetValue(StatePartNames.Counters, out var json))
            return Zero;
        try
        {
            return JsonSerializer.Deserialize(json.ToArray(), TrainingJson.Default.TrainingCounters)
                ?? throw new JsonException("found null.");
        }
        catch (JsonException error)
        {
            throw new WorkFailedException(WorkFailedException.CorruptState, $"Expected the counters of the item's state, found something else: {JsonFault.Words(error)}", error);
        }
    }

    public TrainingCounters Add(int updates, UpdateMetrics metrics) =>
        new(Updates + updates, OptimizerSteps + metrics.OptimizerSteps, TrainedTokens + metrics.TrainedTokens);

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, TrainingJson.Default.TrainingCounters);
}

/// <summary>JSON of the counters.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(TrainingCounters))]
internal sealed partial class TrainingJson : JsonSerializerContext;
