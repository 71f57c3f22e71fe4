using GpuWorker.Execution;
using GpuWorker.Tokenizers;
using static TorchSharp.torch;

namespace GpuWorker.Policies;

/// <summary>A state's policy, ready to compute, and the tokenizer that goes with it.</summary>
internal sealed class LoadedPolicy(PolicyWeights weights, ITokenizer? tokenizer = null) : IDisposable
{
    private readonly ITokenizer? _tokenizer = tokenizer ?? (weights.Config.Characters is { } characters ? new CharacterTokenizer(characters) : null);

    public PolicyWeights Weights => weights;

    public ITokenizer Tokenizer => _tokenizer ?? throw new WorkFailedException(
        WorkFailedException.BadItem,
        "Expected a policy whose config.json lists its 'characters', or a state with a part 'tokenizer', found neither: upload the model's tokenizer.json.");

    /// <summary>What every prompt begins with.</summary>
    public string Prefix => weights.Config.PromptPrefix ?? "";

    /// <exception cref="WorkFailedException">The state is corrupt.</exception>
    public static LoadedPolicy Load(LoadedInputs inputs, Device device)
    {
        try
        {
            var tokenizer = inputs.StateParts.TryGetValue(StatePartNames.Tokenizer, out var json) ? ByteLevelTokenizer.Read(json) : null;
            return new(
                PolicyWeights.Load(PolicyConfig.Read(inputs.Part(StatePartNames.Config).Span), inputs.Part(StatePartNames.Policy), device), tokenizer);
        }
        catch (InvalidDataException error)
        {
            throw new WorkFailedException(WorkFailedException.CorruptState, $"The item's state cannot be read: {error.Message}", error);
        }
    }

    public void Dispose() => weights.Dispose();
}
