using GpuWorker.Execution;
using static TorchSharp.torch;

namespace GpuWorker.Policies;

/// <summary>A state's policy, ready to compute, and the tokenizer that goes with it.</summary>
internal sealed class LoadedPolicy(PolicyWeights weights) : IDisposable
{
    private readonly CharacterTokenizer? _tokenizer = weights.Config.Characters is { } characters ? new(characters) : null;

    public PolicyWeights Weights => weights;

    public CharacterTokenizer Tokenizer => _tokenizer ?? throw new WorkFailedException(
        WorkFailedException.BadItem,
        "Expected a policy whose config.json lists its 'characters', found one without: text can be given to policies with a character tokenizer only.");

    /// <exception cref="WorkFailedException">The state is corrupt.</exception>
    public static LoadedPolicy Load(LoadedInputs inputs, Device device)
    {
        try
        {
            return new(PolicyWeights.Load(
                PolicyConfig.Read(inputs.Part(StatePartNames.Config).Span), inputs.Part(StatePartNames.Policy), device));
        }
        catch (InvalidDataException error)
        {
            throw new WorkFailedException(WorkFailedException.CorruptState, $"The item's state cannot be read: {error.Message}", error);
        }
    }

    public void Dispose() => weights.Dispose();
}
